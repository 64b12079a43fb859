//! A catalog as a list of objects: one row each in the store, hashed, so that a sync writes only what changed.

use base::id::sha256_hex;
use serde::{Deserialize, Serialize};

use crate::catalog::{
    Catalog, Enum, Event, Extension, MaterializedView, Routine, Schema, Sequence, Table,
    TableStats, View,
};

/// One object of a catalog. `Database` and `Schema` are headers: their lists are empty, but for the types of a schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "object")]
pub enum Object {
    Database(Box<Catalog>),
    Extension(Extension),
    Schema(Box<Schema>),
    Table(Box<Table>),
    View(View),
    MaterializedView(MaterializedView),
    Routine(Routine),
    Sequence(Sequence),
    Enum(Enum),
    Event(Event),
}

/// The kind of an object; the text is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Database,
    Extension,
    Schema,
    Table,
    View,
    MaterializedView,
    Routine,
    Sequence,
    Enum,
    Event,
}

/// An object with its place and its hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Empty for the database itself, extensions, and engines without schemas.
    pub schema: String,
    /// Unique within (kind, schema): a routine's is its signature.
    pub name: String,
    pub object: Object,
}

impl ObjectKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Extension => "extension",
            Self::Schema => "schema",
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized_view",
            Self::Routine => "routine",
            Self::Sequence => "sequence",
            Self::Enum => "enum",
            Self::Event => "event",
        }
    }
}

impl Object {
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::Database(_) => ObjectKind::Database,
            Self::Extension(_) => ObjectKind::Extension,
            Self::Schema(_) => ObjectKind::Schema,
            Self::Table(_) => ObjectKind::Table,
            Self::View(_) => ObjectKind::View,
            Self::MaterializedView(_) => ObjectKind::MaterializedView,
            Self::Routine(_) => ObjectKind::Routine,
            Self::Sequence(_) => ObjectKind::Sequence,
            Self::Enum(_) => ObjectKind::Enum,
            Self::Event(_) => ObjectKind::Event,
        }
    }

    /// SHA-256 of the object without its statistics: equal hashes mean "no schema change".
    pub fn hash(&self) -> String {
        let json = match self {
            Self::Table(t) => {
                let bare = Table { stats: TableStats::default(), ..(**t).clone() };
                serde_json::to_vec(&Self::Table(Box::new(bare)))
            }
            Self::Database(d) => {
                serde_json::to_vec(&Self::Database(Box::new(Catalog { size: 0, ..(**d).clone() })))
            }
            other => serde_json::to_vec(other),
        };
        sha256_hex(&json.expect("a catalog object has only string keys"))
    }
}

impl Catalog {
    /// Takes the catalog apart. The order is stable: database, extensions, then schema by schema.
    pub fn into_objects(mut self) -> Vec<Placed> {
        let extensions = std::mem::take(&mut self.extensions);
        let schemas = std::mem::take(&mut self.schemas);
        let mut out = vec![placed("", self.name.clone(), Object::Database(Box::new(self)))];
        out.extend(
            extensions.into_iter().map(|e| placed("", e.name.clone(), Object::Extension(e))),
        );
        for mut s in schemas {
            let name = s.name.clone();
            let lists = (
                std::mem::take(&mut s.tables),
                std::mem::take(&mut s.views),
                std::mem::take(&mut s.materialized_views),
                std::mem::take(&mut s.routines),
                std::mem::take(&mut s.sequences),
                std::mem::take(&mut s.enums),
                std::mem::take(&mut s.events),
            );
            out.push(placed(&name, name.clone(), Object::Schema(Box::new(s))));
            out.extend(
                lists.0.into_iter().map(|o| {
                    placed(&name, o.name.clone(), Object::Table(Box::new(o.into_inner())))
                }),
            );
            out.extend(
                lists
                    .1
                    .into_iter()
                    .map(|o| placed(&name, o.name.clone(), Object::View(o.into_inner()))),
            );
            out.extend(
                lists
                    .2
                    .into_iter()
                    .map(|o| placed(&name, o.name.clone(), Object::MaterializedView(o))),
            );
            out.extend(
                lists.3.into_iter().map(|o| placed(&name, o.signature.clone(), Object::Routine(o))),
            );
            out.extend(
                lists.4.into_iter().map(|o| placed(&name, o.name.clone(), Object::Sequence(o))),
            );
            out.extend(lists.5.into_iter().map(|o| placed(&name, o.name.clone(), Object::Enum(o))));
            out.extend(
                lists.6.into_iter().map(|o| placed(&name, o.name.clone(), Object::Event(o))),
            );
        }
        out
    }

