//! Holds a history against the files of the repository: which versions are to be marked as applied, and what is left out and why.
//!
//! Invariant: nothing is marked that the tool did not finish.

use std::collections::{BTreeMap, BTreeSet};

use base::engine::Family;
use base::release::Version;

use super::history::{Entry, History, Outcome};
use super::keys::{self, Chain};
use super::tool::Tool;
use crate::files::File;
use crate::revisions::Mark;

/// What is not marked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// A path, a version or a change.
    pub what: String,
    /// A stable word.
    pub reason: &'static str,
    pub message: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// By version.
    pub marks: Vec<Mark>,
    pub left: Vec<Left>,
}

const RUNS_WHOLE: &str = "; the next rollout would run the whole file";
const NEXT: &str = "it is not applied: the next rollout runs it";

/// `tool`: None when people say how far the database is.
pub fn matched(tool: Option<Tool>, history: &History, files: &[File], chain: &Chain) -> Matched {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_cached_key(|at| Version::parse(&files[*at].version));
    let mut found = match tool {
        Some(tool @ (Tool::Liquibase | Tool::Sqitch)) => by_change(tool, history, files, &order),
        Some(Tool::Alembic) => by_change(Tool::Alembic, &expanded(history, chain), files, &order),
        _ => by_version(history, files, &order),
    };
    found.marks.sort_by_cached_key(|mark| Version::parse(&mark.version));
    found
}

/// Only what is SQL can be a file of a release; what else has the version is a script of the tool.
fn is_sql(file: &File) -> bool {
    file.path.to_ascii_lowercase().ends_with(".sql")
}

fn text(file: &File) -> &str {
    std::str::from_utf8(&file.statement).unwrap_or_default()
}

fn by_version(history: &History, files: &[File], order: &[usize]) -> Matched {
    let mut found = Matched::default();
    let mut entries: BTreeMap<Version, &Entry> = BTreeMap::new();
    for entry in &history.entries {
        match (Version::parse(&entry.key), &entry.outcome) {
            (Some(version), _) => {
                entries.insert(version, entry);
            }
            (None, Outcome::Left(reason, message)) => {
                found.leave(&entry.key, reason, message.clone());
            }
            (None, Outcome::Applied) => found.leave(
                &entry.key,
                "NO_VERSION",
                "a version is whole numbers with dots between them; this one cannot be marked"
                    .to_owned(),
            ),
        }
    }
    for at in order {
        let file = &files[*at];
        if !is_sql(file) {
            found.leave_script(file);
            continue;
        }
        let entry = Version::parse(&file.version).and_then(|version| entries.remove(&version));
        match entry.map(|e| (e, &e.outcome)) {
            Some((entry, Outcome::Applied)) => {
                let has_changed =
                    entry.checksum.is_some_and(|was| was != crc32_of_lines(&file.statement));
                let note =
                    if has_changed { "the file was changed since Flyway ran it" } else { "" };
                found.mark(&file.version, Some(*at), note);
            }
            Some((_, Outcome::Left(reason, message))) => {
                found.leave(&file.path, reason, format!("{message}{RUNS_WHOLE}"));
            }
            None => match history.through.as_ref().filter(|t| t.covers(&file.version)) {
                Some(through) => found.mark(&file.version, Some(*at), through.why),
                None => found.leave(&file.path, "NOT_APPLIED", misnamed(history, file)),
            },
        }
    }
    for entry in entries.into_values() {
        match &entry.outcome {
            Outcome::Applied => found.mark(&entry.key, None, "no file has this version"),
            Outcome::Left(reason, message) => found.leave(&entry.key, reason, message.clone()),
        }
    }
    found
}

/// Flyway reads `V1_2__x.sql` as version 1.2; here it is 1.
fn misnamed(history: &History, file: &File) -> String {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    match history.entries.iter().find(|e| !e.file.is_empty() && e.file.ends_with(name)) {
        Some(entry) => format!(
            "the history knows it as version {}, and its name reads as {}: rename the file, with dots in its version",
            entry.key, file.version
        ),
        None => NEXT.to_owned(),
    }
}

