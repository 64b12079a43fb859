//! Says what a statement does from its head.

use sql::StatementKind as K;
use sql::{Facts, ObjectRef};

use crate::parse::Words;

/// Settings of a connection that SQLite does not change inside a transaction: it refuses, or ignores them silently.
const NOT_IN_TRANSACTION: [&str; 5] =
    ["FOREIGN_KEYS", "JOURNAL_MODE", "SYNCHRONOUS", "AUTO_VACUUM", "PAGE_SIZE"];

/// Whether it carries the key of an encrypted database: `PRAGMA key = 'x'`, `ATTACH … KEY 'x'`.
pub(crate) fn is_sensitive(statement: &str) -> bool {
    let mut words = Words::new(statement);
    if !["PRAGMA", "ATTACH"].contains(&words.next_word().as_str()) {
        return false;
    }
    while words.peek_token().is_some() {
        if ["KEY", "REKEY", "HEXKEY", "HEXREKEY", "TEXTKEY"].contains(&words.next_word().as_str()) {
            return true;
        }
    }
    false
}

pub(crate) fn classify(statement: &str) -> Facts {
    let mut words = Words::new(statement);
    let w = &mut words;
    let mut facts = Facts::of(K::Unknown);
    (facts.kind, facts.objects) = match w.next_word().as_str() {
        "CREATE" => create(w),
        "ALTER" => {
            w.eat("TABLE");
            (K::AlterTable, one(w, "table"))
        }
        "DROP" => drop(w),
        "INSERT" => {
            or_conflict(w);
            w.eat("INTO");
            (K::Insert, one(w, "table"))
        }
        "REPLACE" => {
            w.eat("INTO");
            (K::Insert, one(w, "table"))
        }
        "UPDATE" => {
            or_conflict(w);
            (K::Update, one(w, "table"))
        }
        "DELETE" => {
            w.eat("FROM");
            (K::Delete, one(w, "table"))
        }
        "WITH" => with(w),
        "SELECT" | "VALUES" => plain(K::Select),
        "EXPLAIN" => plain(K::Explain),
        "PRAGMA" => {
            let (kind, outside) = pragma(w);
            facts.outside_transaction = outside;
            plain(kind)
        }
        "BEGIN" => plain(K::Begin),
        "COMMIT" | "END" => plain(K::Commit),
        "ROLLBACK" => {
            w.eat("TRANSACTION");
            plain(if w.peek() == "TO" { K::Savepoint } else { K::Rollback })
        }
        "SAVEPOINT" | "RELEASE" => plain(K::Savepoint),
        "VACUUM" | "ATTACH" | "DETACH" => {
            facts.outside_transaction = true;
            plain(K::Maintenance)
        }
        "REINDEX" | "ANALYZE" => plain(K::Maintenance),
        _ => plain(K::Unknown),
    };
    facts.outside_transaction |= facts.kind == K::CreateDatabase;
    facts
}

fn plain(kind: K) -> (K, Vec<ObjectRef>) {
    (kind, Vec::new())
}

fn one(w: &mut Words<'_>, kind: &str) -> Vec<ObjectRef> {
    let object = w.qualified();
    object
        .into_iter()
        .map(|(schema, name)| ObjectRef { kind: kind.to_owned(), schema, name })
        .collect()
}

/// `OR REPLACE`, `OR IGNORE`…
fn or_conflict(w: &mut Words<'_>) {
    if w.eat("OR") {
        w.next_token();
    }
}

fn create(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    loop {
        let (kind, object) = match w.next_word().as_str() {
            "TEMP" | "TEMPORARY" | "UNIQUE" | "VIRTUAL" => continue,
            "TABLE" => (K::CreateTable, "table"),
            "VIEW" => (K::CreateView, "view"),
            "INDEX" => (K::CreateIndex, "index"),
            "TRIGGER" => (K::CreateTrigger, "trigger"),
            "DATABASE" => (K::CreateDatabase, "database"),
            _ => return plain(K::Unknown),
        };
        w.eat_if_exists();
        let mut objects = one(w, object);
        if matches!(kind, K::CreateIndex | K::CreateTrigger) && w.skip_to(&["ON"]).is_some() {
            objects.extend(one(w, "table"));
        }
        return (kind, objects);
    }
}