    /// Puts a catalog together again from objects in any order. Objects of a schema whose header is missing make one.
    pub fn from_objects(objects: impl IntoIterator<Item = Placed>) -> Self {
        let mut catalog = Self::default();
        let mut schemas: Vec<Schema> = Vec::new();
        let mut extensions = Vec::new();
        for p in objects {
            match p.object {
                Object::Database(d) => catalog = *d,
                Object::Extension(e) => extensions.push(e),
                Object::Schema(s) => {
                    let into = slot(&mut schemas, &p.schema);
                    into.owner = s.owner;
                    into.comment = s.comment;
                    into.types = s.types;
                }
                Object::Table(o) => slot(&mut schemas, &p.schema).tables.push((*o).into()),
                Object::View(o) => slot(&mut schemas, &p.schema).views.push(o.into()),
                Object::MaterializedView(o) => {
                    slot(&mut schemas, &p.schema).materialized_views.push(o);
                }
                Object::Routine(o) => slot(&mut schemas, &p.schema).routines.push(o),
                Object::Sequence(o) => slot(&mut schemas, &p.schema).sequences.push(o),
                Object::Enum(o) => slot(&mut schemas, &p.schema).enums.push(o),
                Object::Event(o) => slot(&mut schemas, &p.schema).events.push(o),
            }
        }
        schemas.sort_by(|a, b| a.name.cmp(&b.name));
        for s in &mut schemas {
            s.tables.sort_by(|a, b| a.name.cmp(&b.name));
            s.views.sort_by(|a, b| a.name.cmp(&b.name));
            s.materialized_views.sort_by(|a, b| a.name.cmp(&b.name));
            s.routines.sort_by(|a, b| a.signature.cmp(&b.signature));
            s.sequences.sort_by(|a, b| a.name.cmp(&b.name));
            s.enums.sort_by(|a, b| a.name.cmp(&b.name));
            s.events.sort_by(|a, b| a.name.cmp(&b.name));
        }
        extensions.sort_by(|a: &Extension, b| a.name.cmp(&b.name));
        catalog.schemas = schemas;
        catalog.extensions = extensions;
        catalog
    }
}

fn placed(schema: &str, name: String, object: Object) -> Placed {
    Placed { schema: schema.to_owned(), name, object }
}

/// Schemas come grouped, so the one wanted is nearly always the last.
fn slot<'a>(schemas: &'a mut Vec<Schema>, name: &str) -> &'a mut Schema {
    let at = match schemas.iter().rposition(|s| s.name == name) {
        Some(at) => at,
        None => {
            schemas.push(Schema { name: name.to_owned(), ..Schema::default() });
            schemas.len() - 1
        }
    };
    &mut schemas[at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Column;

    fn sample() -> Catalog {
        let table = Table {
            name: "customer".into(),
            columns: vec![Column {
                name: "id".into(),
                position: 1,
                r#type: "bigint".into(),
                ..Column::default()
            }],
            ..Table::default()
        };
        let schema = Schema {
            name: "public".into(),
            owner: "app".into(),
            tables: vec![table.into()],
            ..Schema::default()
        };
        let extension = Extension { name: "citext".into(), ..Extension::default() };
        Catalog {
            name: "shop".into(),
            owner: "app".into(),
            schemas: vec![schema],
            extensions: vec![extension],
            ..Catalog::default()
        }
    }

    #[test]
    fn apart_and_together_again() {
        assert_eq!(Catalog::from_objects(sample().into_objects()), sample());
    }

    #[test]
    fn statistics_are_not_identity() {
        let hash =
            |c: Catalog| c.into_objects().iter().map(|p| p.object.hash()).collect::<Vec<_>>();
        let mut grown = sample();
        grown.size = 9;
        grown.schemas[0].tables[0].stats.rows = 1_000;
        assert_eq!(hash(sample()), hash(grown.clone()));
        grown.schemas[0].tables[0].comment = "people".into();
        assert_ne!(hash(sample()), hash(grown));
    }
}
