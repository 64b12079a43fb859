//! Directives: comments in a script that say how it is run.
//!
//! ```sql
//! -- txn-mode = off
//! -- txn-isolation = repeatable read
//! ALTER TABLE …;
//! -- batch = {"key": "id", "rows": 5000, "pause_ms": 100, "max_lag_s": 5}
//! UPDATE …;
//! ```
//!
//! `txn-mode` and `txn-isolation` stand before the first statement and hold for the script; `batch` stands right before the UPDATE or
//! DELETE that it cuts up.

use std::collections::BTreeMap;

use base::{LineIndex, Span};
use serde::{Deserialize, Serialize};

use crate::dialect::SyntaxError;
use crate::statement::Statement;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directives {
    /// `txn-mode`: on or off; None where the script does not say.
    pub transaction: Option<bool>,
    pub isolation: Option<Isolation>,
    /// By number of the statement.
    pub batches: BTreeMap<usize, Batch>,
    /// Directives that cannot be read, with their places. A script with any of them is not run.
    pub errors: Vec<SyntaxError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Isolation {
    ReadUncommitted,
    ReadCommitted,
    RepeatableRead,
    Serializable,
}

/// Runs an UPDATE or DELETE in ranges of a key, each a transaction of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// A unique, not null column of the table: best its primary key.
    pub key: String,
    /// Rows a chunk, 1 to 1,000,000.
    #[serde(default = "Batch::default_rows")]
    pub rows: u32,
    /// Rest after each chunk, in milliseconds, at most 60,000.
    #[serde(default)]
    pub pause_ms: u32,
    /// Waits while a replica is behind by more than this, in seconds.
    #[serde(default)]
    pub max_lag_s: Option<u32>,
}

impl Batch {
    const fn default_rows() -> u32 {
        5_000
    }

    /// The comment that says it.
    pub fn directive(&self) -> String {
        let Self { key, rows, pause_ms, max_lag_s } = self;
        let key = serde_json::Value::from(key.as_str());
        let lag = max_lag_s.map_or(String::new(), |s| format!(", \"max_lag_s\": {s}"));
        format!("-- batch = {{\"key\": {key}, \"rows\": {rows}, \"pause_ms\": {pause_ms}{lag}}}")
    }

    fn check(self) -> Result<Self, String> {
        if self.key.trim().is_empty() || self.key.contains('\0') {
            return Err("\"key\" names the column whose ranges are the chunks".to_owned());
        }
        if !(1..=1_000_000).contains(&self.rows) {
            return Err(format!("\"rows\" is {}; it goes from 1 to 1000000", self.rows));
        }
        if self.pause_ms > 60_000 {
            return Err(format!("\"pause_ms\" is {}; it goes to 60000", self.pause_ms));
        }
        Ok(self)
    }
}

impl Isolation {
    pub const ALL: [Self; 4] =
        [Self::ReadUncommitted, Self::ReadCommitted, Self::RepeatableRead, Self::Serializable];

    /// In SQL's words.
    pub const fn as_sql(self) -> &'static str {
        match self {
            Self::ReadUncommitted => "READ UNCOMMITTED",
            Self::ReadCommitted => "READ COMMITTED",
            Self::RepeatableRead => "REPEATABLE READ",
            Self::Serializable => "SERIALIZABLE",
        }
    }

    /// `repeatable read`, `REPEATABLE-READ` and `repeatable_read` are the same.
    fn parse(text: &str) -> Option<Self> {
        let words: String = text
            .chars()
            .map(|c| if matches!(c, '-' | '_') { ' ' } else { c.to_ascii_uppercase() })
            .collect();
        Self::ALL.into_iter().find(|i| i.as_sql() == words.trim())
    }
}

/// Reads the directives of a script that was cut into `statements`. Other comments are left alone.
pub fn directives(script: &str, statements: &[Statement]) -> Directives {
    let mut found = Directives::default();
    let mut lines: Option<LineIndex> = None;
    let mut from = 0;
    for number in 0..=statements.len() {
        let to = statements.get(number).map_or(script.len(), |s| s.span.start);
        for (at, text) in comment_lines(script, from, to) {
            let Some((name, value)) = named(text) else { continue };
            if let Err(why) = apply(&mut found, number, statements.len(), name, value) {
                let span = Span::new(at, at + text.len());
                let lines = lines.get_or_insert_with(|| LineIndex::new(script));
                let message = format!("directive {name}: {why}");
                found.errors.push(SyntaxError {
                    span,
                    position: lines.position(script, at),
                    message,
                });
            }
        }
        from = statements.get(number).map_or(to, |s| s.span.end);
    }
    found
}

