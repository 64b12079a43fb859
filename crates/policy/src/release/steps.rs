//! Which files of a release run on a database: those whose version is not in force there in the release's stream, in version order.
//! What is said about the others is found here too, so that a check and a run say the same.

use std::collections::BTreeMap;

use base::{Error, Result};
use serde::{Deserialize, Serialize};

use super::Version;

/// Digits of a SHA-256 that are shown.
const SHORT: usize = 12;

/// A file of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    pub version: &'a str,
    /// Of its text.
    pub sha256: &'a str,
}

/// A version in force on a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied<'a> {
    pub version: &'a str,
    /// Of its text; empty when nobody recorded it.
    pub sha256: &'a str,
    /// Empty for what somebody marked without saying for which: it counts in every stream.
    pub stream: &'a str,
}

/// What a release comes to on one database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    /// Indexes of the files to run, in the order to run them.
    pub run: Vec<usize>,
    /// The others, in version order.
    pub skipped: Vec<Skip>,
    /// Those to run that come after a higher version.
    pub late: Vec<Late>,
    /// Those to run whose version another stream applied: their indexes, and those of what is in force.
    pub elsewhere: Vec<(usize, usize)>,
}

/// A file that does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Index of the file.
    pub file: usize,
    /// Index of what is in force.
    pub applied: usize,
    pub reason: SkipReason,
}

/// A file that runs though a higher version is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub file: usize,
    /// Index of the highest version in force.
    pub after: usize,
}

/// Why a file does not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// Its version is in force with this text, or with a text that nobody recorded.
    Applied,
    /// Its version is in force with a text that differs in blanks and comments only.
    Formatting,
    /// Its version is in force with other statements: whoever changed the file since must know that it has no effect.
    Changed,
}

/// What to do with a file whose version is lower than one in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutOfOrder {
    /// It runs, and that is said.
    #[default]
    Warn,
    Refuse,
    /// It runs as any other.
    Apply,
}

/// What was decided before about files of this kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    pub out_of_order: OutOfOrder,
    /// Why files may differ from what was applied; empty when they may not.
    pub accept_changed: String,
}

/// Something to say about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub file: usize,
    /// A stable word.
    pub reason: &'static str,
    pub level: Level,
    pub message: String,
    /// Whether the file runs.
    pub runs: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Info,
    Warning,
    /// The release is refused on this database.
    Refused,
}

/// Decides for each file whether it runs in `stream`. `applied` are the versions in force on the database, of all streams; those that
/// are no numbers match no file.
///
/// Errors: a file whose version is none, which no release that was checked has.
pub fn steps(files: &[File<'_>], applied: &[Applied<'_>], stream: &str) -> Result<Steps> {
    let mut own: BTreeMap<Version, usize> = BTreeMap::new();
    let mut others: BTreeMap<Version, Vec<usize>> = BTreeMap::new();
    for (at, row) in applied.iter().enumerate() {
        let Some(version) = Version::parse(row.version) else { continue };
        if row.stream == stream {
            own.insert(version, at);
        } else if row.stream.is_empty() {
            own.entry(version).or_insert(at);
        } else {
            others.entry(version).or_default().push(at);
        }
    }
    let mut order = Vec::with_capacity(files.len());
    for (i, file) in files.iter().enumerate() {
        let version = Version::parse(file.version).ok_or_else(|| {
            Error::internal(format!("{:?} is not the version of a file", file.version))
        })?;
        order.push((version, i));
    }
    order.sort();
    let highest = own.last_key_value();
    let mut steps = Steps::default();
    for (version, file) in order {
        if let Some(at) = own.get(&version) {
            let text = applied[*at].sha256;
            let known = !text.is_empty() && !files[file].sha256.is_empty();
            let changed = known && text != files[file].sha256;
            let reason = if changed { SkipReason::Changed } else { SkipReason::Applied };
            steps.skipped.push(Skip { file, applied: *at, reason });
            continue;
        }
        steps.run.push(file);
        if let Some((_, at)) = highest.filter(|(high, _)| **high > version) {
            steps.late.push(Late { file, after: *at });
        }
        if let Some(theirs) = others.get(&version) {
            // The very text tells more than another one.
            let is_same = |at: &&usize| applied[**at].sha256 == files[file].sha256;
            let told = theirs.iter().find(is_same).or(theirs.first());
            steps.elsewhere.extend(told.map(|at| (file, *at)));
        }
    }
    Ok(steps)
}

