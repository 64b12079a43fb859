//! Says what a statement does from its head. Reads no further than it must: a large INSERT costs as much as a small one.

mod objects;
mod sensitive;

use sql::StatementKind as K;
use sql::{Facts, ObjectRef};

use crate::parse::Words;
use objects::{listed, one, other_tables, tables_until};

pub fn classify(statement: &str) -> Facts {
    let mut words = Words::new(statement);
    let (kind, objects) = head(&mut words);
    let sensitive = sensitive::is_sensitive(kind, statement);
    // The server refuses nothing inside a transaction: it commits first. `transactional_ddl` says so for all of DDL.
    Facts { objects, sensitive, ..Facts::of(kind) }
}

fn head(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    while w.eat_punct(b'(') {}
    let verb = w.next_word();
    let plain = |kind| (kind, Vec::new());
    match verb.as_str() {
        "CREATE" => create(w),
        "ALTER" => alter(w),
        "DROP" => drop(w),
        "RENAME" => rename(w),
        "TRUNCATE" => {
            w.eat("TABLE");
            (K::Truncate, one(w, "table"))
        }
        "INSERT" | "REPLACE" => {
            while w.eat_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]) {}
            (K::Insert, one(w, "table"))
        }
        "UPDATE" => {
            while w.eat_any(&["LOW_PRIORITY", "IGNORE"]) {}
            (K::Update, tables_until(w, &["SET"]))
        }
        "DELETE" => {
            while w.eat_any(&["HISTORY", "LOW_PRIORITY", "QUICK", "IGNORE"]) {}
            let of_list = w.eat("FROM");
            let until = if of_list { "USING" } else { "FROM" };
            (K::Delete, tables_until(w, &[until, "WHERE", "ORDER", "LIMIT", "RETURNING"]))
        }
        "LOAD" => load(w),
        "IMPORT" => plain(K::OtherDdl),
        "WITH" => {
            match w.skip_to(&["SELECT", "UPDATE", "DELETE", "INSERT", "REPLACE"]).as_deref() {
                Some("UPDATE") => (K::Update, tables_until(w, &["SET"])),
                Some("DELETE") => {
                    w.eat("FROM");
                    (K::Delete, tables_until(w, &["FROM", "USING", "WHERE", "ORDER", "LIMIT"]))
                }
                _ => plain(K::Select),
            }
        }
        "SELECT" | "TABLE" | "VALUES" | "HANDLER" => plain(K::Select),
        "SHOW" | "HELP" => plain(K::Show),
        "EXPLAIN" | "DESCRIBE" | "DESC" => plain(K::Explain),
        "ANALYZE" => analyze(w),
        "BEGIN" if w.eat("NOT") => plain(K::Call),
        "BEGIN" => plain(K::Begin),
        "START" if w.eat("TRANSACTION") => plain(K::Begin),
        "XA" => plain(K::Begin),
        "COMMIT" => plain(K::Commit),
        "ROLLBACK" => {
            w.eat("WORK");
            plain(if w.peek() == "TO" { K::Savepoint } else { K::Rollback })
        }
        "SAVEPOINT" | "RELEASE" => plain(K::Savepoint),
        "SET" => plain(set(w)),
        "USE" => plain(K::Use),
        "PREPARE" | "DEALLOCATE" => plain(K::Set),
        "CALL" | "EXECUTE" | "DO" | "SIGNAL" | "RESIGNAL" => plain(K::Call),
        "GRANT" | "REVOKE" => plain(K::Grant),
        "FLUSH" | "OPTIMIZE" | "CHECK" | "REPAIR" | "CHECKSUM" | "KILL" | "RESET" | "PURGE"
        | "INSTALL" | "UNINSTALL" | "CHANGE" | "STOP" | "START" | "CACHE" | "LOCK" | "UNLOCK"
        | "BINLOG" | "BACKUP" | "SHUTDOWN" | "RESTART" | "CLONE" => plain(K::Maintenance),
        _ => plain(K::Unknown),
    }
}

/// `ANALYZE TABLE` keeps statistics; MariaDB's `ANALYZE statement` runs the statement.
fn analyze(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    w.eat_any(&["NO_WRITE_TO_BINLOG", "LOCAL"]);
    if w.eat_any(&["TABLE", "TABLES"]) {
        return (K::Maintenance, Vec::new());
    }
    if w.eat("FORMAT") {
        w.eat_punct(b'=');
        w.next_token();
    }
    head(w)
}

fn set(w: &mut Words<'_>) -> K {
    match w.next_word().as_str() {
        "PASSWORD" => K::Grant,
        "DEFAULT" if w.eat("ROLE") => K::Grant,
        "GLOBAL" | "PERSIST" | "PERSIST_ONLY" => K::Maintenance,
        // With autocommit off every later statement is in a transaction that the script must end.
        "AUTOCOMMIT" => K::Begin,
        "SESSION" | "LOCAL" if w.eat("AUTOCOMMIT") => K::Begin,
        "" if w.rest().to_ascii_uppercase().starts_with("@GLOBAL") => K::Maintenance,
        _ => K::Set,
    }
}