fn drop(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    let (kind, object) = match w.next_word().as_str() {
        "TABLE" => (K::DropTable, "table"),
        "VIEW" => (K::DropView, "view"),
        "INDEX" => (K::DropIndex, "index"),
        "TRIGGER" => (K::DropTrigger, "trigger"),
        _ => return plain(K::Unknown),
    };
    w.eat_if_exists();
    (kind, one(w, object))
}

fn with(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    match w.skip_to(&["SELECT", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"]).as_deref() {
        Some("INSERT" | "REPLACE") => {
            or_conflict(w);
            w.eat("INTO");
            (K::Insert, one(w, "table"))
        }
        Some("UPDATE") => {
            or_conflict(w);
            (K::Update, one(w, "table"))
        }
        Some("DELETE") => {
            w.eat("FROM");
            (K::Delete, one(w, "table"))
        }
        _ => plain(K::Select),
    }
}

/// A PRAGMA without a value asks; with one it sets. Some run a check instead.
fn pragma(w: &mut Words<'_>) -> (K, bool) {
    let Some((_, name)) = w.qualified() else { return (K::Unknown, false) };
    let name = name.to_ascii_uppercase();
    let sets = w.is_punct(b'=') || w.is_punct(b'(');
    let asks = ["TABLE_", "INDEX_", "FOREIGN_KEY_", "INTEGRITY_", "QUICK_"]
        .iter()
        .any(|p| name.starts_with(p));
    if name == "OPTIMIZE" || name.starts_with("WAL_CHECKPOINT") || name == "INCREMENTAL_VACUUM" {
        return (K::Maintenance, true);
    }
    match sets && !asks {
        true => (K::Set, NOT_IN_TRANSACTION.contains(&name.as_str())),
        false => (K::Show, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(statement: &str) -> String {
        let facts = classify(statement);
        let objects = facts.objects.iter().map(|o| format!(" {}:{}", o.kind, o.name));
        let alone = if facts.outside_transaction { " alone" } else { "" };
        facts.kind.as_str().to_owned() + &objects.collect::<String>() + alone
    }

    #[test]
    fn kinds_and_objects() {
        for (statement, expect) in [
            ("create temp table if not exists main.[a b] (c)", "CREATE_TABLE table:a b"),
            ("create virtual table f using fts5 (a)", "CREATE_TABLE table:f"),
            ("create unique index i on t (a)", "CREATE_INDEX index:i table:t"),
            (
                "create trigger tr after insert on t begin select 1; end",
                "CREATE_TRIGGER trigger:tr table:t",
            ),
            ("create view v as select 1", "CREATE_VIEW view:v"),
            ("create database \"shop\"", "CREATE_DATABASE database:shop alone"),
            ("alter table t rename to u", "ALTER_TABLE table:t"),
            ("drop table if exists `t`", "DROP_TABLE table:t"),
            ("insert or replace into t values (1)", "INSERT table:t"),
            ("replace into t values (1)", "INSERT table:t"),
            ("update or ignore t set a = 1", "UPDATE table:t"),
            ("delete from t", "DELETE table:t"),
            ("with x as (select 1) insert into t select * from x", "INSERT table:t"),
            ("with x as (select 1) select * from x", "SELECT"),
            ("pragma foreign_keys = off", "SET alone"),
            ("pragma foreign_keys", "SHOW"),
            ("pragma table_info(t)", "SHOW"),
            ("pragma user_version = 3", "SET"),
            ("vacuum", "MAINTENANCE alone"),
            ("begin immediate", "BEGIN"),
            ("end", "COMMIT"),
            ("rollback to x", "SAVEPOINT"),
            ("explain query plan select 1", "EXPLAIN"),
            ("frobnicate", "UNKNOWN"),
            ("", "UNKNOWN"),
        ] {
            assert_eq!(facts(statement), expect, "{statement}");
        }
    }
}