impl Steps {
    /// What there is to say, in version order: which files changed since they were applied, are refused, or run though one might not
    /// think so. Of thousands that are simply applied there is nothing to say: see [`Steps::applied`] and [`Note::already_applied`].
    pub fn notes(&self, files: &[File<'_>], applied: &[Applied<'_>], terms: &Terms) -> Vec<Note> {
        let mut notes: Vec<_> =
            self.skipped.iter().filter_map(|s| s.note(files, applied, terms)).collect();
        notes.extend(self.late.iter().map(|late| late.note(files, applied, terms)));
        notes.extend(self.elsewhere.iter().map(|(file, at)| elsewhere(*file, files, applied[*at])));
        notes.sort_by_cached_key(|note| Version::parse(files[note.file].version));
        notes
    }

    /// Indexes of the files that are applied as they are, in version order.
    pub fn applied(&self) -> impl Iterator<Item = usize> {
        self.skipped.iter().filter(|s| s.reason == SkipReason::Applied).map(|s| s.file)
    }
}

impl Note {
    /// Of a file that is applied as it is.
    pub fn already_applied(file: usize, version: &str) -> Self {
        let message = format!("Version {version} is applied already; it is skipped.");
        Self { file, reason: "ALREADY_APPLIED", level: Level::Info, message, runs: false }
    }
}

impl Skip {
    fn note(&self, files: &[File<'_>], applied: &[Applied<'_>], terms: &Terms) -> Option<Note> {
        let version = files[self.file].version;
        let short = short(applied[self.applied].sha256);
        let (reason, level, message) = match self.reason {
            SkipReason::Applied => return None,
            SkipReason::Formatting => (
                "FORMATTING_CHANGED",
                Level::Warning,
                format!(
                    "Version {version} is applied already; since then only blanks and comments of the file changed. It is skipped."
                ),
            ),
            SkipReason::Changed if terms.accept_changed.is_empty() => (
                "APPLIED_WITH_OTHER_CONTENT",
                Level::Refused,
                format!(
                    "Version {version} is applied already, with other statements (SHA-256 {short}…). Restore the file and put the change into one with a new version, or accept that the file differs, with a reason."
                ),
            ),
            SkipReason::Changed => (
                "CHANGE_ACCEPTED",
                Level::Warning,
                format!(
                    "Version {version} is applied already, with other statements (SHA-256 {short}…). It is skipped, and its new text is recorded: {}",
                    terms.accept_changed
                ),
            ),
        };
        Some(Note { file: self.file, reason, level, message, runs: false })
    }
}

impl Late {
    fn note(&self, files: &[File<'_>], applied: &[Applied<'_>], terms: &Terms) -> Note {
        let (version, after) = (files[self.file].version, applied[self.after].version);
        let (level, rest) = match terms.out_of_order {
            OutOfOrder::Apply => (Level::Info, "; it runs all the same"),
            OutOfOrder::Warn => (
                Level::Warning,
                "; it runs all the same. Databases that are made anew run it before: make sure that both orders lead to the same",
            ),
            OutOfOrder::Refuse => {
                (Level::Refused, ", and the project refuses that. Give the file a higher version")
            }
        };
        let message =
            format!("Version {version} comes after {after}, which is applied already{rest}.");
        let runs = level != Level::Refused;
        Note { file: self.file, reason: "OUT_OF_ORDER", level, message, runs }
    }
}

