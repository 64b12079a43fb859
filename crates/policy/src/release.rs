//! Which files of a release run on a database: those whose version is not in force there, in version order.
//!
//! Versions are dotted numbers, compared part by part; a shorter one that another begins with comes first: 1.2, 1.2.0, 1.10.

use std::collections::BTreeMap;

use base::{Error, Result};

/// Longest text of a version, in bytes.
const LONGEST: usize = 200;

/// A version as numbers: `01.2` and `1.2` are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(Vec<u64>);

/// A file of a release, or a version in force on a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    pub version: &'a str,
    /// Of its text; empty when the text is not known.
    pub sha256: &'a str,
}

/// What a release comes to on one database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    /// Indexes of the files to run, in the order to run them.
    pub run: Vec<usize>,
    /// The others, in version order.
    pub skipped: Vec<Skip>,
}

/// A file that does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Index of the file.
    pub file: usize,
    pub reason: SkipReason,
}

/// Why a file does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// Its version is in force with this text, or with a text that nobody recorded.
    Applied,
    /// Its version is in force with another text: whoever changed the file since must know that it has no effect.
    Changed {
        /// SHA-256 of the text that was applied.
        applied: String,
    },
}

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

impl SkipReason {
    /// A stable word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Applied => "ALREADY_APPLIED",
            Self::Changed { .. } => "APPLIED_WITH_OTHER_CONTENT",
        }
    }

    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::Changed { .. })
    }
}

impl Skip {
    /// For people. `version` is the file's.
    pub fn message(&self, version: &str) -> String {
        match &self.reason {
            SkipReason::Applied => format!("Version {version} is applied already; it is skipped."),
            SkipReason::Changed { applied } => {
                let short: String = applied.chars().take(12).collect();
                format!(
                    "Version {version} is applied already, with another text (SHA-256 {short}…); it is skipped. Put the change into a file with a new version."
                )
            }
        }
    }
}

/// Decides for each file whether it runs. `applied` are the versions in force on the database; those that are no numbers
/// match no file.
///
/// Errors: a file whose version is none, which no release that was checked has.
pub fn steps(files: &[File<'_>], applied: &[File<'_>]) -> Result<Steps> {
    let in_force: BTreeMap<Version, &str> = applied
        .iter()
        .filter_map(|r| Version::parse(r.version).map(|version| (version, r.sha256)))
        .collect();
    let mut order = Vec::with_capacity(files.len());
    for (i, file) in files.iter().enumerate() {
        let version = Version::parse(file.version).ok_or_else(|| {
            Error::internal(format!("{:?} is not the version of a file", file.version))
        })?;
        order.push((version, i));
    }
    order.sort();
    let mut steps = Steps::default();
    for (version, file) in order {
        let Some(text) = in_force.get(&version) else {
            steps.run.push(file);
            continue;
        };
        let known = !text.is_empty() && !files[file].sha256.is_empty();
        let reason = if known && *text != files[file].sha256 {
            SkipReason::Changed { applied: (*text).to_owned() }
        } else {
            SkipReason::Applied
        };
        steps.skipped.push(Skip { file, reason });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn file<'a>(version: &'a str, sha256: &'a str) -> File<'a> {
        File { version, sha256 }
    }

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

    #[test]
    fn files_run_in_version_order_whatever_their_own() {
        let steps = steps(&[file("10", "j"), file("2", "b"), file("1.1", "a")], &[]).unwrap();
        assert_eq!((steps.run, steps.skipped), (vec![2, 1, 0], vec![]));
    }

    #[test]
    fn applied_files_are_skipped_and_a_late_one_still_runs() {
        let files = [file("1", "a"), file("2", "b"), file("3", "c"), file("4", "d")];
        let applied = [file("1", "a"), file("03.0", "x"), file("03", "c"), file("9", "z")];
        let steps = steps(&files, &applied).unwrap();
        assert_eq!(steps.run, [1, 3]);
        let skipped: Vec<_> = steps.skipped.iter().map(|s| (s.file, s.reason.as_str())).collect();
        assert_eq!(skipped, [(0, "ALREADY_APPLIED"), (2, "ALREADY_APPLIED")]);
        assert!(steps.skipped.iter().all(|s| !s.reason.is_warning()));
    }

    #[test]
    fn a_text_that_changed_since_is_a_warning_unless_none_was_recorded() {
        let files = [file("1", "new"), file("2", "b")];
        let steps = steps(&files, &[file("1", "0123456789abcdef"), file("2", "")]).unwrap();
        assert!(steps.run.is_empty());
        let [changed, unknown] = &steps.skipped[..] else { panic!("{steps:?}") };
        assert_eq!(changed.reason, SkipReason::Changed { applied: "0123456789abcdef".into() });
        assert!(changed.reason.is_warning());
        assert!(changed.message("1").contains("0123456789ab…"), "{}", changed.message("1"));
        assert_eq!(unknown.reason, SkipReason::Applied);
    }

    #[test]
    fn what_is_no_version_is_refused_in_a_file_and_ignored_on_a_database() {
        assert!(steps(&[file("v1", "a")], &[]).is_err());
        assert_eq!(steps(&[file("1", "a")], &[file("one", "a")]).unwrap().run, [0]);
    }
}