fn apply(
    found: &mut Directives,
    number: usize,
    count: usize,
    name: &str,
    value: &str,
) -> Result<(), String> {
    let of_script = |what: &str| match number {
        0 => Ok(()),
        _ => Err(format!("{what} holds for the whole script: write it before the first statement")),
    };
    match name {
        "txn-mode" => {
            of_script("it")?;
            let on = match value.to_ascii_lowercase().as_str() {
                "on" => true,
                "off" => false,
                _ => return Err(format!("{value:?} is neither on nor off")),
            };
            found.transaction = Some(on);
        }
        "txn-isolation" => {
            of_script("it")?;
            let known = "read uncommitted, read committed, repeatable read, serializable";
            let level = Isolation::parse(value);
            found.isolation = Some(level.ok_or_else(|| format!("{value:?} is none of {known}"))?);
        }
        _ => {
            if number >= count {
                return Err("no statement follows it".to_owned());
            }
            let batch: Batch = serde_json::from_str(value).map_err(|e| {
                format!("{e}; write for example {{\"key\":\"id\",\"rows\":5000,\"pause_ms\":100}}")
            })?;
            found.batches.insert(number, batch.check()?);
        }
    }
    Ok(())
}

/// `name = value` with a name that is a directive's.
fn named(text: &str) -> Option<(&'static str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = ["txn-mode", "txn-isolation", "batch"]
        .into_iter()
        .find(|n| n.eq_ignore_ascii_case(name.trim()))?;
    Some((name, value.trim()))
}

/// The `--` comments between two statements, without the dashes, with their places. Block comments hold no directives.
fn comment_lines(script: &str, from: usize, to: usize) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let (mut at, mut depth) = (from, 0u32);
    while at < to {
        let rest = &script[at..to];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if depth > 0 && rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else if depth == 0 && rest.starts_with("--") {
            let end = rest.find('\n').unwrap_or(rest.len());
            let text = rest[2..end].trim();
            let start = at + 2 + (rest[2..end].len() - rest[2..end].trim_start().len());
            lines.push((start, text));
            at += end;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts at semicolons, past comments: enough for these scripts.
    fn read(script: &str) -> Directives {
        let lines = LineIndex::new(script);
        let mut statements = Vec::new();
        let mut at = 0;
        for piece in script.split_inclusive(';') {
            let mut offset = 0;
            for line in piece.split_inclusive('\n') {
                let trimmed = line.trim_start();
                if trimmed.starts_with("--") || trimmed.is_empty() {
                    offset += line.len();
                } else {
                    break;
                }
            }
            if piece.ends_with(';') {
                let span = Span::new(at + offset, at + piece.len() - 1);
                statements.push(Statement::new(span, script, &lines));
            }
            at += piece.len();
        }
        directives(script, &statements)
    }

    #[test]
    fn a_script_says_how_it_is_run() {
        let d = read(
            "-- Adds a column.\n-- txn-mode = OFF\n-- txn-isolation = repeatable-read\nSELECT 1;\n\
             -- batch = {\"key\": \"id\"}\nDELETE FROM t;",
        );
        assert_eq!((d.transaction, d.isolation), (Some(false), Some(Isolation::RepeatableRead)));
        let batch = Batch { key: "id".into(), rows: 5_000, pause_ms: 0, max_lag_s: None };
        assert_eq!(d.batches, BTreeMap::from([(1, batch.clone())]));
        let batch = Batch { key: "a\"b".into(), pause_ms: 1, max_lag_s: Some(2), ..batch };
        assert_eq!(
            read(&format!("{}\nDELETE FROM t;", batch.directive())).batches.get(&0),
            Some(&batch)
        );
        assert!(d.errors.is_empty(), "{:?}", d.errors);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let d = read("-- txn-mode = maybe\nSELECT 1;\n-- txn-isolation = serializable\nSELECT 2;");
        assert_eq!(d.transaction, None);
        assert_eq!(d.errors.len(), 2);
        assert_eq!((d.errors[0].position.line, d.errors[0].position.column), (1, 4));
        assert!(d.errors[1].message.contains("before the first statement"));
        for bad in [
            "{\"key\":\"id\",\"rows\":0}",
            "{\"rows\":5}",
            "{\"key\":\"id\",\"row\":5}",
            "id",
            "{\"key\":\" \"}",
        ] {
            let d = read(&format!("-- batch = {bad}\nDELETE FROM t;"));
            assert_eq!((d.errors.len(), d.batches.len()), (1, 0), "{bad}");
        }
        assert_eq!(read("SELECT 1;\n-- batch = {\"key\":\"id\"}").errors.len(), 1);
    }

    #[test]
    fn other_comments_are_none_of_our_business() {
        let d = read("-- mode = fast\n/*\n-- txn-mode = off\n*/ SELECT 1;");
        assert_eq!(d, Directives::default());
    }
}
