//! Reads the CREATE statements that SQLite keeps, for what its pragmas do not tell: checks, expressions of generated
//! columns, collations, AUTOINCREMENT, the queries of views.
//!
//! SQLite has already accepted the text, so this only has to find its way in it.

use std::collections::BTreeMap;

use crate::parse::Words;

/// What CREATE TABLE says beyond the pragmas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownTable {
    /// By the column's name in lower case: SQLite does not tell names apart by case.
    pub columns: BTreeMap<String, ShownColumn>,
    /// (name, expression); SQLite needs no names, so most are empty.
    pub checks: Vec<(String, String)>,
    /// The module of a virtual table.
    pub module: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownColumn {
    pub generated: Option<String>,
    pub collation: String,
    pub autoincrement: bool,
}

/// What CREATE VIEW says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownView {
    /// The list of columns with its parentheses and a blank before, where the view has one.
    pub columns: String,
    pub query: String,
}

/// What CREATE TRIGGER says before its body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownTrigger {
    /// BEFORE, AFTER or INSTEAD OF.
    pub timing: String,
    /// INSERT, UPDATE, `UPDATE OF a, b` or DELETE.
    pub event: String,
}

pub fn table(sql: &str) -> ShownTable {
    let mut shown = ShownTable::default();
    let mut words = Words::new(sql);
    words.skip_to(&["TABLE"]);
    words.eat_if_exists();
    words.qualified();
    if words.eat("USING") {
        shown.module = words.name().unwrap_or_default();
        return shown;
    }
    // `CREATE TABLE t AS SELECT` is kept as the list of columns that came out.
    let body = words.in_parentheses().unwrap_or_default();
    for item in items(body) {
        part(item, &mut shown);
    }
    shown
}

/// A column with its constraints, or a constraint of the table.
fn part(item: &str, shown: &mut ShownTable) {
    let mut words = Words::new(item);
    let is_constraint =
        matches!(&*words.peek(), "CONSTRAINT" | "PRIMARY" | "UNIQUE" | "CHECK" | "FOREIGN");
    let column = if is_constraint { None } else { words.name() };
    let mut named = String::new();
    let mut found = ShownColumn::default();
    while words.peek_token().is_some() {
        match words.peek().as_str() {
            "CONSTRAINT" => {
                words.next_token();
                named = words.name().unwrap_or_default();
                continue;
            }
            "CHECK" => {
                words.next_token();
                if let Some(expression) = words.in_parentheses() {
                    shown.checks.push((std::mem::take(&mut named), expression.trim().to_owned()));
                }
                continue;
            }
            "AS" if column.is_some() => {
                words.next_token();
                found.generated = words.in_parentheses().map(|e| e.trim().to_owned());
                continue;
            }
            "COLLATE" if column.is_some() => {
                words.next_token();
                found.collation = words.name().unwrap_or_default();
                continue;
            }
            "AUTOINCREMENT" => found.autoincrement = true,
            "PRIMARY" | "UNIQUE" | "NOT" | "DEFAULT" | "REFERENCES" | "FOREIGN" => named.clear(),
            _ => {}
        }
        // Defaults and types may be expressions in parentheses.
        if words.is_punct(b'(') {
            words.in_parentheses();
        } else {
            words.next_token();
        }
    }
    if let Some(column) = column {
        shown.columns.insert(column.to_lowercase(), found);
    }
}

pub fn view(sql: &str) -> ShownView {
    let mut words = Words::new(sql);
    words.skip_to(&["VIEW"]);
    words.eat_if_exists();
    words.qualified();
    let columns = match words.in_parentheses() {
        Some(list) => format!(" ({})", list.trim()),
        None => String::new(),
    };
    words.skip_to(&["AS"]);
    ShownView { columns, query: words.rest().trim_end().to_owned() }
}

/// The keys of CREATE INDEX as they were written, in order.
pub fn index_keys(sql: &str) -> Vec<&str> {
    let mut words = Words::new(sql);
    words.skip_to(&["INDEX"]);
    words.eat_if_exists();
    words.qualified();
    words.eat("ON");
    words.qualified();
    items(words.in_parentheses().unwrap_or_default()).into_iter().map(str::trim).collect()
}

pub fn trigger(sql: &str) -> ShownTrigger {
    let mut words = Words::new(sql);
    words.skip_to(&["TRIGGER"]);
    words.eat_if_exists();
    words.qualified();
    let timing = match words.peek().as_str() {
        "BEFORE" => "BEFORE",
        "INSTEAD" => "INSTEAD OF",
        // The default.
        _ => "AFTER",
    };
    let mut event = words.skip_to(&["INSERT", "UPDATE", "DELETE"]).unwrap_or_default();
    if event == "UPDATE" && words.eat("OF") {
        let mut columns = Vec::new();
        while let Some(name) = words.name() {
            columns.push(name);
            if !words.eat_punct(b',') {
                break;
            }
        }
        event = format!("UPDATE OF {}", columns.join(", "));
    }
    ShownTrigger { timing: timing.to_owned(), event }
}

/// Cuts at the commas of the first level.
fn items(body: &str) -> Vec<&str> {
    let mut words = Words::new(body);
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    while let Some(token) = words.next_token() {
        if token.is(body, b'(') {
            depth += 1;
        } else if token.is(body, b')') {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is(body, b',') {
            out.push(&body[start..token.span.start]);
            start = token.span.end;
        }
    }
    out.push(&body[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_more_than_its_pragmas() {
        let shown = table(
            "CREATE TABLE \"t\" (id integer PRIMARY KEY AUTOINCREMENT, -- a, comment\n\
             [b c] text COLLATE NOCASE DEFAULT ('x, y') CONSTRAINT positive CHECK (length(\"b c\") > 0),\n\
             d int GENERATED ALWAYS AS (id * (2 + 1)) STORED, e AS (id) , \
             CONSTRAINT pair UNIQUE (id, d), CHECK (d > 1 or e > 2)) STRICT",
        );
        assert!(shown.columns["id"].autoincrement);
        assert_eq!(shown.columns["b c"].collation, "NOCASE");
        assert_eq!(shown.columns["d"].generated.as_deref(), Some("id * (2 + 1)"));
        assert_eq!(shown.columns["e"].generated.as_deref(), Some("id"));
        assert_eq!(
            shown.checks,
            [
                ("positive".to_owned(), "length(\"b c\") > 0".to_owned()),
                (String::new(), "d > 1 or e > 2".to_owned())
            ]
        );
        assert_eq!(table("CREATE VIRTUAL TABLE f USING fts5(a, b)").module, "fts5");
        assert_eq!(
            table("nonsense"),
            ShownTable { columns: table("nonsense").columns, ..ShownTable::default() }
        );
    }

    #[test]
    fn views_and_triggers() {
        let v = view("CREATE VIEW IF NOT EXISTS v (a, b) AS SELECT 1 AS x, 2 ");
        assert_eq!((v.columns.as_str(), v.query.as_str()), (" (a, b)", "SELECT 1 AS x, 2"));
        assert_eq!(
            view("create view v as with x as (select 1) select * from x").query,
            "with x as (select 1) select * from x"
        );
        let t = trigger("CREATE TRIGGER t UPDATE OF a, \"b\" ON x BEGIN SELECT 1; END");
        assert_eq!((t.timing.as_str(), t.event.as_str()), ("AFTER", "UPDATE OF a, b"));
        assert_eq!(
            trigger("create trigger t instead of delete on v begin select 1; end").timing,
            "INSTEAD OF"
        );
    }
}
