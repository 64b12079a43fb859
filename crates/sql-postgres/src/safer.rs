//! Statements that do the same and block others less, as edits of the script: the rewrites that a DBA would make.
//!
//! What must not share a transaction (CONCURRENTLY), or gains nothing in one (NOT VALID, then VALIDATE: the first lock
//! would be held over the second statement), needs a script that is run statement by statement. So nothing is offered
//! where the script opens a transaction of its own or asks for one. A rewrite is safe where the script is run
//! statement by statement as it is, or holds nothing else; elsewhere a failure no longer takes all of it back, and a
//! person has to look.

mod alter;
mod rows;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use schema::{Catalog, Table};
use sql::directive::{Directives, directives};
use sql::tree::{AlterTable, Body, Name, Parsed, Script};
use sql::{Edit, Fix, Safety};

use crate::apply::place;
use crate::classify::classify;

const STATEMENT_BY_STATEMENT: &str = "-- txn-mode = off\n";

/// What is known where a rewrite is made.
struct Known<'a> {
    text: &'a str,
    catalog: Option<&'a Catalog>,
    /// Major version.
    version: u32,
}

/// A rewrite, before it is known how the script is run.
struct Rewrite {
    title: &'static str,
    edits: Vec<Edit>,
    /// The server does not by itself see to it that each of its statements is run on its own.
    needs_own_transactions: bool,
    /// It is not the same in every case.
    look: bool,
}

/// By number of the statement.
pub fn safer(
    script: &Script,
    text: &str,
    catalog: Option<&Catalog>,
    version: Option<(u32, u32)>,
) -> BTreeMap<usize, Fix> {
    let statements = &script.statements;
    let is_own = |s: &Arc<Parsed>| matches!(s.body, Body::Begin | Body::Commit | Body::Rollback);
    if statements.iter().any(is_own) {
        return BTreeMap::new();
    }
    let known = Known { text, catalog, version: version.map_or(18, |v| v.0) };
    let mut made: HashSet<Key<'_>> = HashSet::new();
    let mut altered: HashMap<Key<'_>, Vec<&AlterTable>> = HashMap::new();
    let mut rewrites: BTreeMap<usize, Rewrite> = BTreeMap::new();
    for (number, statement) in statements.iter().enumerate() {
        if let Body::CreateTable(table) = &statement.body {
            made.insert(key(&table.name));
        }
        // Nobody else uses what the script has just made.
        let subject = subject(&statement.body).map(key);
        if subject.is_none_or(|table| !made.contains(&table)) {
            let before = subject.and_then(|table| altered.get(&table));
            let rewrite = known.rewrite(statement, before.map_or(&[], Vec::as_slice));
            rewrites.extend(rewrite.map(|r| (number, r)));
        }
        if let Body::AlterTable(alter) = &statement.body {
            altered.entry(key(&alter.name)).or_default().push(alter);
        }
    }
    if rewrites.is_empty() {
        return BTreeMap::new();
    }
    let pieces: Vec<_> = statements.iter().map(|s| s.statement.clone()).collect();
    let said = directives(text, &pieces);
    if said.transaction == Some(true) {
        return BTreeMap::new();
    }
    // What is cut into batches already is as safe as it gets.
    rewrites.retain(|number, _| !said.batches.contains_key(number));
    let run = Run::of(statements, text, &said);
    rewrites.into_iter().map(|(number, rewrite)| (number, run.fix(rewrite, number))).collect()
}

/// How the script is run as it is.
struct Run {
    /// The numbers of the statements that change something, at most two of them.
    changing: Vec<usize>,
    one_by_one: bool,
    told: bool,
    start: usize,
}

impl Run {
    fn of(statements: &[Arc<Parsed>], text: &str, said: &Directives) -> Self {
        let told = said.transaction == Some(false);
        let outside = |s: &Arc<Parsed>| classify(s.span().of(text)).outside_transaction;
        let changing = statements.iter().enumerate().filter(|(_, s)| {
            !matches!(s.body, Body::Set { .. } | Body::Query(_) | Body::Explain(_))
        });
        Self {
            changing: changing.map(|(number, _)| number).take(2).collect(),
            one_by_one: told || !said.batches.is_empty() || statements.iter().any(outside),
            told,
            start: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        }
    }

    fn fix(&self, rewrite: Rewrite, number: usize) -> Fix {
        let alone = self.changing.iter().all(|n| *n == number);
        let safety = match !rewrite.look && (alone || self.one_by_one) {
            true => Safety::Safe,
            false => Safety::Look,
        };
        let mut edits = rewrite.edits;
        if rewrite.needs_own_transactions && !self.told {
            edits.insert(0, Edit::insert(self.start, STATEMENT_BY_STATEMENT));
        }
        Fix::new(rewrite.title, safety, edits)
    }
}

impl Known<'_> {
    /// `altered`: how the statements before alter the same table.
    fn rewrite(&self, statement: &Parsed, altered: &[&AlterTable]) -> Option<Rewrite> {
        match &statement.body {
            Body::CreateIndex(index)
                if !index.concurrently && !self.is_partitioned(&index.table) =>
            {
                words::after(self, statement, "INDEX", "Create the index CONCURRENTLY")
            }
            Body::Drop(drop) if drop.kind == "index" && !drop.concurrently && !drop.cascade => {
                words::drop_index(self, statement, drop)
            }
            Body::AlterTable(alter) => alter::rewrite(self, statement, alter, altered),
            Body::Update(update) => rows::in_batches(self, statement, &update.table),
            Body::Delete(delete) => rows::in_batches(self, statement, &delete.table),
            Body::Other | Body::Unparsed => words::maintenance(self, statement),
            _ => None,
        }
    }

    fn table(&self, name: &Name) -> Option<&Table> {
        let catalog = self.catalog?;
        let (schema, _) = place::find(catalog, name)?;
        let schema = catalog.schema(&schema)?;
        schema.table_at(&name.name).map(|at| &*schema.tables[at])
    }

    /// Engines make no index of all partitions CONCURRENTLY.
    fn is_partitioned(&self, name: &Name) -> bool {
        self.table(name).is_some_and(|t| !t.partition_by.is_empty())
    }

    fn text_of(&self, statement: &Parsed) -> &str {
        statement.span().of(self.text)
    }
}

/// The table that a statement is about, where rewrites ask.
fn subject(body: &Body) -> Option<&Name> {
    Some(match body {
        Body::CreateIndex(index) => &index.table,
        Body::AlterTable(alter) => &alter.name,
        Body::Update(update) => &update.table,
        Body::Delete(delete) => &delete.table,
        _ => return None,
    })
}

/// What identifies a table: schema and name.
type Key<'a> = (&'a str, &'a str);

fn key(name: &Name) -> Key<'_> {
    (if name.schema.is_empty() { "public" } else { &name.schema }, &name.name)
}
