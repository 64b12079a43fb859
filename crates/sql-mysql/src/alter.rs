//! What an ALTER TABLE does, clause by clause: whether the server rebuilds the table, and whether it shows in SHOW CREATE.

use crate::parse::Words;

/// One clause, from its first word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clause {
    /// `ADD`, `DROP`, `ENGINE`… in capitals.
    pub verb: String,
    /// What the verb is about: `COLUMN`, `INDEX`, `PARTITION`…; empty when it names a column at once, or nothing.
    pub what: String,
    /// The name that follows, as it is written but for quotes; empty when none does.
    pub name: String,
}

/// Words that say what is added or dropped.
const KINDS: [&str; 13] = [
    "COLUMN",
    "INDEX",
    "KEY",
    "UNIQUE",
    "FULLTEXT",
    "SPATIAL",
    "PRIMARY",
    "FOREIGN",
    "CONSTRAINT",
    "CHECK",
    "PARTITION",
    "PERIOD",
    "SYSTEM",
];

/// The clauses of an ALTER TABLE; none of any other statement.
pub fn clauses(statement: &str) -> Vec<Clause> {
    let mut w = Words::new(statement);
    if !w.eat("ALTER") {
        return Vec::new();
    }
    while w.eat_any(&["ONLINE", "IGNORE"]) {}
    if !w.eat("TABLE") {
        return Vec::new();
    }
    w.eat_if_exists();
    if w.qualified().is_none() {
        return Vec::new();
    }
    if w.eat("WAIT") {
        w.next_token();
    }
    w.eat("NOWAIT");
    let mut found = Vec::new();
    while w.peek_token().is_some() {
        found.push(clause(&mut w));
        if !to_next(&mut w) {
            break;
        }
    }
    found
}

fn clause(w: &mut Words<'_>) -> Clause {
    let verb = w.next_word();
    let mut what = String::new();
    while KINDS.contains(&w.peek().as_str()) {
        let word = w.next_word();
        if what.is_empty() {
            what = word;
        }
    }
    w.eat_if_exists();
    let name = w.clone().name().unwrap_or_default();
    Clause { verb, what, name }
}

/// Steps to behind the next comma at this level of parentheses.
fn to_next(w: &mut Words<'_>) -> bool {
    let mut depth = 0usize;
    loop {
        if w.eat_punct(b'(') {
            depth += 1;
        } else if w.eat_punct(b')') {
            depth = depth.saturating_sub(1);
        } else if w.eat_punct(b',') {
            if depth == 0 {
                return true;
            }
        } else if w.next_token().is_none() {
            return false;
        }
    }
}

/// Whether an ALTER TABLE that took effect always looks different in SHOW CREATE TABLE, or else changed nothing.
pub fn shows(clauses: &[Clause]) -> bool {
    let always = |c: &Clause| matches!(&*c.verb, "ADD" | "DROP" | "RENAME" | "REMOVE" | "COALESCE");
    let or_nothing = |c: &Clause| {
        matches!(
            &*c.verb,
            "MODIFY"
                | "CHANGE"
                | "CONVERT"
                | "COMMENT"
                | "CHARACTER"
                | "CHARSET"
                | "COLLATE"
                | "DEFAULT"
                | "ALTER"
                | "ROW_FORMAT"
                | "ALGORITHM"
                | "LOCK"
        ) || c.verb == "PARTITION" && c.what.is_empty()
    };
    let data = |c: &Clause| matches!(&*c.verb, "EXCHANGE" | "TRUNCATE" | "DISCARD" | "IMPORT");
    !clauses.is_empty()
        && !clauses.iter().any(|c| data(c) || made_anew(c, clauses))
        && (clauses.iter().any(always) || clauses.iter().all(or_nothing))
}

/// Dropped and added again under its name by the same statement: it looks as before, and is empty.
fn made_anew(clause: &Clause, clauses: &[Clause]) -> bool {
    !clause.name.is_empty()
        && ["ADD", "DROP"].into_iter().all(|verb| {
            clauses.iter().any(|c| c.verb == verb && c.name.eq_ignore_ascii_case(&clause.name))
        })
}

/// Whether it copies the table whatever the table is like.
pub fn rebuilds(clauses: &[Clause]) -> bool {
    clauses
        .iter()
        .any(|c| matches!(&*c.verb, "ENGINE" | "FORCE" | "ORDER" | "CONVERT" | "ROW_FORMAT"))
}

/// Whether it may copy the table: also by what depends on the table, and where the server cannot add or drop columns at once.
pub fn may_rebuild(clauses: &[Clause], instant_add: bool, instant_drop: bool) -> bool {
    let column = |c: &Clause| matches!(&*c.what, "" | "COLUMN");
    rebuilds(clauses)
        || clauses.iter().any(|c| match c.verb.as_str() {
            "MODIFY" | "CHANGE" => true,
            "ADD" => c.what == "PRIMARY" || column(c) && !instant_add,
            "DROP" => c.what == "PRIMARY" || column(c) && !instant_drop,
            "PARTITION" | "REMOVE" | "COALESCE" | "REORGANIZE" => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verbs(sql: &str) -> String {
        let clauses = clauses(sql);
        let texts = clauses.iter().map(|c| format!("{} {} {}", c.verb, c.what, c.name));
        texts.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn reads_clauses() {
        assert_eq!(
            verbs(
                "alter ignore table d.t add column if not exists `a` decimal(3,2), drop b, engine = innodb"
            ),
            "ADD COLUMN a | DROP  b | ENGINE  "
        );
        assert_eq!(verbs("alter table t add unique key k (a, b), force"), "ADD UNIQUE k | FORCE  ");
        assert_eq!(verbs("alter table t nowait add (a int, b int)"), "ADD  ");
        assert_eq!(verbs("alter view v as select 1, 2"), "");
    }

    #[test]
    fn knows_what_copies() {
        let may = |sql, add, drop| may_rebuild(&clauses(sql), add, drop);
        assert!(may("alter table t engine=innodb", true, true));
        assert!(may("alter table t modify a bigint", true, true));
        assert!(!may("alter table t add a int, add index (a)", true, false));
        assert!(may("alter table t add a int", false, false));
        assert!(may("alter table t drop a", true, false));
        assert!(!may("alter table t drop index a, rename to u", false, false));
    }

    #[test]
    fn knows_what_shows() {
        for sql in [
            "alter table t add a int",
            "alter table t add index (a), engine=innodb",
            "alter table t modify a bigint not null, algorithm=inplace",
            "alter table t rename to u",
            "alter table t drop partition p0",
            "alter table t comment = 'x'",
        ] {
            assert!(shows(&clauses(sql)), "{sql}");
        }
        for sql in [
            "alter table t engine=innodb",
            "alter table t force",
            "alter table t auto_increment = 9",
            "alter table t exchange partition p0 with table u",
            "alter table t truncate partition p0",
            "alter table t drop a, add a int",
            "alter table t modify a int, auto_increment = 9",
            "alter table t disable keys",
            "drop table t",
        ] {
            assert!(!shows(&clauses(sql)), "{sql}");
        }
    }
}
