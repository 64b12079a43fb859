//! What the rows of a history say, whatever tool wrote them.

use base::release::Version;

use super::table::Rows;
use super::tool::Tool;

/// A history, in the order in which it came about.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct History {
    pub entries: Vec<Entry>,
    /// The tool looks at no file up to this version, whether a row names it or not.
    pub through: Option<Through>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    pub version: String,
    /// Why, as a clause; may be empty.
    pub why: &'static str,
}

/// One thing that the tool did.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// A version, or the name of a change: see [`super::keys`].
    pub key: String,
    /// The file that the row names; may be empty.
    pub file: String,
    pub outcome: Outcome,
    /// CRC-32 of the file's lines when Flyway ran it.
    pub checksum: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Applied,
    /// Never marked as applied: a stable word, and a sentence.
    Left(&'static str, String),
}

impl Entry {
    fn new(key: &str, file: &str, outcome: Outcome) -> Self {
        Self { key: key.to_owned(), file: file.to_owned(), outcome, checksum: None }
    }
}

/// Reads the rows of a tool's table. `events`: sqitch's other table.
pub fn read(tool: Tool, rows: &Rows, events: &Rows) -> History {
    match tool {
        Tool::Flyway => flyway(rows),
        Tool::Liquibase => of(rows, |row| liquibase(rows, row)),
        Tool::Rails | Tool::Dbmate => {
            of(rows, |row| Some(Entry::new(rows.cell(row, "version"), "", Outcome::Applied)))
        }
        Tool::GolangMigrate => golang_migrate(rows),
        Tool::Alembic => {
            of(rows, |row| Some(Entry::new(rows.cell(row, "version_num"), "", Outcome::Applied)))
        }
        Tool::Atlas => atlas(rows),
        Tool::Sqitch => sqitch(rows, events),
    }
}

type Row = [Option<String>];

fn of(rows: &Rows, entry: impl Fn(&Row) -> Option<Entry>) -> History {
    History { entries: rows.rows.iter().filter_map(|row| entry(row)).collect(), through: None }
}

fn left(reason: &'static str, message: impl Into<String>) -> Outcome {
    Outcome::Left(reason, message.into())
}

/// As drivers write a true value.
fn is_true(text: &str) -> bool {
    matches!(text, "1" | "true" | "t" | "\u{1}")
}

fn flyway(rows: &Rows) -> History {
    let mut history = History::default();
    for row in &rows.rows {
        let [version, script, kind] = ["version", "script", "type"].map(|c| rows.cell(row, c));
        let label = if version.is_empty() { script } else { version };
        let outcome = if !is_true(rows.cell(row, "success")) {
            left(
                "FAILED",
                "Flyway failed here; mend the database and see what of the file is applied",
            )
        } else if kind == "SCHEMA" {
            continue;
        } else if version.is_empty() {
            left(
                "REPEATABLE",
                "a repeatable migration has no version; write its next change as a versioned file",
            )
        } else if kind.starts_with("UNDO") {
            left("UNDONE", "Flyway took it back: the file would run again")
        } else if kind == "DELETE" {
            left("DELETED", "Flyway marks the migration as deleted")
        } else {
            Outcome::Applied
        };
        // The latest row about a version is the one that counts.
        if !version.is_empty() {
            history.entries.retain(|e| e.key != version);
        }
        if kind.ends_with("BASELINE") && outcome == Outcome::Applied {
            let why = "it is below the baseline of Flyway";
            history.through = Some(Through { version: version.to_owned(), why });
        }
        let checksum = rows.cell(row, "checksum").parse().ok();
        history.entries.push(Entry { checksum, ..Entry::new(label, script, outcome) });
    }
    history
}

fn liquibase(rows: &Rows, row: &Row) -> Option<Entry> {
    let [id, author, file] = ["id", "author", "filename"].map(|c| rows.cell(row, c));
    let outcome = match rows.cell(row, "exectype") {
        "EXECUTED" | "RERAN" | "MARK_RAN" => Outcome::Applied,
        "FAILED" => left("FAILED", "Liquibase failed here, and was told to go on"),
        other => left("SKIPPED", format!("Liquibase did not run it: {other}")),
    };
    Some(Entry::new(&format!("{author}:{id}"), file, outcome))
}

/// One row: the version that the database is at.
fn golang_migrate(rows: &Rows) -> History {
    let Some(row) = rows.rows.first() else { return History::default() };
    let version = rows.cell(row, "version").to_owned();
    let why = "golang-migrate keeps the last version only, and this one comes before it";
    let outcome = match is_true(rows.cell(row, "dirty")) {
        true => left(
            "FAILED",
            "golang-migrate failed here and left the database dirty; see what of the file is applied",
        ),
        false => Outcome::Applied,
    };
    History {
        entries: vec![Entry::new(&version, "", outcome)],
        through: Some(Through { version, why }),
    }
}

