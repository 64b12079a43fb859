//! Which locks a statement takes, and what happens under them.
//!
//! After the manual (§ 13.3.1 and the pages of the commands) and what servers do: `tests/it/locks.rs` compares with a
//! real one. Where it depends on something nobody here knows (a function's volatility, an old type), the graver answer
//! is given.

mod alter;
mod maintenance;

use base::Span;
use schema::{Catalog, Shared, Table};
use sql::tree::{
    Body, Constraint, ConstraintKind, CreateTable, FromItem, Name, QueryBody, visit_queries,
};
use sql::{LockForecast, LockWork};

pub use alter::{is_checked, is_stable};

use crate::apply::place;

/// The modes of table locks, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

impl Mode {
    const fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}

/// What is known when a forecast is made.
struct Server<'a> {
    catalog: Option<&'a Catalog>,
    /// Major version.
    version: u32,
}

/// A lock, before it is written down.
struct Lock {
    relation: Name,
    mode: Mode,
    work: LockWork,
    because: &'static str,
    safer: Option<&'static str>,
}

impl Lock {
    fn of(relation: &Name, mode: Mode, work: LockWork, because: &'static str) -> Self {
        Self { relation: relation.clone(), mode, work, because, safer: None }
    }

    fn safer(self, safer: &'static str) -> Self {
        Self { safer: Some(safer), ..self }
    }
}

pub fn forecast(
    body: &Body,
    text: &str,
    start: usize,
    catalog: Option<&Catalog>,
    version: Option<(u32, u32)>,
) -> Vec<LockForecast> {
    let server = Server { catalog, version: version.map_or(18, |v| v.0) };
    let mut found = Vec::new();
    for lock in locks(&server, body) {
        found.extend(server.written(&lock));
    }
    if matches!(body, Body::Other | Body::Unparsed) {
        for (relation, mode, work, because, safer) in maintenance::locks(text, start) {
            found.extend(server.written(&Lock { relation, mode, work, because, safer }));
        }
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.1));
    // The strongest speaks for a relation.
    let mut forecasts: Vec<LockForecast> = Vec::new();
    for (forecast, _) in found {
        let seen = forecasts
            .iter()
            .any(|f| f.relation == forecast.relation && f.schema == forecast.schema);
        if !seen {
            forecasts.push(forecast);
        }
    }
    forecasts
}

impl Server<'_> {
    /// None for what the script itself made.
    fn written(&self, lock: &Lock) -> Option<(LockForecast, (Mode, LockWork))> {
        let name = &lock.relation;
        let known = match self.catalog {
            Some(catalog) => Some(place::find(catalog, name)?),
            None => None,
        };
        let rows = self.table(name).map(|t| t.stats.rows).filter(|r| *r >= 0);
        let forecast = LockForecast {
            schema: known.map_or_else(|| name.schema.clone(), |k| k.0),
            relation: name.name.clone(),
            span: name.span,
            mode: lock.mode.name(),
            blocks_reads: lock.mode == Mode::AccessExclusive,
            blocks_writes: lock.mode >= Mode::Share,
            work: lock.work,
            rows,
            because: lock.because,
            safer: lock.safer,
        };
        Some((forecast, (lock.mode, lock.work)))
    }

    fn table(&self, name: &Name) -> Option<&Table> {
        let catalog = self.catalog?;
        let (schema, _) = place::find(catalog, name)?;
        let schema = catalog.schema(&schema)?;
        schema.table_at(&name.name).map(|at| &*schema.tables[at])
    }

    /// The table that an index of this name belongs to.
    fn table_of_index(&self, index: &Name) -> Option<Name> {
        let catalog = self.catalog?;
        let (schema, _) = place::find(catalog, index)?;
        let holds = |t: &&Shared<Table>| t.indexes.iter().any(|i| i.name == index.name);
        let table = catalog.schema(&schema)?.tables.iter().find(holds)?;
        Some(Name { schema, name: table.name.clone(), span: index.span, ..Name::default() })
    }
}

fn locks(server: &Server<'_>, body: &Body) -> Vec<Lock> {
    match body {
        Body::AlterTable(alter) => alter::locks(server, alter),
        Body::CreateTable(made) => create_table(made),
        Body::CreateIndex(index) if index.concurrently => vec![Lock::of(
            &index.table,
            Mode::ShareUpdateExclusive,
            LockWork::Index,
            "CREATE INDEX CONCURRENTLY waits for open transactions, and lets others read and write",
        )],
        Body::CreateIndex(index) => vec![
            Lock::of(
                &index.table,
                Mode::Share,
                LockWork::Index,
                "CREATE INDEX keeps writers out while it builds",
            )
            .safer("CREATE INDEX CONCURRENTLY"),
        ],
        Body::Drop(drop) => drops(server, drop),
        Body::Truncate(truncate) => {
            let lock = |t| {
                Lock::of(t, Mode::AccessExclusive, LockWork::Brief, "TRUNCATE makes the table anew")
            };
            truncate.tables.iter().map(lock).collect()
        }
        Body::CreateTrigger { table, .. } => vec![Lock::of(
            table,
            Mode::ShareRowExclusive,
            LockWork::Brief,
            "CREATE TRIGGER keeps writers out",
        )],
        Body::CreateView(view) if view.or_replace => vec![Lock::of(
            &view.name,
            Mode::AccessExclusive,
            LockWork::Brief,
            "the view changes for everybody at once",
        )],
        Body::Rename(rename) => renames(server, rename),
        Body::SetSchema { name, .. } => {
            vec![Lock::of(name, Mode::AccessExclusive, LockWork::Brief, "the name changes")]
        }
        Body::Comment(c)
            if matches!(
                c.kind,
                "table" | "view" | "materialized view" | "column" | "sequence" | "index"
            ) =>
        {
            let because = "COMMENT lets others read and write";
            vec![Lock::of(&c.name, Mode::ShareUpdateExclusive, LockWork::Brief, because)]
        }
        Body::Insert(s) => rows(body, &s.table, "INSERT locks the rows it adds"),
        Body::Update(s) => {
            rows(body, &s.table, "UPDATE locks the rows it changes, until the transaction ends")
        }
        Body::Delete(s) => {
            rows(body, &s.table, "DELETE locks the rows it takes away, until the transaction ends")
        }
        Body::Merge(s) => {
            rows(body, &s.table, "MERGE locks the rows it changes, until the transaction ends")
        }
        Body::Query(_) => reads(body),
        _ => Vec::new(),
    }
}

