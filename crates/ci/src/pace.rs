//! How often the server is asked whether something has ended: soon at first, since most ends soon, and then ever less often.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);

pub struct Pace {
    next: Duration,
    most: Duration,
}

impl Pace {
    /// `most`: the longest time between two calls.
    pub fn new(most: Duration) -> Self {
        Self { next: FIRST.min(most), most }
    }

    pub async fn wait(&mut self) {
        tokio::time::sleep(self.step()).await;
    }

    fn step(&mut self) -> Duration {
        let now = self.next;
        // An end is seen late by a fifth of what it took, at most.
        self.next = (now * 5 / 4).min(self.most);
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_slows_down_to_what_was_asked_for() {
        let of = |most| {
            let mut pace = Pace::new(Duration::from_millis(most));
            [0; 5].map(|_| pace.step().as_millis())
        };
        assert_eq!(of(90), [50, 62, 78, 90, 90]);
        assert_eq!(of(10), [10; 5]);
    }
}