fn atlas(rows: &Rows) -> History {
    /// A bit of the column `type`.
    const BASELINE: u64 = 1;
    let mut history = History::default();
    for row in &rows.rows {
        let version = rows.cell(row, "version");
        // Atlas keeps notes of its own among the rows.
        if version.starts_with('.') {
            continue;
        }
        let number = |column| rows.cell(row, column).parse::<u64>().unwrap_or_default();
        let (error, applied, total) = (rows.cell(row, "error"), number("applied"), number("total"));
        let outcome = if !error.is_empty() || applied < total {
            left(
                "FAILED",
                format!(
                    "Atlas applied {applied} of its {total} statements{}{error}",
                    if error.is_empty() { "" } else { ": " }
                ),
            )
        } else {
            Outcome::Applied
        };
        if number("type") & BASELINE != 0 && outcome == Outcome::Applied {
            let why = "it is below the baseline of Atlas";
            history.through = Some(Through { version: version.to_owned(), why });
        }
        history.entries.push(Entry::new(version, "", outcome));
    }
    history
}

fn sqitch(rows: &Rows, events: &Rows) -> History {
    let key = |rows: &Rows, row: &Row| {
        format!("{}:{}", rows.cell(row, "project"), rows.cell(row, "change"))
    };
    let mut history = of(rows, |row| Some(Entry::new(&key(rows, row), "", Outcome::Applied)));
    let deployed: Vec<&str> = rows.rows.iter().map(|row| rows.cell(row, "change_id")).collect();
    // The last thing that happened to a change that is not there.
    let mut failed: Vec<(&str, String)> = Vec::new();
    for row in &events.rows {
        let id = events.cell(row, "change_id");
        failed.retain(|(of, _)| *of != id);
        if events.cell(row, "event") == "fail" && !deployed.contains(&id) {
            failed.push((id, key(events, row)));
        }
    }
    let failure = |(_, key): &(&str, String)| {
        Entry::new(key, "", left("FAILED", "sqitch failed here; see what of the script is applied"))
    };
    history.entries.extend(failed.iter().map(failure));
    history
}

/// All files up to a version, by what somebody says, who needs not be told why.
pub fn up_to(version: &str) -> History {
    History { entries: Vec::new(), through: Some(Through { version: version.to_owned(), why: "" }) }
}

impl Through {
    pub fn covers(&self, version: &str) -> bool {
        match (Version::parse(version), Version::parse(&self.version)) {
            (Some(one), Some(last)) => one <= last,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(history: &History) -> Vec<String> {
        let word = |o: &Outcome| match o {
            Outcome::Applied => "APPLIED",
            Outcome::Left(reason, _) => reason,
        };
        history.entries.iter().map(|e| format!("{} {}", e.key, word(&e.outcome))).collect()
    }

    #[test]
    fn the_last_row_of_flyway_about_a_version_counts() {
        let rows = Rows::of(
            &["installed_rank", "version", "type", "script", "success"],
            &[
                &["0", "NULL", "SCHEMA", "\"shop\"", "true"],
                &["1", "1", "BASELINE", "before", "1"],
                &["2", "2", "SQL", "V2__a.sql", "1"],
                &["3", "2", "UNDO_SQL", "U2__a.sql", "1"],
                &["4", "3", "SQL", "V3__b.sql", "0"],
                &["5", "4", "SQL", "V4__c.sql", "f"],
                &["6", "4", "SQL", "V4__c.sql", "t"],
                &["7", "NULL", "SQL", "R__views.sql", "true"],
                &["8", "5", "DELETE", "V5__d.sql", "true"],
                &["9", "6", "JDBC", "db.V6__E", "true"],
            ],
        );
        let history = flyway(&rows);
        assert_eq!(
            shown(&history),
            [
                "1 APPLIED",
                "2 UNDONE",
                "3 FAILED",
                "4 APPLIED",
                "R__views.sql REPEATABLE",
                "5 DELETED",
                "6 APPLIED"
            ]
        );
        let through = history.through.unwrap();
        assert!(through.covers("0.9") && through.covers("1") && !through.covers("1.1"));
    }

    #[test]
    fn what_atlas_did_not_finish_failed() {
        let rows = Rows::of(
            &["version", "type", "applied", "total", "error"],
            &[
                &[".atlas_cloud_identifier", "0", "0", "0", ""],
                &["1", "1", "0", "0", "NULL"],
                &["2", "2", "3", "3", "NULL"],
                &["3", "2", "1", "2", "no such table"],
                &["4", "2", "1", "2", "NULL"],
            ],
        );
        let history = atlas(&rows);
        assert_eq!(shown(&history), ["1 APPLIED", "2 APPLIED", "3 FAILED", "4 FAILED"]);
        assert_eq!(history.through.unwrap().version, "1");
    }

    #[test]
    fn a_deploy_of_sqitch_that_succeeded_later_did_not_fail() {
        let rows = Rows::of(&["change_id", "change", "project"], &[&["a", "books", "shop"]]);
        let events = Rows::of(
            &["event", "change_id", "change", "project"],
            &[
                &["fail", "a", "books", "shop"],
                &["deploy", "a", "books", "shop"],
                &["fail", "b", "prices", "shop"],
                &["fail", "b", "prices", "shop"],
                &["fail", "c", "gone", "shop"],
                &["revert", "c", "gone", "shop"],
            ],
        );
        assert_eq!(shown(&sqitch(&rows, &events)), ["shop:books APPLIED", "shop:prices FAILED"]);
    }
}
