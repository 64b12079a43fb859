//! The schema of a database as SQL: the whole of the last sync, or one object of it.

use base::name::{DatabaseName, SchemaTextName};
use base::{Error, Result};
use schema::{Catalog, RoutineKind, Schema};
use store::{blobs, catalogs, instances};

use super::metadata::synced;
use super::view::load;
use crate::cx::Cx;

/// What is asked for by [`schema_string`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectType {
    Database,
    Schema,
    Table,
    View,
    MaterializedView,
    Function,
    Procedure,
    Sequence,
}

/// One object of a database.
#[derive(Debug, Clone)]
pub struct SchemaObject {
    /// `instances/{instance}/databases/{database}`
    pub database: String,
    pub kind: ObjectType,
    /// Empty on engines without schemas.
    pub schema: String,
    pub name: String,
}

/// The whole schema as it was written at the last sync.
pub async fn schema(cx: &Cx, name: &str) -> Result<String> {
    let name = SchemaTextName::parse("name", name)?;
    text(cx, &DatabaseName::new(&name.instance, &name.database)).await
}

/// The statements that make one object; a routine is found by name or by signature.
pub async fn schema_string(cx: &Cx, wanted: &SchemaObject) -> Result<String> {
    let name = DatabaseName::parse("name", &wanted.database)?;
    if wanted.kind == ObjectType::Database {
        return text(cx, &name).await;
    }
    let mut conn = cx.app.store.read().await?;
    let database = load(&mut conn, &name).await?;
    synced(&database)?;
    let instance = instances::get(&mut conn, &name.instance).await?;
    let instance = instance.ok_or_else(|| Error::not_found(&name))?;
    let catalog = Catalog::from_objects(catalogs::objects(&mut conn, &database.id).await?);
    drop(conn);
    let part = part(catalog, wanted)
        .ok_or_else(|| Error::not_found(format!("{:?} {} in {name}", wanted.kind, wanted.name)))?;
    let dialect = cx.app.engines.get(instance.engine)?.dialect();
    let written = tokio::task::spawn_blocking(move || dialect.render(&part)).await;
    written.map_err(|e| Error::internal("writing the object as SQL failed").with_source(e))
}

async fn text(cx: &Cx, name: &DatabaseName) -> Result<String> {
    let mut conn = cx.app.store.read().await?;
    let database = load(&mut conn, name).await?;
    synced(&database)?;
    let sha256 = database.schema_sha256.unwrap_or_default();
    let found = blobs::text(&mut conn, &sha256).await?;
    found.ok_or_else(|| Error::internal(format!("the schema text of {name} is not in the store")))
}

/// A catalog with that object alone; None when it is not there.
fn part(catalog: Catalog, wanted: &SchemaObject) -> Option<Catalog> {
    let from = catalog.schemas.into_iter().find(|s| s.name == wanted.schema)?;
    if wanted.kind == ObjectType::Schema {
        return Some(Catalog { schemas: vec![from], ..Catalog::default() });
    }
    let is = |name: &str| name == wanted.name;
    let mut to = Schema { name: from.name, ..Schema::default() };
    match wanted.kind {
        ObjectType::Database | ObjectType::Schema => {}
        ObjectType::Table => to.tables.extend(from.tables.into_iter().find(|o| is(&o.name))),
        ObjectType::View => to.views.extend(from.views.into_iter().find(|o| is(&o.name))),
        ObjectType::MaterializedView => {
            let found = from.materialized_views.into_iter().find(|o| is(&o.name));
            to.materialized_views.extend(found);
        }
        ObjectType::Function | ObjectType::Procedure => {
            let kind = match wanted.kind {
                ObjectType::Function => RoutineKind::Function,
                _ => RoutineKind::Procedure,
            };
            let of_kind = from.routines.into_iter().filter(|o| o.kind == kind);
            // Overloads of one name belong together.
            to.routines.extend(of_kind.filter(|o| is(&o.name) || is(&o.signature)));
        }
        ObjectType::Sequence => {
            to.sequences.extend(from.sequences.into_iter().find(|o| is(&o.name)));
        }
    }
    let found = to.tables.len()
        + to.views.len()
        + to.materialized_views.len()
        + to.routines.len()
        + to.sequences.len();
    (found > 0).then(|| Catalog { schemas: vec![to], ..Catalog::default() })
}

#[cfg(test)]
mod tests {
    use schema::{Routine, Table};

    use super::*;

    fn wanted(kind: ObjectType, name: &str) -> SchemaObject {
        SchemaObject { database: String::new(), kind, schema: "public".into(), name: name.into() }
    }

    #[test]
    fn one_object_is_taken_out() {
        let table = |name: &str| Table { name: name.into(), ..Table::default() };
        let routine = |signature: &str, kind| Routine {
            name: "f".into(),
            signature: signature.into(),
            kind,
            ..Routine::default()
        };
        let public = Schema {
            name: "public".into(),
            tables: vec![table("a").into(), table("b").into()],
            routines: vec![
                routine("f(int)", RoutineKind::Function),
                routine("f(text)", RoutineKind::Function),
                routine("f()", RoutineKind::Procedure),
            ],
            ..Schema::default()
        };
        let catalog = Catalog { schemas: vec![public], ..Catalog::default() };
        let of = |kind, name: &str| {
            part(catalog.clone(), &wanted(kind, name)).map(|mut c| c.schemas.remove(0))
        };
        assert_eq!(of(ObjectType::Table, "b").unwrap().tables[0].name, "b");
        assert_eq!(of(ObjectType::Function, "f").unwrap().routines.len(), 2);
        assert_eq!(of(ObjectType::Function, "f(text)").unwrap().routines.len(), 1);
        assert_eq!(of(ObjectType::Procedure, "f").unwrap().routines[0].signature, "f()");
        assert_eq!(of(ObjectType::Schema, "").unwrap().tables.len(), 2);
        assert!(of(ObjectType::View, "a").is_none());
    }
}
