//! query_span.jsonl: where the result of a statement comes from, and what it looks at.

use base::EngineKind;
use conformance::Outcome;
use schema::{
    Catalog, Column, MaterializedView, Partition, Routine, RoutineKind, Schema, Sequence, Table,
    View,
};
use serde_json::{Value, json};
use sql::{Dialect, QuerySpan, Sources, SpanColumn};

#[test]
fn conformance_query_span() {
    conformance::run("query_span", "query_span.jsonl", |row| {
        let engine = row["engine"].as_str().unwrap_or_default();
        let Some(dialect) = dialect(engine) else { return Outcome::Failed("no span".to_owned()) };
        let script = row["statement"].as_str().unwrap_or_default();
        let parsed = dialect.parse(script);
        let Some(statement) = parsed.statements.first() else {
            return Outcome::Failed("no statement".to_owned());
        };
        let catalog = catalog(&row["metadata"], &row["default_database"]);
        match dialect.span(&catalog, statement, statement.span().of(script)) {
            Some(span) => Outcome::of(&shown(&span), &row["expect"]),
            None => Outcome::Failed("no span".to_owned()),
        }
    });
}

fn dialect(engine: &str) -> Option<&'static dyn Dialect> {
    match EngineKind::from_wire_name(engine)? {
        EngineKind::Postgres => Some(&sql_postgres::DIALECT),
        _ => None,
    }
}

fn shown(span: &QuerySpan) -> Value {
    let column = |c: &SpanColumn| {
        json!({
            "name": c.name,
            "sourcecolumns": sources(&c.sources),
            "isplainfield": c.plain,
            "sourcefieldpaths": [],
            "selectasterisk": false,
        })
    };
    json!({
        "type": span.kind as i32,
        "results": span.columns.iter().map(column).collect::<Value>(),
        "sourcecolumns": sources(&span.relations),
        "predicatecolumns": sources(&span.predicates),
    })
}

fn sources(sources: &Sources) -> Value {
    let source = |s: &sql::SourceColumn| {
        json!({
            "server": "",
            "database": s.database,
            "schema": s.schema,
            "table": s.table,
            "column": s.column,
        })
    };
    sources.iter().map(source).collect()
}

/// The catalog that a row describes in the words of the wire.
fn catalog(metadata: &Value, default: &Value) -> Catalog {
    let name = metadata["name"].as_str().or(default.as_str()).unwrap_or_default().to_owned();
    let search_path = text(metadata, "searchPath");
    Catalog { name, search_path, schemas: list(metadata, "schemas", schema), ..Catalog::default() }
}

fn schema(schema: &Value) -> Schema {
    let mut tables = list(schema, "tables", table);
    tables.extend(list(schema, "externalTables", table));
    let mut routines = list(schema, "functions", |f| routine(f, RoutineKind::Function));
    routines.extend(list(schema, "procedures", |p| routine(p, RoutineKind::Procedure)));
    Schema {
        name: text(schema, "name"),
        tables: tables.into_iter().map(Into::into).collect(),
        routines,
        views: list(schema, "views", |v| {
            let (name, definition) = (text(v, "name"), text(v, "definition"));
            let columns = list(v, "columns", column);
            View { name, definition, columns, ..View::default() }.into()
        }),
        materialized_views: list(schema, "materializedViews", |v| MaterializedView {
            name: text(v, "name"),
            definition: text(v, "definition"),
            ..MaterializedView::default()
        }),
        sequences: list(schema, "sequences", |s| Sequence {
            name: text(s, "name"),
            ..Sequence::default()
        }),
        ..Schema::default()
    }
}

fn table(table: &Value) -> Table {
    Table {
        name: text(table, "name"),
        columns: list(table, "columns", column),
        partitions: list(table, "partitions", partition),
        ..Table::default()
    }
}

fn partition(value: &Value) -> Partition {
    Partition {
        name: text(value, "name"),
        subpartitions: list(value, "subpartitions", partition),
        ..Partition::default()
    }
}

fn column(column: &Value) -> Column {
    Column { name: text(column, "name"), r#type: text(column, "type"), ..Column::default() }
}

fn routine(routine: &Value, kind: RoutineKind) -> Routine {
    Routine {
        kind,
        name: text(routine, "name"),
        definition: text(routine, "definition"),
        ..Routine::default()
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list<T>(value: &Value, key: &str, make: impl Fn(&Value) -> T) -> Vec<T> {
    value[key].as_array().into_iter().flatten().map(make).collect()
}
