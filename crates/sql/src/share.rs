//! Work on a long script, shared among threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, available_parallelism};

/// A shorter script is done before the threads have begun.
pub const LONG: usize = 128 << 10;
const MOST_THREADS: usize = 4;

/// What `work` makes of each item, in order. Whoever is free takes the next one; a panic goes on in the caller.
pub fn share<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = available_parallelism().map_or(1, |n| n.get().min(MOST_THREADS));
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(number) else { return done };
            done.push((number, work(item)));
        }
    };
    let mut done = thread::scope(|scope| {
        // Where no thread can be had, the others do it all.
        let start = |_| Builder::new().spawn_scoped(scope, take).ok();
        let others: Vec<_> = (1..threads.min(items.len())).filter_map(start).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_stays() {
        let items: Vec<usize> = (0..1_000).collect();
        assert_eq!(share(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert!(share(&[] as &[usize], |n| *n).is_empty());
    }
}
