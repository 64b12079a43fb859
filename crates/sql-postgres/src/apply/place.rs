//! Where things are in a catalog: the search path, and one namespace for all relations of a schema.

use base::Span;
use schema::{Catalog, Known, Schema, Table};
use sql::tree::Name;
use sql::{ApplyError, ApplyErrorKind};

use super::error;

/// The schemas of the search path that exist, in order. `public` stands for a path that is not known.
pub fn search_path(catalog: &Catalog) -> Vec<String> {
    let path = if catalog.search_path.trim().is_empty() { "public" } else { &catalog.search_path };
    let parts = path.split(',').map(|p| p.trim().trim_matches('"').to_owned());
    parts.filter(|p| p == "public" || catalog.schema(p).is_some()).collect()
}

/// The name of the schema in which a name is made.
pub fn schema_name(catalog: &Catalog, name: &Name) -> String {
    if name.schema.is_empty() {
        search_path(catalog).into_iter().next().unwrap_or_else(|| "public".to_owned())
    } else {
        name.schema.clone()
    }
}

/// The schema in which a name is made. `public` is there even if the catalog does not say so.
pub fn schema_for<'a>(catalog: &'a mut Catalog, name: &Name) -> Result<&'a mut Schema, ApplyError> {
    schema_named(catalog, &schema_name(catalog, name), name.span)
}

pub fn schema_named<'a>(
    catalog: &'a mut Catalog,
    wanted: &str,
    span: Span,
) -> Result<&'a mut Schema, ApplyError> {
    if let Some(at) = catalog.schemas.iter().position(|s| s.name == wanted) {
        return Ok(&mut catalog.schemas[at]);
    }
    if wanted != "public" {
        return error(
            ApplyErrorKind::SchemaMissing,
            span,
            format!("schema \"{wanted}\" does not exist"),
        );
    }
    let at = catalog.schemas.partition_point(|s| s.name.as_str() < wanted);
    catalog.schemas.insert(
        at,
        Schema { name: wanted.to_owned(), known: Known::nothing(), ..Schema::default() },
    );
    Ok(&mut catalog.schemas[at])
}

/// What a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Table,
    View,
    MaterializedView,
    Sequence,
    Index,
}

impl Relation {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Sequence => "sequence",
            Self::Index => "index",
        }
    }
}

pub fn relation_in(schema: &Schema, name: &str) -> Option<Relation> {
    if schema.table_at(name).is_some() {
        return Some(Relation::Table);
    }
    if !schema.known.may_hold(name) {
        debug_assert_eq!(searched(schema, name), None, "{name} was not noted");
        return None;
    }
    searched(schema, name)
}

/// Anything but a table of its own.
fn searched(schema: &Schema, name: &str) -> Option<Relation> {
    // A name is that of one relation: what is found at once need not be looked for.
    if schema.view_at(name).is_some() {
        return Some(Relation::View);
    }
    let holder = schema.known.holder(name).and_then(|table| schema.table_at(table));
    if holder.is_some_and(|at| schema.tables[at].indexes.iter().any(|i| i.name == name)) {
        return Some(Relation::Index);
    }
    if partition_in(schema, name) {
        return Some(Relation::Table);
    }
    if schema.views.iter().any(|v| v.name == name) {
        return Some(Relation::View);
    }
    if schema.materialized_views.iter().any(|v| v.name == name) {
        return Some(Relation::MaterializedView);
    }
    if schema.sequences.iter().any(|s| s.name == name) {
        return Some(Relation::Sequence);
    }
    let indexes = schema.tables.iter().flat_map(|t| &t.indexes);
    let of_views = schema.materialized_views.iter().flat_map(|v| &v.indexes);
    indexes.chain(of_views).any(|i| i.name == name).then_some(Relation::Index)
}

fn partition_in(schema: &Schema, name: &str) -> bool {
    schema
        .tables
        .iter()
        .flat_map(|t| &t.partitions)
        .any(|p| p.name == name && (p.schema.is_empty() || p.schema == schema.name))
}

/// The schema that holds the relation, and what it is.
pub fn find(catalog: &Catalog, name: &Name) -> Option<(String, Relation)> {
    let schemas =
        if name.schema.is_empty() { search_path(catalog) } else { vec![name.schema.clone()] };
    schemas.into_iter().find_map(|s| {
        let relation = relation_in(catalog.schema(&s)?, &name.name)?;
        Some((s, relation))
    })
}

/// System relations are not in the catalog, and every server has them.
pub fn is_system(name: &Name) -> bool {
    matches!(name.schema.as_str(), "pg_catalog" | "information_schema" | "pg_temp" | "pg_toast")
        || (name.schema.is_empty() && name.name.starts_with("pg_"))
}

pub fn table<'a>(catalog: &'a mut Catalog, name: &Name) -> Result<&'a mut Table, ApplyError> {
    let missing = || {
        error(
            ApplyErrorKind::RelationMissing,
            name.span,
            format!("relation \"{}\" does not exist", name.written()),
        )
    };
    let Some((schema, Relation::Table)) = find(catalog, name) else { return missing() };
    let schema = catalog.schemas.iter_mut().find(|s| s.name == schema);
    match schema.and_then(|s| s.table_at(&name.name).map(|at| &mut s.tables[at])) {
        Some(table) => Ok(table),
        None => missing(),
    }
}

/// Refuses a name that is taken in the schema.
pub fn free(schema: &Schema, name: &str, span: Span) -> Result<(), ApplyError> {
    match relation_in(schema, name) {
        Some(_) => error(
            ApplyErrorKind::RelationExists,
            span,
            format!("relation \"{name}\" already exists in schema \"{}\"", schema.name),
        ),
        None => Ok(()),
    }
}

/// The schema in which to make a relation; None when it is there already and the statement says IF NOT EXISTS.
pub fn make<'a>(
    catalog: &'a mut Catalog,
    name: &Name,
    if_not_exists: bool,
) -> Result<Option<&'a mut Schema>, ApplyError> {
    let schema = schema_for(catalog, name)?;
    if if_not_exists && relation_in(schema, &name.name).is_some() {
        return Ok(None);
    }
    free(schema, &name.name, name.span)?;
    Ok(Some(schema))
}

/// Puts an object where its name sorts.
pub fn insert<T>(list: &mut Vec<T>, object: impl Into<T>, name: impl Fn(&T) -> &str) {
    let object = object.into();
    let at = list.partition_point(|o| name(o) < name(&object));
    list.insert(at, object);
}

/// (schema, relation, column) that a view reads.
pub type Reads = [(String, String, String)];

/// A view, materialized or not.
#[derive(Clone, Copy)]
pub struct View<'c> {
    pub schema: &'c str,
    pub name: &'c str,
    /// What DROP calls it.
    pub what: &'static str,
    pub on: &'c Reads,
}

impl View<'_> {
    /// Whether it reads the relation.
    pub fn reads(&self, schema: &str, relation: &str) -> bool {
        self.on.iter().any(|(s, t, _)| s == schema && t == relation)
    }
}

pub fn views(schema: &Schema) -> impl Iterator<Item = View<'_>> {
    let of = |name, what, on| View { schema: &schema.name, name, what, on };
    let plain = schema.views.iter().map(move |v| of(&v.name, "VIEW", &v.depends_on));
    let materialized = schema.materialized_views.iter();
    plain.chain(materialized.map(move |v| of(&v.name, "MATERIALIZED VIEW", &v.depends_on)))
}

pub fn reads_column(on: &Reads, schema: &str, table: &str, column: &str) -> bool {
    on.iter().any(|(s, t, c)| s == schema && t == table && c == column)
}