fn rows(body: &Body, table: &Name, because: &'static str) -> Vec<Lock> {
    let mut locks = vec![Lock::of(table, Mode::RowExclusive, LockWork::Rows, because)];
    locks.extend(reads(body));
    locks
}

/// Tables that queries read.
fn reads(body: &Body) -> Vec<Lock> {
    let mut locks = Vec::new();
    visit_queries(body, &mut |query| {
        let mut items: Vec<&FromItem> = match &query.body {
            QueryBody::Select(select) => select.from.iter().collect(),
            QueryBody::Table(name) => {
                locks.push(Lock::of(
                    name,
                    Mode::AccessShare,
                    LockWork::Rows,
                    "reading keeps nobody out",
                ));
                Vec::new()
            }
            _ => Vec::new(),
        };
        while let Some(item) = items.pop() {
            match item {
                FromItem::Join(join) => items.extend([&join.left, &join.right]),
                FromItem::Table { name, .. } => locks.push(Lock::of(
                    name,
                    Mode::AccessShare,
                    LockWork::Rows,
                    "reading keeps nobody out",
                )),
                _ => {}
            }
        }
    });
    locks
}

const REFERENCED: &str = "the referenced table is kept from changing while the foreign key is made";

fn create_table(made: &CreateTable) -> Vec<Lock> {
    let own = made.columns.iter().flat_map(|c| &c.constraints);
    let mut locks: Vec<Lock> = own.chain(&made.constraints).filter_map(referenced).collect();
    // Not from version to version, but from the moment it is a partition: rows are routed to it.
    locks.extend(made.partition_of.iter().map(|parent| {
        Lock::of(parent, Mode::AccessExclusive, LockWork::Brief, "the parent gets a partition")
            .safer("CREATE TABLE, then ALTER TABLE … ATTACH PARTITION")
    }));
    let inherited = made.inherits.iter();
    locks.extend(inherited.map(|parent| {
        Lock::of(parent, Mode::ShareUpdateExclusive, LockWork::Brief, "the parent gets a child")
    }));
    locks
}

/// The lock on the table that a foreign key refers to.
fn referenced(constraint: &Constraint) -> Option<Lock> {
    match &constraint.kind {
        ConstraintKind::ForeignKey { table, .. } => {
            Some(Lock::of(table, Mode::ShareRowExclusive, LockWork::Brief, REFERENCED))
        }
        _ => None,
    }
}

fn drops(server: &Server<'_>, drop: &sql::tree::DropObjects) -> Vec<Lock> {
    let exclusive =
        |name: &Name, because| Lock::of(name, Mode::AccessExclusive, LockWork::Brief, because);
    match drop.kind {
        "table" | "view" | "materialized view" | "sequence" => {
            let mut locks: Vec<Lock> = Vec::new();
            for name in &drop.names {
                locks.push(exclusive(name, "what is dropped is gone for everybody"));
                for key in server.table(name).into_iter().flat_map(|t| &t.foreign_keys) {
                    let because = "the triggers of a foreign key to it go, too";
                    locks.push(exclusive(&referenced_table(key, name.span), because));
                }
            }
            locks
        }
        "index" => {
            let (mode, because) = match drop.concurrently {
                true => (
                    Mode::ShareUpdateExclusive,
                    "DROP INDEX CONCURRENTLY waits for open transactions, and lets others read and write",
                ),
                false => (Mode::AccessExclusive, "DROP INDEX keeps everybody out of the table"),
            };
            let tables = drop.names.iter().filter_map(|n| server.table_of_index(n));
            let names = drop.names.iter().cloned().chain(tables);
            let locks = names.map(|n| Lock::of(&n, mode, LockWork::Brief, because));
            match drop.concurrently {
                true => locks.collect(),
                false => locks.map(|l| l.safer("DROP INDEX CONCURRENTLY")).collect(),
            }
        }
        "trigger" | "policy" | "rule" => drop
            .table
            .iter()
            .map(|t| exclusive(t, "the table changes for everybody at once"))
            .collect(),
        _ => Vec::new(),
    }
}

fn renames(server: &Server<'_>, rename: &sql::tree::Rename) -> Vec<Lock> {
    let (mode, because) = match rename.kind {
        // Since version 12.
        "index" if server.version >= 12 => {
            (Mode::ShareUpdateExclusive, "renaming an index lets others read and write")
        }
        "index" | "sequence" => (Mode::AccessExclusive, "the name changes"),
        _ => return Vec::new(),
    };
    vec![Lock::of(&rename.from, mode, LockWork::Brief, because)]
}

/// The other table of a foreign key that the catalog knows.
fn referenced_table(key: &schema::ForeignKey, span: Span) -> Name {
    placed(key.referenced_schema.clone(), key.referenced_table.clone(), span)
}

/// A name that stands at a place in the text of a statement.
fn placed(schema: String, name: String, span: Span) -> Name {
    Name { schema, name, span, ..Name::default() }
}
