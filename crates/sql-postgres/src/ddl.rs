//! CREATE, ALTER and DROP: which kind of object, which objects, and whether a transaction may hold it.

use sql::{Facts, StatementKind as Kind};

use crate::classify::{object, outside};
use crate::head::Head;

/// Kinds of objects: the words in SQL → our word, and the kinds of the statements that make, change and drop it.
/// Longer phrases come before their beginnings.
const OBJECTS: &[(&[&str], &str, Kind, Kind, Kind)] = &[
    (&["FOREIGN", "TABLE"], "table", Kind::CreateTable, Kind::AlterTable, Kind::DropTable),
    (&["FOREIGN", "DATA", "WRAPPER"], "foreign data wrapper", OTHER, OTHER, OTHER),
    (&["TABLE"], "table", Kind::CreateTable, Kind::AlterTable, Kind::DropTable),
    // The wire's word for dropping a materialized view is that of a table.
    (
        &["MATERIALIZED", "VIEW"],
        "materialized view",
        Kind::CreateView,
        Kind::AlterView,
        Kind::DropTable,
    ),
    (&["VIEW"], "view", Kind::CreateView, Kind::AlterView, Kind::DropView),
    (&["INDEX"], "index", Kind::CreateIndex, Kind::AlterIndex, Kind::DropIndex),
    (&["SEQUENCE"], "sequence", Kind::CreateSequence, Kind::AlterSequence, Kind::DropSequence),
    (&["SCHEMA"], "schema", Kind::CreateSchema, OTHER, Kind::DropSchema),
    (&["FUNCTION"], "function", Kind::CreateFunction, OTHER, Kind::DropFunction),
    (&["PROCEDURE"], "procedure", Kind::CreateProcedure, OTHER, Kind::DropProcedure),
    (&["ROUTINE"], "function", OTHER, OTHER, Kind::DropFunction),
    (&["EVENT", "TRIGGER"], "event trigger", OTHER, OTHER, OTHER),
    (&["TRIGGER"], "trigger", Kind::CreateTrigger, OTHER, Kind::DropTrigger),
    (&["CONSTRAINT"], "constraint", OTHER, OTHER, OTHER),
    (&["COLUMN"], "column", OTHER, OTHER, OTHER),
    (&["EXTENSION"], "extension", Kind::CreateExtension, OTHER, Kind::DropExtension),
    (&["TYPE"], "type", Kind::CreateType, Kind::AlterType, Kind::DropType),
    (&["DOMAIN"], "type", Kind::CreateType, Kind::AlterType, Kind::DropType),
    (&["DATABASE"], "database", Kind::CreateDatabase, Kind::AlterDatabase, Kind::DropDatabase),
    (&["USER", "MAPPING"], "user mapping", OTHER, OTHER, OTHER),
    (&["ROLE"], "role", OTHER, OTHER, OTHER),
    (&["USER"], "role", OTHER, OTHER, OTHER),
    (&["GROUP"], "role", OTHER, OTHER, OTHER),
    (&["RULE"], "rule", OTHER, OTHER, OTHER),
    (&["POLICY"], "policy", OTHER, OTHER, OTHER),
    (&["PUBLICATION"], "publication", OTHER, OTHER, OTHER),
    (&["SUBSCRIPTION"], "subscription", OTHER, OTHER, OTHER),
    (&["SERVER"], "server", OTHER, OTHER, OTHER),
    (&["TABLESPACE"], "tablespace", OTHER, OTHER, OTHER),
    (&["STATISTICS"], "statistics", OTHER, OTHER, OTHER),
    (&["COLLATION"], "collation", OTHER, OTHER, OTHER),
    (&["AGGREGATE"], "aggregate", OTHER, OTHER, OTHER),
    (&["OPERATOR"], "operator", OTHER, OTHER, OTHER),
    (&["CAST"], "cast", OTHER, OTHER, OTHER),
    (&["CONVERSION"], "conversion", OTHER, OTHER, OTHER),
    (&["LANGUAGE"], "language", OTHER, OTHER, OTHER),
    (&["TEXT", "SEARCH"], "text search", OTHER, OTHER, OTHER),
    (&["ACCESS", "METHOD"], "access method", OTHER, OTHER, OTHER),
    (&["TRANSFORM"], "transform", OTHER, OTHER, OTHER),
];
const OTHER: Kind = Kind::OtherDdl;

