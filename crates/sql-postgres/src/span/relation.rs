//! The columns of what FROM names: CTEs, tables, partitions, views, sequences.

use schema::{Column, Schema};
use sql::tree::{Body, Name};
use sql::{SourceColumn, SpanColumn};

use super::Resolver;
use super::query::renamed;
use super::scope::{Relation, Scope, Source, Variables};
use crate::apply::place;

/// Every table has them, and no star gives them.
pub const SYSTEM_COLUMNS: &[&str] = &["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"];

impl Resolver<'_> {
    pub fn relation(&mut self, name: &Name, scope: &Scope<'_>) -> Relation {
        if name.schema.is_empty()
            && let Some(columns) = scope.cte(&name.name)
        {
            let columns = columns.to_vec();
            return Relation { name: name.name.clone(), columns, ..Relation::default() };
        }
        let catalog = self.catalog;
        let here = name.database.is_empty() || name.database == catalog.name;
        let found = place::find(catalog, name).filter(|_| here);
        let held = found.and_then(|(s, _)| catalog.schema(&s));
        if let Some(schema) = held
            && let Some(columns) = self.columns(schema, &name.name)
        {
            return Relation {
                database: catalog.name.clone(),
                schema: schema.name.clone(),
                name: name.name.clone(),
                columns,
                opaque: false,
            };
        }
        if here && place::is_system(name) {
            self.system = true;
        } else {
            self.missing |= self.open.is_empty();
            self.note(format!("relation \"{}\" is not in the catalog", name.written()));
        }
        Relation {
            schema: name.schema.clone(),
            name: name.name.clone(),
            opaque: true,
            ..Relation::default()
        }
    }

    fn columns(&mut self, schema: &Schema, name: &str) -> Option<Vec<SpanColumn>> {
        let of_table = |table: &str, column: &str| SourceColumn {
            database: self.catalog.name.clone(),
            schema: schema.name.clone(),
            table: table.to_owned(),
            column: column.to_owned(),
        };
        let plain = |table: &str, column: &str| SpanColumn {
            name: column.to_owned(),
            sources: [of_table(table, column)].into(),
            plain: true,
        };
        let read = of_table(name, "");
        if let Some(table) = schema
            .tables
            .iter()
            .find(|t| t.name == name || t.partitions.iter().any(|p| holds(p, &schema.name, name)))
        {
            let columns = table.columns.iter().map(|c| plain(&table.name, &c.name)).collect();
            self.relations.insert(of_table(&table.name, ""));
            return Some(columns);
        }
        if schema.sequences.iter().any(|s| s.name == name) {
            let columns = ["last_value", "log_cnt", "is_called"].map(|c| plain(name, c)).into();
            self.relations.insert(read);
            return Some(columns);
        }
        let none: &[Column] = &[];
        let view = schema.views.iter().find(|v| v.name == name);
        let view = view.map(|v| (&v.definition, &v.columns[..]));
        let materialized = || schema.materialized_views.iter().find(|v| v.name == name);
        let (definition, declared) =
            view.or_else(|| materialized().map(|v| (&v.definition, none)))?;
        self.relations.insert(read);
        Some(self.view(schema, name, definition, declared))
    }

    /// The columns of a view, as its definition says; the view alone counts as read.
    fn view(
        &mut self,
        schema: &Schema,
        name: &str,
        definition: &str,
        declared: &[Column],
    ) -> Vec<SpanColumn> {
        let key = (schema.name.clone(), name.to_owned());
        if let Some(known) = self.views.get(&key) {
            return known.clone();
        }
        let (relations, system) = (self.relations.clone(), self.system);
        let what = format!("view \"{}.{name}\"", schema.name);
        let found = self
            .within(what.clone(), |r| r.without_conditions(|r| r.definition(&what, definition)));
        (self.relations, self.system) = (relations, system);
        let mut columns = found.unwrap_or_default();
        if columns.is_empty() {
            let bare = |c: &Column| SpanColumn { name: c.name.clone(), ..SpanColumn::default() };
            columns = declared.iter().map(bare).collect();
        }
        for (column, declared) in columns.iter_mut().zip(declared) {
            column.name.clone_from(&declared.name);
        }
        self.views.insert(key, columns.clone());
        columns
    }

    fn definition(&mut self, what: &str, definition: &str) -> Vec<SpanColumn> {
        let script = crate::parse::parse(definition);
        let variables = Variables::new();
        let source = Source { text: definition, base: 0, variables: &variables };
        let scope = Scope { source: Some(source), ..Scope::default() };
        match script.statements.first().map(|s| &s.body) {
            Some(Body::Query(query)) => self.query(query, &scope),
            Some(Body::CreateView(view)) => {
                let Some(query) = &view.query else { return Vec::new() };
                let names: Vec<_> = view.columns.iter().map(|c| ident(c)).collect();
                renamed(self.query(query, &scope), &names)
            }
            Some(Body::CreateTable(table)) => {
                let query = table.query.as_ref();
                query.map(|q| self.query(q, &scope)).unwrap_or_default()
            }
            _ => {
                self.note(format!("the definition of {what} could not be parsed"));
                Vec::new()
            }
        }
    }
}

fn ident(name: &str) -> sql::tree::Ident {
    sql::tree::Ident { name: name.to_owned(), ..sql::tree::Ident::default() }
}

/// Whether a partition, or one below it, has the name.
fn holds(partition: &schema::Partition, schema: &str, name: &str) -> bool {
    (partition.name == name && (partition.schema.is_empty() || partition.schema == schema))
        || partition.subpartitions.iter().any(|p| holds(p, schema, name))
}