/// Alembic keeps heads only: all before them was applied, too.
fn expanded(history: &History, chain: &Chain) -> History {
    let mut applied = BTreeSet::new();
    let mut entries = Vec::new();
    for head in &history.entries {
        let outcome = match chain.up_to(&head.key) {
            Some(all) => {
                applied.extend(all);
                continue;
            }
            None => Outcome::Left(
                "UNKNOWN_HEAD",
                "no file tells what comes before this revision: name Alembic's scripts by --scripts 'alembic/versions/*.py'".to_owned(),
            ),
        };
        entries.push(Entry { key: head.key.clone(), file: String::new(), outcome, checksum: None });
    }
    let entry = |key: &str| Entry {
        key: key.to_owned(),
        file: String::new(),
        outcome: Outcome::Applied,
        checksum: None,
    };
    entries.extend(applied.into_iter().map(entry));
    History { entries, through: None }
}

fn by_change(tool: Tool, history: &History, files: &[File], order: &[usize]) -> Matched {
    let mut found = Matched::default();
    let known: BTreeSet<&str> = history.entries.iter().map(|e| e.key.as_str()).collect();
    let mut claimed: BTreeSet<usize> = BTreeSet::new();
    for at in order {
        let file = &files[*at];
        if !is_sql(file) {
            found.leave_script(file);
            continue;
        }
        let keys = keys::of(tool, &file.path, text(file), &known);
        let (mut has, mut lacks, mut left) = (0, Vec::new(), None);
        for key in &keys {
            match entry_of(tool, history, key, &file.path, &claimed) {
                None => lacks.push(key.as_str()),
                Some(index) => {
                    claimed.insert(index);
                    match &history.entries[index].outcome {
                        Outcome::Applied => has += 1,
                        Outcome::Left(reason, message) => {
                            left = Some((*reason, format!("{key}: {message}")));
                        }
                    }
                }
            }
        }
        if let Some((reason, message)) = left {
            found.leave(&file.path, reason, format!("{message}{RUNS_WHOLE}"));
        } else if keys.is_empty() {
            found.leave(&file.path, "NO_CHANGE", no_change(tool).to_owned());
        } else if lacks.is_empty() {
            found.mark(&file.version, Some(*at), again(tool, text(file)));
        } else if has == 0 {
            found.leave(&file.path, "NOT_APPLIED", NEXT.to_owned());
        } else {
            let message = format!(
                "{has} of {} changes are applied, {} not{RUNS_WHOLE}: split it",
                keys.len(),
                lacks.join(", ")
            );
            found.leave(&file.path, "PARTLY", message);
        }
    }
    for (index, entry) in history.entries.iter().enumerate() {
        if claimed.contains(&index) {
            continue;
        }
        let what = if entry.file.is_empty() {
            entry.key.clone()
        } else {
            format!("{} in {}", entry.key, entry.file)
        };
        match &entry.outcome {
            Outcome::Applied => found.leave(
                &what,
                "NO_FILE",
                "it is applied, and no SQL file with a version holds it".to_owned(),
            ),
            Outcome::Left(reason, message) => found.leave(&what, reason, message.clone()),
        }
    }
    found
}

/// The row about a change that no file before has taken.
fn entry_of(
    tool: Tool,
    history: &History,
    key: &str,
    path: &str,
    claimed: &BTreeSet<usize>,
) -> Option<usize> {
    let is = |entry: &Entry| match key.strip_prefix(':') {
        // sqitch's script named no project.
        Some(_) if tool == Tool::Sqitch => entry.key.ends_with(key),
        _ => entry.key == key,
    };
    let free = |(index, entry): &(usize, &Entry)| is(entry) && !claimed.contains(index);
    let all: Vec<_> = history.entries.iter().enumerate().filter(free).collect();
    if tool == Tool::Liquibase && all.len() > 1 {
        // The same author and id in several files: the path decides.
        let same = |(_, entry): &&(usize, &Entry)| {
            entry.file.ends_with(path) || path.ends_with(entry.file.as_str())
        };
        return all.iter().find(same).map(|(index, _)| *index);
    }
    // A change that was reworked has a row and a file for each time.
    all.first().map(|(index, _)| *index)
}

const fn no_change(tool: Tool) -> &'static str {
    match tool {
        Tool::Liquibase => "no line of it begins a changeset, as --changeset author:id does",
        Tool::Sqitch => {
            "neither a line -- Deploy project:change nor its name says which change it is"
        }
        _ => {
            "neither a line -- Running upgrade … nor its name says which revision it is; alembic upgrade A:B --sql writes such files"
        }
    }
}

