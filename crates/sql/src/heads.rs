//! What a statement does, from its first words: what is the same in all dialects. A dialect adds its own verbs.

use crate::lex::Rules;
use crate::statement::{Facts, ObjectRef, StatementKind as Kind};
use crate::words::Words;

/// A kind of object: its word, and the kinds of the statements that make, change and drop it.
type Object = (&'static str, Kind, Kind, Kind);

const OBJECTS: &[Object] = &[
    ("TABLE", Kind::CreateTable, Kind::AlterTable, Kind::DropTable),
    ("VIEW", Kind::CreateView, Kind::AlterView, Kind::DropView),
    ("INDEX", Kind::CreateIndex, Kind::AlterIndex, Kind::DropIndex),
    ("SEQUENCE", Kind::CreateSequence, Kind::AlterSequence, Kind::DropSequence),
    ("SCHEMA", Kind::CreateSchema, Kind::OtherDdl, Kind::DropSchema),
    ("FUNCTION", Kind::CreateFunction, Kind::OtherDdl, Kind::DropFunction),
    ("PROCEDURE", Kind::CreateProcedure, Kind::OtherDdl, Kind::DropProcedure),
    ("PROC", Kind::CreateProcedure, Kind::OtherDdl, Kind::DropProcedure),
    ("TRIGGER", Kind::CreateTrigger, Kind::OtherDdl, Kind::DropTrigger),
    ("EVENT", Kind::CreateEvent, Kind::AlterEvent, Kind::DropEvent),
    ("EXTENSION", Kind::CreateExtension, Kind::OtherDdl, Kind::DropExtension),
    ("TYPE", Kind::CreateType, Kind::AlterType, Kind::DropType),
    ("DATABASE", Kind::CreateDatabase, Kind::AlterDatabase, Kind::DropDatabase),
    ("KEYSPACE", Kind::CreateDatabase, Kind::AlterDatabase, Kind::DropDatabase),
    ("USER", Kind::Grant, Kind::Grant, Kind::Grant),
    ("ROLE", Kind::Grant, Kind::Grant, Kind::Grant),
    ("LOGIN", Kind::Grant, Kind::Grant, Kind::Grant),
    ("SESSION", Kind::OtherDdl, Kind::Set, Kind::OtherDdl),
    ("SYSTEM", Kind::OtherDdl, Kind::Maintenance, Kind::OtherDdl),
];

/// What may stand before the word for the object, and is no object itself.
const MODIFIERS: &[&str] = &[
    "OR",
    "REPLACE",
    "ALTER",
    "TEMP",
    "TEMPORARY",
    "TRANSIENT",
    "VOLATILE",
    "GLOBAL",
    "LOCAL",
    "PRIVATE",
    "PUBLIC",
    "UNIQUE",
    "BITMAP",
    "CLUSTERED",
    "NONCLUSTERED",
    "COLUMNSTORE",
    "XML",
    "SPATIAL",
    "PRIMARY",
    "FULLTEXT",
    "SEARCH",
    "VECTOR",
    "EXTERNAL",
    "HYBRID",
    "DYNAMIC",
    "ICEBERG",
    "IMMUTABLE",
    "MATERIALIZED",
    "SECURE",
    "RECURSIVE",
    "FORCE",
    "NOFORCE",
    "NO",
    "EDITIONABLE",
    "NONEDITIONABLE",
    "EDITIONING",
    "SHARDED",
    "DUPLICATED",
    "BLOCKCHAIN",
    "NULL_FILTERED",
    "SNAPSHOT",
    "CUSTOM",
    "AGGREGATE",
    "PLUGGABLE",
    "IF",
    "NOT",
    "EXISTS",
    "AND",
    "RESOLVE",
    "COMPILE",
    "LIVE",
    "STREAMING",
    "REFRESH",
    "MULTIVALUE",
    "JSON",
];

/// Verbs that mean the same everywhere.
const VERBS: &[(&str, Kind)] = &[
    ("SELECT", Kind::Select),
    ("VALUES", Kind::Select),
    ("TABLE", Kind::Select),
    ("FROM", Kind::Select),
    ("EXPLAIN", Kind::Explain),
    ("DESCRIBE", Kind::Explain),
    ("DESC", Kind::Explain),
    ("SHOW", Kind::Show),
    ("LIST", Kind::Show),
    ("LS", Kind::Show),
    ("COMMENT", Kind::Comment),
    ("MERGE", Kind::OtherDml),
    ("UPSERT", Kind::OtherDml),
    ("LOAD", Kind::OtherDml),
    ("COPY", Kind::OtherDml),
    ("BULK", Kind::OtherDml),
    ("REPLACE", Kind::Insert),
    ("UNDROP", Kind::OtherDdl),
    ("EXCHANGE", Kind::OtherDdl),
    ("ATTACH", Kind::OtherDdl),
    ("DETACH", Kind::OtherDdl),
    ("BEGIN", Kind::Begin),
    ("START", Kind::Begin),
    ("COMMIT", Kind::Commit),
    ("ROLLBACK", Kind::Rollback),
    ("SAVEPOINT", Kind::Savepoint),
    ("SAVE", Kind::Savepoint),
    ("RELEASE", Kind::Savepoint),
    ("SET", Kind::Set),
    ("UNSET", Kind::Set),
    ("RESET", Kind::Set),
    ("DECLARE", Kind::Set),
    ("USE", Kind::Use),
    ("GRANT", Kind::Grant),
    ("REVOKE", Kind::Grant),
    ("DENY", Kind::Grant),
    ("CALL", Kind::Call),
    ("EXEC", Kind::Call),
    ("EXECUTE", Kind::Call),
    ("OPTIMIZE", Kind::Maintenance),
    ("VACUUM", Kind::Maintenance),
    ("ANALYZE", Kind::Maintenance),
    ("REFRESH", Kind::Maintenance),
    ("KILL", Kind::Maintenance),
    ("SYSTEM", Kind::Maintenance),
    ("MSCK", Kind::Maintenance),
    ("PURGE", Kind::Maintenance),
    ("LOCK", Kind::Maintenance),
];

/// Reads the head of `statement`. `own` are the dialect's verbs, which count before the common ones.
pub fn classify(statement: &str, rules: Rules, own: &[(&str, Kind)]) -> Facts {
    let mut words = Words::new(statement, rules);
    while words.eat_punct(b'(') {}
    facts(&mut words, own)
}

fn facts(w: &mut Words<'_>, own: &[(&str, Kind)]) -> Facts {
    let verb = w.next_word();
    if let Some((_, kind)) = own.iter().find(|(word, _)| *word == verb) {
        return Facts::of(*kind);
    }
    match verb.as_str() {
        "CREATE" => object(w, |o| o.1),
        "ALTER" => alter(w),
        "DROP" => drop(w),
        "RENAME" => {
            w.eat("TABLE");
            named(Kind::Rename, "table", w)
        }
        "TRUNCATE" => {
            w.eat("TABLE");
            w.eat_if_exists();
            named(Kind::Truncate, "table", w)
        }
        "INSERT" => {
            while w.eat_any(&[
                "INTO",
                "OVERWRITE",
                "TABLE",
                "ALL",
                "FIRST",
                "OR",
                "IGNORE",
                "UPDATE",
            ]) {}
            named(Kind::Insert, "table", w)
        }
        "UPDATE" if w.is("STATISTICS") => Facts::of(Kind::Maintenance),
        "UPDATE" => {
            w.eat("ONLY");
            top(w);
            named(Kind::Update, "table", w)
        }
        "DELETE" => {
            top(w);
            w.eat("FROM");
            w.eat("ONLY");
            named(Kind::Delete, "table", w)
        }
        "WITH" => match w
            .skip_to(&["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "FROM"])
            .as_deref()
        {
            Some("INSERT") => Facts::of(Kind::Insert),
            Some("UPDATE") => Facts::of(Kind::Update),
            Some("DELETE") => Facts::of(Kind::Delete),
            Some("MERGE") => Facts::of(Kind::OtherDml),
            _ => select(w),
        },
        "SELECT" => select(w),
        verb => VERBS
            .iter()
            .find(|(word, _)| *word == verb)
            .map_or_else(|| Facts::of(Kind::Unknown), |(_, kind)| Facts::of(*kind)),
    }
}

/// T-SQL's `TOP (n) [PERCENT]`.
fn top(w: &mut Words<'_>) {
    if w.eat("TOP") {
        if w.eat_punct(b'(') {
            while !w.eat_punct(b')') && w.next_token().is_some() {}
        } else {
            w.next_token();
        }
        w.eat("PERCENT");
    }
}

/// `SELECT … INTO table` makes a table, unless it names a variable.
fn select(w: &mut Words<'_>) -> Facts {
    let into = w.skip_to(&["INTO", "FROM", "WHERE", "UNION", "ORDER"]);
    if into.as_deref() == Some("INTO")
        && let Some((schema, name)) = w.qualified()
        && !name.starts_with('@')
    {
        let object = ObjectRef { kind: "table".to_owned(), schema, name };
        return Facts { objects: vec![object], ..Facts::of(Kind::CreateTable) };
    }
    Facts::of(Kind::Select)
}

fn named(kind: Kind, what: &str, w: &mut Words<'_>) -> Facts {
    let object =
        w.qualified().map(|(schema, name)| ObjectRef { kind: what.to_owned(), schema, name });
    Facts { objects: object.into_iter().collect(), ..Facts::of(kind) }
}

/// Steps over what stands before the object's word and gives its row.
fn row(w: &mut Words<'_>) -> Option<&'static Object> {
    loop {
        let word = w.peek();
        if let Some(object) = OBJECTS.iter().find(|o| o.0 == word) {
            w.next_token();
            return Some(object);
        }
        if !MODIFIERS.contains(&word.as_str()) {
            return None;
        }
        w.next_token();
    }
}

fn object(w: &mut Words<'_>, kind: impl Fn(&Object) -> Kind) -> Facts {
    let Some(object) = row(w) else { return Facts::of(Kind::OtherDdl) };
    // PACKAGE BODY, TYPE BODY.
    w.eat("BODY");
    w.eat_if_exists();
    let what = object.0.to_ascii_lowercase();
    if kind(object) == Kind::Grant {
        // Accounts come with passwords.
        return Facts { sensitive: true, ..Facts::of(Kind::Grant) };
    }
    let mut facts = named(kind(object), &what, w);
    if matches!(object.0, "INDEX" | "TRIGGER") && w.eat("ON") {
        facts.objects.extend(named(facts.kind, "table", w).objects);
    }
    facts
}

fn alter(w: &mut Words<'_>) -> Facts {
    let mut facts = object(w, |o| o.2);
    // In other tables and views RENAME is one of the things that ALTER does.
    let renamed = match facts.objects.first().map(|o| o.kind.as_str()) {
        Some("index") => Kind::RenameIndex,
        Some("sequence") => Kind::RenameSequence,
        Some("schema") => Kind::RenameSchema,
        _ => return facts,
    };
    if w.eat("RENAME") && w.eat("TO") {
        facts.kind = renamed;
    }
    facts
}

fn drop(w: &mut Words<'_>) -> Facts {
    let mut facts = object(w, |o| o.3);
    let Some(kind) = facts.objects.first().map(|o| o.kind.clone()) else { return facts };
    while w.eat_punct(b',') {
        facts.objects.extend(named(facts.kind, &kind, w).objects);
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(statement: &str) -> String {
        let rules = Rules { brackets: true, sigils: true, ..Rules::NONE };
        let facts = classify(statement, rules, &[("DBCC", Kind::Maintenance)]);
        let objects: String =
            facts.objects.iter().map(|o| format!(" {}:{}.{}", o.kind, o.schema, o.name)).collect();
        facts.kind.as_str().to_owned() + &objects
    }

    #[test]
    fn kinds_and_objects() {
        for (statement, expect) in [
            ("CREATE OR REPLACE TRANSIENT TABLE a.b.c (d int)", "CREATE_TABLE table:b.c"),
            ("create unique nonclustered index i on [t u] (a)", "CREATE_INDEX index:.i table:.t u"),
            ("create or replace editionable package body p as end", "OTHER_DDL"),
            ("create materialized view v as select 1", "CREATE_VIEW view:.v"),
            ("create login a with password = 'x'", "GRANT"),
            ("alter index i rename to j", "RENAME_INDEX index:.i"),
            ("alter table a rename to b", "ALTER_TABLE table:.a"),
            ("drop table if exists a, b.c", "DROP_TABLE table:.a table:b.c"),
            ("insert into dbo.t values (1)", "INSERT table:dbo.t"),
            ("insert all into t values (1) select 1", "INSERT table:.t"),
            ("update top (5) percent t set a = 1", "UPDATE table:.t"),
            ("delete t where a = 1", "DELETE table:.t"),
            ("with x as (select 1) delete from t", "DELETE"),
            ("with x as (delete from t) select 1", "SELECT"),
            ("select a into #b from c", "CREATE_TABLE table:.#b"),
            ("select a into @b from c", "SELECT"),
            ("(select 1) union (select 2)", "SELECT"),
            ("dbcc checkdb", "MAINTENANCE"),
            ("update statistics t", "MAINTENANCE"),
            ("merge into t using u on a = b", "OTHER_DML"),
            ("frobnicate", "UNKNOWN"),
            ("", "UNKNOWN"),
        ] {
            assert_eq!(told(statement), expect, "{statement}");
        }
    }
}
