//! What one statement does, from its first words. No parser: a statement that the parser does not know is still classified.

use sql::{Facts, ObjectRef, StatementKind as Kind};

use crate::ddl;
use crate::head::{self, Head};

pub fn classify(statement: &str) -> Facts {
    facts(&mut Head::new(statement))
}

pub(crate) fn object(kind: &str, (schema, name): (String, String)) -> ObjectRef {
    ObjectRef { kind: kind.to_owned(), schema, name }
}

fn facts(head: &mut Head<'_>) -> Facts {
    // A query may stand in parentheses, and what counts is the first word within.
    while head.eat_punct(b'(') {}
    let verb = head.word();
    head.next();
    match verb.as_str() {
        "CREATE" => ddl::create(head),
        "ALTER" => ddl::alter(head),
        "DROP" => ddl::drop(head),
        "COMMENT" => comment(head, Kind::Comment),
        "SECURITY" => comment(head, Kind::Comment),
        "TRUNCATE" => truncate(head),
        "IMPORT" | "REASSIGN" => Facts::of(Kind::OtherDdl),
        "INSERT" => {
            head.eat("INTO");
            one(Kind::Insert, "table", head)
        }
        "UPDATE" => {
            head.eat("ONLY");
            one(Kind::Update, "table", head)
        }
        "DELETE" => {
            head.eat("FROM");
            head.eat("ONLY");
            one(Kind::Delete, "table", head)
        }
        "MERGE" => {
            head.eat("INTO");
            head.eat("ONLY");
            one(Kind::OtherDml, "table", head)
        }
        "COPY" => copy(head),
        "WITH" => with(head),
        "SELECT" => select(head),
        "TABLE" | "VALUES" => Facts::of(Kind::Select),
        "FETCH" | "MOVE" | "DECLARE" => Facts::of(Kind::Select),
        "EXPLAIN" => explain(head),
        "SHOW" => Facts::of(Kind::Show),
        "BEGIN" | "START" => Facts::of(Kind::Begin),
        "COMMIT" | "END" => end(head, Kind::Commit),
        "ROLLBACK" | "ABORT" => end(head, Kind::Rollback),
        "PREPARE" if head.is("TRANSACTION") => outside(Kind::Commit),
        "SAVEPOINT" | "RELEASE" => Facts::of(Kind::Savepoint),
        "DISCARD" => Facts { outside_transaction: head.is("ALL"), ..Facts::of(Kind::Set) },
        "SET" | "RESET" | "LISTEN" | "UNLISTEN" | "PREPARE" | "DEALLOCATE" | "CLOSE" => {
            Facts::of(Kind::Set)
        }
        "GRANT" | "REVOKE" => Facts::of(Kind::Grant),
        "DO" => do_block(head),
        "CALL" => one(Kind::Call, "procedure", head),
        "EXECUTE" | "NOTIFY" => Facts::of(Kind::Call),
        "VACUUM" => outside(Kind::Maintenance),
        "REINDEX" => reindex(head),
        "CLUSTER" => cluster(head),
        "REFRESH" => {
            let _ = head.eat_all(&["MATERIALIZED", "VIEW"]) && head.eat("CONCURRENTLY");
            one(Kind::Maintenance, "materialized view", head)
        }
        "ANALYZE" | "ANALYSE" | "CHECKPOINT" | "LOAD" | "LOCK" => Facts::of(Kind::Maintenance),
        _ => Facts::of(Kind::Unknown),
    }
}

pub(crate) fn outside(kind: Kind) -> Facts {
    Facts { outside_transaction: true, ..Facts::of(kind) }
}

fn one(kind: Kind, what: &str, head: &mut Head<'_>) -> Facts {
    Facts {
        objects: head.qualified().map(|n| object(what, n)).into_iter().collect(),
        ..Facts::of(kind)
    }
}

fn truncate(head: &mut Head<'_>) -> Facts {
    head.eat("TABLE");
    let mut facts = Facts::of(Kind::Truncate);
    loop {
        head.eat("ONLY");
        facts.objects.extend(head.qualified().map(|n| object("table", n)));
        head.eat_punct(b'*');
        if !head.eat_punct(b',') {
            return facts;
        }
    }
}

/// `COMMENT ON kind name`, `SECURITY LABEL … ON kind name`.
fn comment(head: &mut Head<'_>, kind: Kind) -> Facts {
    let mut facts = Facts::of(kind);
    if !head.skip_to(&["ON"]) {
        return facts;
    }
    head.next();
    let Some(what) = ddl::object_kind(head) else { return facts };
    if what == "column" {
        // The last part names the column, the one before it the table.
        let mut parts = head.parts();
        parts.pop();
        let table = parts.pop();
        facts.objects.extend(table.map(|t| object("table", (parts.pop().unwrap_or_default(), t))));
        return facts;
    }
    let Some((schema, name)) = head.qualified() else { return facts };
    match what {
        "constraint" | "trigger" | "policy" | "rule" if head.eat("ON") => {
            head.eat("DOMAIN");
            facts.objects.extend(head.qualified().map(|n| object("table", n)));
        }
        _ => facts.objects.push(object(what, (schema, name))),
    }
    facts
}