/// A changeset that Liquibase runs again.
fn again(tool: Tool, text: &str) -> &'static str {
    let repeats = |line: &str| {
        keys::changeset(line)
            .is_some_and(|(_, a)| a.contains("runOnChange:true") || a.contains("runAlways:true"))
    };
    if tool == Tool::Liquibase && text.lines().any(repeats) {
        "Liquibase repeats it (runOnChange or runAlways); under Basalt a version runs once"
    } else {
        ""
    }
}

impl Matched {
    /// Says which of the files that are still to be run cannot be run whole.
    pub fn leave_hazards(&mut self, tool: Tool, family: Family, files: &[File]) {
        for (at, file) in files.iter().enumerate() {
            let runs = self.marks.iter().all(|mark| mark.file != Some(at));
            if let Some(message) = keys::hazard(tool, family, text(file)).filter(|_| runs) {
                self.leave(&file.path, "WRONG_TO_RUN", message.to_owned());
            }
        }
    }

    fn mark(&mut self, version: &str, file: Option<usize>, note: &str) {
        self.marks.push(Mark { version: version.to_owned(), file, note: note.to_owned() });
    }

    fn leave_script(&mut self, file: &File) {
        let message = "Basalt runs SQL only: name the SQL files by --file-pattern";
        self.leave(&file.path, "NOT_SQL", message.to_owned());
    }

    fn leave(&mut self, what: &str, reason: &'static str, message: String) {
        self.left.push(Left { what: what.to_owned(), reason, message });
    }
}