/// Another stream's version never counts; where even the text is the same, it may be that one file runs twice.
fn elsewhere(file: usize, files: &[File<'_>], applied: Applied<'_>) -> Note {
    let is_same = !applied.sha256.is_empty() && applied.sha256 == files[file].sha256;
    let (version, stream) = (files[file].version, applied.stream);
    let (level, message) = if is_same {
        let text = format!(
            "The same text was applied as version {version} by {stream}. Streams do not count for each other, so it runs once more here: is that wanted?"
        );
        (Level::Warning, text)
    } else {
        let text = format!("{stream} applied a version {version}, too: another one, so this runs.");
        (Level::Info, text)
    };
    Note { file, reason: "APPLIED_IN_OTHER_STREAM", level, message, runs: true }
}

fn short(sha256: &str) -> String {
    sha256.chars().take(SHORT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn file<'a>(version: &'a str, sha256: &'a str) -> File<'a> {
        File { version, sha256 }
    }

    const fn applied<'a>(version: &'a str, sha256: &'a str, stream: &'a str) -> Applied<'a> {
        Applied { version, sha256, stream }
    }

    fn reasons(notes: &[Note]) -> Vec<(usize, &str, Level)> {
        notes.iter().map(|n| (n.file, n.reason, n.level)).collect()
    }

    #[test]
    fn files_run_in_version_order_whatever_their_own() {
        let steps = steps(&[file("10", "j"), file("2", "b"), file("1.1", "a")], &[], "s").unwrap();
        assert_eq!(steps, Steps { run: vec![2, 1, 0], ..Steps::default() });
    }

    #[test]
    fn applied_files_are_skipped_and_a_late_one_follows_the_policy() {
        let files = [file("1", "a"), file("2", "b"), file("3", "c"), file("10", "d")];
        let there = [applied("1", "a", "s"), applied("03", "c", "s"), applied("9", "z", "s")];
        let steps = steps(&files, &there, "s").unwrap();
        assert_eq!(steps.run, [1, 3]);
        assert_eq!(steps.late, [Late { file: 1, after: 2 }]);
        for (policy, level) in [
            (OutOfOrder::Warn, Level::Warning),
            (OutOfOrder::Refuse, Level::Refused),
            (OutOfOrder::Apply, Level::Info),
        ] {
            let terms = Terms { out_of_order: policy, ..Terms::default() };
            let notes = steps.notes(&files, &there, &terms);
            assert_eq!(reasons(&notes), [(1, "OUT_OF_ORDER", level)]);
            let message = &notes[0].message;
            assert!(message.starts_with("Version 2 comes after 9"), "{message}");
            assert_eq!(notes[0].runs, policy != OutOfOrder::Refuse);
            assert_eq!(steps.applied().collect::<Vec<_>>(), [0, 2]);
        }
    }

    #[test]
    fn other_statements_are_refused_unless_somebody_says_why_not() {
        let files = [file("1", "new"), file("2", "b")];
        let there = [applied("1", "0123456789abcdef", "s"), applied("2", "", "s")];
        let mut steps = steps(&files, &there, "s").unwrap();
        assert!(steps.run.is_empty());
        let notes = steps.notes(&files, &there, &Terms::default());
        let other = (0, "APPLIED_WITH_OTHER_CONTENT", Level::Refused);
        assert_eq!(reasons(&notes), [other]);
        assert_eq!(steps.applied().collect::<Vec<_>>(), [1]);
        assert!(notes[0].message.contains("0123456789ab…"), "{}", notes[0].message);
        let terms = Terms { accept_changed: "a typo in a comment".into(), ..Terms::default() };
        let notes = steps.notes(&files, &there, &terms);
        assert_eq!(reasons(&notes)[0], (0, "CHANGE_ACCEPTED", Level::Warning));
        assert!(notes[0].message.ends_with("a typo in a comment"), "{}", notes[0].message);
        steps.skipped[0].reason = SkipReason::Formatting;
        let notes = steps.notes(&files, &there, &Terms::default());
        assert_eq!(reasons(&notes)[0], (0, "FORMATTING_CHANGED", Level::Warning));
    }

    #[test]
    fn what_another_stream_applied_never_counts() {
        let files = [file("1", "a"), file("2", "b"), file("3", "c")];
        let there = [
            applied("1", "a", "other"),
            applied("1", "y", "third"),
            applied("2", "x", "other"),
            applied("3", "c", ""),
            applied("9", "z", "other"),
        ];
        let steps = steps(&files, &there, "s").unwrap();
        assert_eq!(
            (steps.run.as_slice(), steps.late.as_slice()),
            (&[0, 1][..], &[Late { file: 0, after: 3 }, Late { file: 1, after: 3 },][..])
        );
        assert_eq!(steps.skipped.len(), 1, "a mark without a stream counts");
        let terms = Terms { out_of_order: OutOfOrder::Apply, ..Terms::default() };
        let notes = steps.notes(&files, &there, &terms);
        let elsewhere: Vec<_> = notes
            .iter()
            .filter(|n| n.reason == "APPLIED_IN_OTHER_STREAM")
            .map(|n| n.level)
            .collect();
        assert_eq!(elsewhere, [Level::Warning, Level::Info]);
    }

    #[test]
    fn a_mark_for_the_stream_goes_before_one_for_all() {
        let there = [applied("1", "mine", "s"), applied("1", "all", "")];
        for there in [there, [there[1], there[0]]] {
            let steps = steps(&[file("1", "mine")], &there, "s").unwrap();
            assert_eq!(steps.skipped[0].reason, SkipReason::Applied);
        }
    }

    #[test]
    fn what_is_no_version_is_refused_in_a_file_and_ignored_on_a_database() {
        assert!(steps(&[file("v1", "a")], &[], "s").is_err());
        assert_eq!(steps(&[file("1", "a")], &[applied("one", "a", "s")], "s").unwrap().run, [0]);
    }
}