fn load(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    if !w.eat("DATA") && !w.eat("XML") {
        return (K::Maintenance, Vec::new());
    }
    let found = w.skip_to(&["TABLE"]).is_some();
    (K::OtherDml, if found { one(w, "table") } else { Vec::new() })
}

fn rename(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    if w.eat("USER") {
        return (K::Grant, Vec::new());
    }
    if !w.eat_any(&["TABLE", "TABLES"]) {
        return (K::Unknown, Vec::new());
    }
    w.eat_if_exists();
    let mut objects = Vec::new();
    loop {
        objects.extend(one(w, "table"));
        if w.skip_to(&["TO"]).is_none() {
            break;
        }
        objects.extend(one(w, "table"));
        if !w.eat_punct(b',') {
            break;
        }
    }
    (K::Rename, objects)
}

fn create(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    loop {
        let word = w.next_word();
        let (kind, object) = match word.as_str() {
            "TABLE" => {
                w.eat_if_exists();
                return (K::CreateTable, one(w, "table"));
            }
            "VIEW" => (K::CreateView, "view"),
            "PROCEDURE" => (K::CreateProcedure, "procedure"),
            "FUNCTION" => (K::CreateFunction, "function"),
            "EVENT" => (K::CreateEvent, "event"),
            "SEQUENCE" => (K::CreateSequence, "sequence"),
            "DATABASE" | "SCHEMA" => (K::CreateDatabase, "database"),
            "SERVER" | "TABLESPACE" | "LOGFILE" | "RESOURCE" | "REFERENCE" | "PACKAGE" => {
                return (K::OtherDdl, Vec::new());
            }
            "USER" | "ROLE" => return (K::Grant, Vec::new()),
            "INDEX" => {
                w.eat_if_exists();
                return (K::CreateIndex, on_table(w, "index"));
            }
            "TRIGGER" => {
                w.eat_if_exists();
                return (K::CreateTrigger, on_table(w, "trigger"));
            }
            "" if w.peek_token().is_none() => return (K::Unknown, Vec::new()),
            // OR REPLACE, DEFINER = …, ALGORITHM = …, TEMPORARY, UNIQUE and what else stands before the kind.
            _ => continue,
        };
        w.eat_if_exists();
        return (kind, one(w, object));
    }
}

/// `name … ON table`: the object and its table.
fn on_table(w: &mut Words<'_>, kind: &str) -> Vec<ObjectRef> {
    let mut objects = one(w, kind);
    if w.skip_to(&["ON"]).is_some() {
        objects.extend(one(w, "table"));
    }
    objects
}

fn alter(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    loop {
        let word = w.next_word();
        let (kind, object) = match word.as_str() {
            "TABLE" => {
                w.eat_if_exists();
                let mut objects = one(w, "table");
                objects.extend(other_tables(w));
                return (K::AlterTable, objects);
            }
            "VIEW" => (K::AlterView, "view"),
            "EVENT" => (K::AlterEvent, "event"),
            "SEQUENCE" => (K::AlterSequence, "sequence"),
            "DATABASE" | "SCHEMA" => (K::AlterDatabase, "database"),
            "PROCEDURE" => (K::OtherDdl, "procedure"),
            "FUNCTION" => (K::OtherDdl, "function"),
            "USER" => return (K::Grant, Vec::new()),
            "SERVER" | "TABLESPACE" | "LOGFILE" | "RESOURCE" | "UNDO" => {
                return (K::OtherDdl, Vec::new());
            }
            "INSTANCE" => return (K::Maintenance, Vec::new()),
            "" if w.peek_token().is_none() => return (K::Unknown, Vec::new()),
            _ => continue,
        };
        w.eat_if_exists();
        return (kind, one(w, object));
    }
}

fn drop(w: &mut Words<'_>) -> (K, Vec<ObjectRef>) {
    loop {
        let word = w.next_word();
        let (kind, object) = match word.as_str() {
            "TABLE" | "TABLES" => (K::DropTable, "table"),
            "VIEW" => (K::DropView, "view"),
            "PROCEDURE" => (K::DropProcedure, "procedure"),
            "FUNCTION" => (K::DropFunction, "function"),
            "TRIGGER" => (K::DropTrigger, "trigger"),
            "EVENT" => (K::DropEvent, "event"),
            "SEQUENCE" => (K::DropSequence, "sequence"),
            "DATABASE" | "SCHEMA" => (K::DropDatabase, "database"),
            "INDEX" => {
                w.eat_if_exists();
                return (K::DropIndex, on_table(w, "index"));
            }
            "USER" | "ROLE" => return (K::Grant, Vec::new()),
            "SERVER" | "TABLESPACE" | "LOGFILE" | "RESOURCE" | "REFERENCE" | "PACKAGE" | "UNDO" => {
                return (K::OtherDdl, Vec::new());
            }
            "PREPARE" => return (K::Set, Vec::new()),
            "" if w.peek_token().is_none() => return (K::Unknown, Vec::new()),
            _ => continue,
        };
        w.eat_if_exists();
        return (kind, listed(w, object));
    }
}