/// As Flyway sums up a script: its lines without their ends.
fn crc32_of_lines(text: &[u8]) -> i32 {
    let mut crc = u32::MAX;
    for byte in text.iter().filter(|b| !matches!(b, b'\n' | b'\r')) {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            if carry == 1 {
                crc ^= 0xEDB8_8320;
            }
        }
    }
    (!crc).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adopt::history::{read, up_to};
    use crate::adopt::table::Rows;

    fn file(path: &str, text: &str) -> File {
        let version = base::release::file_name(path).unwrap().version.to_owned();
        File { path: path.to_owned(), version, statement: text.as_bytes().to_vec() }
    }

    fn shown(found: &Matched) -> (Vec<String>, Vec<String>) {
        let mark = |m: &Mark| {
            format!("{}{} {}", m.version, if m.file.is_none() { " alone" } else { "" }, m.note)
        };
        let left = |l: &Left| format!("{} {}", l.what, l.reason);
        (
            found.marks.iter().map(|m| mark(m).trim().to_owned()).collect(),
            found.left.iter().map(left).collect(),
        )
    }

    #[test]
    fn versions_are_numbers_and_a_failed_one_is_never_marked() {
        let rows = Rows::of(
            &["installed_rank", "version", "type", "script", "checksum", "success"],
            &[
                &["1", "1", "SQL", "V01__a.sql", "1601610300", "1"],
                &["2", "2", "SQL", "V2__b.sql", "7", "1"],
                &["3", "3", "SQL", "V3__c.sql", "NULL", "0"],
                &["4", "4.1", "SQL", "V4_1__d.sql", "NULL", "1"],
            ],
        );
        let history = read(Tool::Flyway, &rows, &Rows::default());
        let book =
            "CREATE TABLE book (id int NOT NULL PRIMARY KEY, title varchar(200) NOT NULL);\r\n";
        let files = [
            file("V10__z.sql", "SELECT '${x}';"),
            file("V01__a.sql", book),
            file("V2__b.sql", "SELECT 2;"),
            file("V3__c.sql", "SELECT 3;"),
            file("V4_1__d.sql", "SELECT 4;"),
        ];
        let mut found = matched(Some(Tool::Flyway), &history, &files, &Chain::default());
        found.leave_hazards(Tool::Flyway, Family::Postgres, &files);
        let (marks, left) = shown(&found);
        assert_eq!(
            marks,
            [
                "01",
                "2 the file was changed since Flyway ran it",
                "4.1 alone no file has this version"
            ]
        );
        assert_eq!(
            left,
            [
                "V3__c.sql FAILED",
                "V4_1__d.sql NOT_APPLIED",
                "V10__z.sql NOT_APPLIED",
                "V10__z.sql WRONG_TO_RUN"
            ]
        );
        assert!(found.left[1].message.contains("version 4.1"), "{}", found.left[1].message);
    }

    #[test]
    fn what_people_say_is_up_to_a_version() {
        let files = [file("10_c.sql", "x"), file("2_b.sql", "x"), file("1_a.rb", "x")];
        let (marks, left) = shown(&matched(None, &up_to("2"), &files, &Chain::default()));
        assert_eq!(marks, ["2"]);
        assert_eq!(left, ["1_a.rb NOT_SQL", "10_c.sql NOT_APPLIED"]);
    }

    #[test]
    fn a_dirty_version_is_left_and_those_before_it_are_marked() {
        let rows = Rows::of(&["version", "dirty"], &[&["3", "1"]]);
        let history = read(Tool::GolangMigrate, &rows, &Rows::default());
        let files = [file("1_a.up.sql", "x"), file("3_b.up.sql", "x"), file("4_c.up.sql", "x")];
        let (marks, left) =
            shown(&matched(Some(Tool::GolangMigrate), &history, &files, &Chain::default()));
        assert!(marks.len() == 1 && marks[0].starts_with("1 "), "{marks:?}");
        assert_eq!(left, ["3_b.up.sql FAILED", "4_c.up.sql NOT_APPLIED"]);
    }

    #[test]
    fn a_file_counts_when_all_of_its_changes_ran() {
        let columns = ["id", "author", "filename", "exectype"];
        let rows = Rows::of(
            &columns,
            &[
                &["1", "ada", "classpath:db/1_a.sql", "EXECUTED"],
                &["2", "ada", "db/2_b.sql", "MARK_RAN"],
                &["1", "bob", "db/3_c.sql", "FAILED"],
                &["9", "bob", "db/x.xml", "EXECUTED"],
            ],
        );
        let history = read(Tool::Liquibase, &rows, &Rows::default());
        let files = [
            file("db/1_a.sql", "--changeset ada:1\nA;"),
            file("db/2_b.sql", "--changeset ada:2\nA;\n--changeset ada:3\nB;"),
            file("db/3_c.sql", "--changeset bob:1\nA;"),
            file("db/4_d.sql", "A;"),
            file("db/5_e.sql", "--changeset bob:5\nA;"),
        ];
        let (marks, left) =
            shown(&matched(Some(Tool::Liquibase), &history, &files, &Chain::default()));
        assert_eq!(marks, ["1"]);
        assert_eq!(
            left,
            [
                "db/2_b.sql PARTLY",
                "db/3_c.sql FAILED",
                "db/4_d.sql NO_CHANGE",
                "db/5_e.sql NOT_APPLIED",
                "bob:9 in db/x.xml NO_FILE"
            ]
        );
    }

    #[test]
    fn a_change_of_sqitch_that_was_reworked_has_a_file_for_each_time() {
        let rows = Rows::of(
            &["change_id", "change", "project"],
            &[&["a", "books", "shop"], &["b", "books", "shop"]],
        );
        let history = read(Tool::Sqitch, &rows, &Rows::default());
        let text = "-- Deploy books to pg\nA;";
        let files =
            [file("1_books.sql", text), file("2_books.sql", text), file("3_books.sql", text)];
        let (marks, left) =
            shown(&matched(Some(Tool::Sqitch), &history, &files, &Chain::default()));
        assert_eq!(marks, ["1", "2"]);
        assert_eq!(left, ["3_books.sql NOT_APPLIED"]);
    }

    #[test]
    fn a_head_of_alembic_stands_for_all_before_it() {
        let rows = Rows::of(&["version_num"], &[&["b"]]);
        let history = read(Tool::Alembic, &rows, &Rows::default());
        let files = [
            file("1_a_first.sql", "A;"),
            file("2_x.sql", "-- Running upgrade a -> b\nB;"),
            file("3_y.sql", "-- Running upgrade b -> c\nC;"),
        ];
        let mut chain = Chain::default();
        files.iter().for_each(|f| chain.add(text(f)));
        chain.add("revision = 'a'\ndown_revision = None");
        let (marks, left) = shown(&matched(Some(Tool::Alembic), &history, &files, &chain));
        assert_eq!(marks, ["1", "2"]);
        assert_eq!(left, ["3_y.sql NOT_APPLIED"]);
        let (marks, left) =
            shown(&matched(Some(Tool::Alembic), &history, &files[..1], &Chain::default()));
        assert_eq!(marks, [""; 0]);
        assert_eq!(left, ["1_a_first.sql NO_CHANGE", "b UNKNOWN_HEAD"]);
    }
}
