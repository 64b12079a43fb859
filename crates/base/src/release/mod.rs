//! What tells versioned files apart, for the server and for its clients alike: the version in a file's name, and the stream that it counts in.
//!
//! Versions are dotted numbers, compared part by part; a shorter one that another begins with comes first: 1.2, 1.2.0, 1.10.

mod file_name;
mod stream;

pub use file_name::{FileName, Hint, Nameless, file_name};
pub use stream::{Host, repository, stream};

/// Longest text of a version, in bytes.
const LONGEST: usize = 200;

/// A version as numbers: `01.2` and `1.2` are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<u64>);

impl Version {
    /// Dot-separated numbers of 64 bits.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if digits { part.parse().ok() } else { None }
        };
        if text.len() > LONGEST {
            return None;
        }
        text.split('.').map(number).collect::<Option<_>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_and_dots() {
        for good in ["1", "0042", "1.2.10", "20261121.0646", "18446744073709551615"] {
            assert!(Version::parse(good).is_some(), "{good}");
        }
        let long = "1.".repeat(100) + "1";
        for bad in ["", ".", "1.", "v1", "1..2", "1.x", "18446744073709551616", "+1", " 1", &long] {
            assert!(Version::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn versions_compare_as_numbers_part_by_part() {
        let mut versions = ["10", "2", "1.10", "1.2", "1.2.0", "1"];
        versions.sort_by_key(|v| Version::parse(v));
        assert_eq!(versions, ["1", "1.2", "1.2.0", "1.10", "2", "10"]);
        assert_eq!(Version::parse("01.2"), Version::parse("1.2"));
        assert_ne!(Version::parse("1.2"), Version::parse("1.2.0"));
    }
}
