//! Path patterns: `*` stands for anything within one segment, `**` for any number of segments.

/// Whether the whole path is of the pattern.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    segments(&pattern, &path)
}

fn segments(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|skipped| segments(rest, &path[skipped..])),
        ([first, rest @ ..], [name, names @ ..]) => {
            segment(first.as_bytes(), name.as_bytes()) && segments(rest, names)
        }
        _ => false,
    }
}

fn segment(pattern: &[u8], name: &[u8]) -> bool {
    match pattern {
        [] => name.is_empty(),
        [b'*', rest @ ..] => (0..=name.len()).any(|skipped| segment(rest, &name[skipped..])),
        [byte, rest @ ..] => name.first() == Some(byte) && segment(rest, &name[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stay_within_their_segment() {
        assert!(matches("crates/driver-*/src/sync.rs", "crates/driver-mysql/src/sync.rs"));
        assert!(!matches("crates/*", "crates/a/b"));
        assert!(matches("crates/api/src/gen/**", "crates/api/src/gen/a/b.rs"));
        assert!(matches("a/**/z.rs", "a/z.rs"));
        assert!(!matches("a/*.rs", "a/z.ts"));
    }
}