type Row = (&'static str, Kind, Kind, Kind);

/// Consumes the words for a kind of object and gives our word for it.
pub(crate) fn object_kind(head: &mut Head<'_>) -> Option<&'static str> {
    row(head).map(|r| r.0)
}

fn row(head: &mut Head<'_>) -> Option<Row> {
    OBJECTS.iter().find(|o| head.eat_all(o.0)).map(|o| (o.1, o.2, o.3, o.4))
}

pub(crate) fn create(head: &mut Head<'_>) -> Facts {
    head.eat_all(&["OR", "REPLACE"]);
    while head.eat_any(&[
        "TEMPORARY",
        "TEMP",
        "GLOBAL",
        "LOCAL",
        "UNLOGGED",
        "UNIQUE",
        "RECURSIVE",
        "TRUSTED",
        "PROCEDURAL",
        "DEFAULT",
    ]) {}
    if head.eat_all(&["CONSTRAINT", "TRIGGER"]) {
        return on_table("trigger", Kind::CreateTrigger, head);
    }
    let Some((what, kind, ..)) = row(head) else { return Facts::of(OTHER) };
    let mut facts = Facts::of(kind);
    match what {
        "index" => return create_index(head),
        "trigger" | "rule" | "policy" => return on_table(what, kind, head),
        "role" => facts.sensitive = has_word(head, "PASSWORD", Some(&mut facts.objects)),
        "user mapping" => facts.sensitive = true,
        "subscription" => {
            facts.sensitive = true;
            facts.outside_transaction = true;
            facts.objects.extend(head.qualified().map(|n| object(what, n)));
        }
        "schema" => create_schema(head, &mut facts),
        "cast" | "operator" | "text search" | "access method" | "transform" | "constraint"
        | "column" => {}
        _ => {
            facts.outside_transaction = matches!(what, "database" | "tablespace");
            head.eat_if_exists();
            facts.objects.extend(head.qualified().map(|n| object(what, n)));
        }
    }
    facts
}

fn create_schema(head: &mut Head<'_>, facts: &mut Facts) {
    head.eat_if_exists();
    // Without a name it takes that of the role.
    head.eat("AUTHORIZATION");
    facts.objects.extend(head.name().map(|n| object("schema", (String::new(), n))));
}

/// Changes its table, too; the index stands in the table's schema.
fn create_index(head: &mut Head<'_>) -> Facts {
    let concurrently = head.eat("CONCURRENTLY");
    head.eat_if_exists();
    let name = if head.is("ON") { None } else { head.name() };
    let mut facts = Facts { outside_transaction: concurrently, ..Facts::of(Kind::CreateIndex) };
    if head.eat("ON") {
        head.eat("ONLY");
        let table = head.qualified();
        let schema = table.as_ref().map(|t| t.0.clone()).unwrap_or_default();
        facts.objects.extend(name.map(|n| object("index", (schema, n))));
        facts.objects.extend(table.map(|t| object("table", t)));
    }
    facts
}

/// `… name … ON table`: both are changed.
fn on_table(what: &str, kind: Kind, head: &mut Head<'_>) -> Facts {
    let mut facts = Facts::of(kind);
    head.eat_if_exists();
    let name = head.name();
    // A rule names its table after TO: `ON INSERT TO t`; UPDATE OF columns stand before a trigger's ON.
    let key = if what == "rule" && head.skip_to(&["TO", "ON"]) && !head.is("TO") {
        head.next();
        if matches!(head.word().as_str(), "SELECT" | "INSERT" | "UPDATE" | "DELETE") {
            "TO"
        } else {
            ""
        }
    } else {
        "ON"
    };
    if !key.is_empty() && head.skip_to(&[key]) {
        head.next();
    }
    let table = head.qualified();
    let schema = table.as_ref().map(|t| t.0.clone()).unwrap_or_default();
    facts.objects.extend(name.map(|n| object(what, (schema, n))));
    facts.objects.extend(table.map(|t| object("table", t)));
    facts
}

pub(crate) fn alter(head: &mut Head<'_>) -> Facts {
    if head.eat("SYSTEM") {
        // primary_conninfo and the like carry passwords.
        return Facts { sensitive: true, ..outside(Kind::Maintenance) };
    }
    if head.eat_all(&["DEFAULT", "PRIVILEGES"]) {
        return Facts::of(Kind::Grant);
    }
    let Some((what, _, kind, _)) = row(head) else { return Facts::of(OTHER) };
    let mut facts = Facts::of(kind);
    match what {
        "role" => {
            facts.sensitive = has_word(head, "PASSWORD", Some(&mut facts.objects));
            return facts;
        }
        "user mapping" => return Facts { sensitive: true, ..facts },
        "trigger" | "rule" | "policy" => return on_table(what, kind, head),
        _ => {}
    }
    if head.eat_all(&["ALL", "IN", "TABLESPACE"]) {
        return facts;
    }
    head.eat_if_exists();
    head.eat("ONLY");
    facts.objects.extend(head.qualified().map(|n| object(what, n)));
    head.eat_punct(b'*');
    match what {
        "table" => {
            facts.outside_transaction =
                head.eat_all(&["DETACH", "PARTITION"]) && has_word(head, "CONCURRENTLY", None);
        }
        "database" => facts.outside_transaction = head.eat_all(&["SET", "TABLESPACE"]),
        "subscription" => {
            facts.sensitive = head.is("CONNECTION");
            facts.outside_transaction = has_word(head, "PUBLICATION", None);
        }
        "index" if head.eat_all(&["RENAME", "TO"]) => facts.kind = Kind::RenameIndex,
        "sequence" if head.eat_all(&["RENAME", "TO"]) => facts.kind = Kind::RenameSequence,
        "schema" if head.eat_all(&["RENAME", "TO"]) => facts.kind = Kind::RenameSchema,
        _ => {}
    }
    facts
}

pub(crate) fn drop(head: &mut Head<'_>) -> Facts {
    while head.eat_any(&["TRUSTED", "PROCEDURAL"]) {}
    let Some((what, _, _, kind)) = row(head) else { return Facts::of(OTHER) };
    let mut facts = Facts::of(kind);
    if what == "index" {
        facts.outside_transaction = head.eat("CONCURRENTLY");
    }
    facts.outside_transaction |= matches!(what, "database" | "tablespace" | "subscription");
    match what {
        "trigger" | "rule" | "policy" => {
            head.eat_if_exists();
            return on_table(what, kind, head);
        }
        "user mapping" | "cast" | "operator" | "text search" | "access method" | "transform" => {
            return facts;
        }
        _ => {}
    }
    head.eat_if_exists();
    loop {
        facts.objects.extend(head.qualified().map(|n| object(what, n)));
        head.parens();
        if !head.eat_punct(b',') {
            return facts;
        }
    }
}

/// Whether the word comes in the rest; `named` takes the role that the statement begins with.
fn has_word(head: &mut Head<'_>, word: &str, named: Option<&mut Vec<sql::ObjectRef>>) -> bool {
    if let Some(objects) = named {
        objects.extend(head.name().map(|n| object("role", (String::new(), n))));
    }
    head.skip_to(&[word])
}