fn copy(head: &mut Head<'_>) -> Facts {
    if head.is_punct(b'(') {
        return Facts::of(Kind::Select);
    }
    let name = head.qualified();
    head.parens();
    if head.is("TO") {
        return Facts::of(Kind::Select);
    }
    let objects = name.map(|n| object("table", n)).into_iter().collect();
    Facts { objects, ..Facts::of(Kind::OtherDml) }
}

/// The part behind the CTEs decides, unless a CTE itself changes rows.
fn with(head: &mut Head<'_>) -> Facts {
    head.eat("RECURSIVE");
    let mut changing: Option<Facts> = None;
    loop {
        head.name();
        head.parens();
        head.eat("AS");
        head.eat("NOT");
        head.eat("MATERIALIZED");
        let inside = head.parens();
        if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
            let body = head.between(*first, *last);
            let facts = classify(body);
            if changing.is_none() && facts.kind.class() == sql::StatementClass::Dml {
                changing = Some(facts);
            }
        }
        // SEARCH … and CYCLE … clauses may follow a CTE.
        if head.is("SEARCH") || head.is("CYCLE") {
            head.skip_to_main();
        }
        if !head.eat_punct(b',') {
            break;
        }
    }
    let main = facts(head);
    match changing {
        Some(mut changing) if main.kind.class() == sql::StatementClass::Query => {
            changing.objects.extend(main.objects);
            changing
        }
        Some(changing) => {
            Facts { objects: [main.objects, changing.objects].concat(), ..Facts::of(main.kind) }
        }
        None => main,
    }
}

/// `SELECT … INTO table` makes a table.
fn select(head: &mut Head<'_>) -> Facts {
    if !head.skip_to(&["INTO", "FROM", "WHERE", "UNION", "ORDER", "LIMIT"]) || !head.eat("INTO") {
        return Facts::of(Kind::Select);
    }
    head.eat_any(&["TEMPORARY", "TEMP", "UNLOGGED"]);
    head.eat("TABLE");
    one(Kind::CreateTable, "table", head)
}

/// EXPLAIN ANALYZE runs the statement, so it counts as what it runs.
fn explain(head: &mut Head<'_>) -> Facts {
    let mut runs = false;
    if head.is_punct(b'(') {
        let options = head.parens();
        for (n, t) in options.iter().enumerate() {
            let word = head.text_of(*t);
            if word.eq_ignore_ascii_case("analyze") || word.eq_ignore_ascii_case("analyse") {
                let value = options.get(n + 1).map(|t| head.text_of(*t).to_ascii_lowercase());
                runs =
                    !matches!(value.as_deref(), Some("false" | "off" | "0" | "'false'" | "'off'"));
            }
        }
    } else {
        runs = head.eat_any(&["ANALYZE", "ANALYSE"]);
        head.eat("VERBOSE");
    }
    if runs { facts(head) } else { Facts::of(Kind::Explain) }
}

/// COMMIT and ROLLBACK, with their PREPARED and TO SAVEPOINT forms.
fn end(head: &mut Head<'_>, kind: Kind) -> Facts {
    if head.eat("PREPARED") {
        return outside(kind);
    }
    head.eat_any(&["WORK", "TRANSACTION"]);
    if head.is("TO") { Facts::of(Kind::Savepoint) } else { Facts::of(kind) }
}

/// A block that commits for itself cannot run inside a transaction.
fn do_block(head: &mut Head<'_>) -> Facts {
    let mut facts = Facts::of(Kind::Call);
    while let Some(t) = head.next() {
        if t.kind == sql::lex::TokenKind::String {
            let body = head::string_body(head.text_of(t));
            facts.outside_transaction |= commits(body);
        }
    }
    facts
}

fn commits(body: &str) -> bool {
    let mut head = Head::new(body);
    while let Some(t) = head.next() {
        if (t.is_word(body, "commit") || t.is_word(body, "rollback"))
            && (head.is_punct(b';') || head.is("AND"))
        {
            return true;
        }
    }
    false
}

fn reindex(head: &mut Head<'_>) -> Facts {
    let options = head.parens();
    let mut concurrently =
        options.iter().any(|t| head.text_of(*t).eq_ignore_ascii_case("concurrently"));
    let what = match head.word().as_str() {
        "INDEX" => "index",
        "TABLE" => "table",
        "SCHEMA" => "schema",
        _ => "database",
    };
    head.next();
    concurrently |= head.eat("CONCURRENTLY");
    let outside_transaction = concurrently || matches!(what, "schema" | "database");
    Facts { outside_transaction, ..one(Kind::Maintenance, what, head) }
}

/// Without a table it goes through all of them, each in a transaction of its own.
fn cluster(head: &mut Head<'_>) -> Facts {
    head.parens();
    head.eat("VERBOSE");
    let facts = one(Kind::Maintenance, "table", head);
    Facts { outside_transaction: facts.objects.is_empty(), ..facts }
}
