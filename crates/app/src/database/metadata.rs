//! What the last sync found in a database, object by object.

use base::name::MetadataName;
use base::{Error, Reason, Result};
use schema::Catalog;
use store::catalogs;
use store::rows::Database;

use super::view::load;
use crate::cx::Cx;
use crate::filter::{Expr, Is, Op, Test, Var, bad, filter};

const VARIABLES: &[Var] =
    &[Var { name: "schema", is: Is::Text }, Var { name: "table", is: Is::Text }];

/// A catalog and whose it is.
#[derive(Debug, Clone)]
pub struct Metadata {
    pub name: MetadataName,
    pub catalog: Catalog,
}

/// The whole catalog, or the part that the filter names: `schema == "x" && table.contains("y")`. `limit` cuts the tables
/// of each schema; 0 is no limit. A filter by table leaves out everything that is no table.
pub async fn metadata(cx: &Cx, name: &str, filter_text: &str, limit: i32) -> Result<Metadata> {
    let name = MetadataName::parse("name", name)?;
    let wanted = Wanted::parse(filter_text)?;
    let mut conn = cx.app.store.read().await?;
    let of = base::name::DatabaseName::new(&name.instance, &name.database);
    let database = load(&mut conn, &of).await?;
    synced(&database)?;
    let limit = usize::try_from(limit).ok().filter(|n| *n > 0);
    let objects = match limit.filter(|_| wanted.table.is_none()) {
        Some(tables) => {
            catalogs::objects_with_first_tables(&mut conn, &database.id, tables).await?
        }
        None => catalogs::objects(&mut conn, &database.id).await?,
    };
    drop(conn);
    let mut catalog = Catalog::from_objects(objects);
    wanted.cut(&mut catalog, limit);
    Ok(Metadata { name, catalog })
}

/// Refuses to show nothing as if it were the schema.
pub(super) fn synced(database: &Database) -> Result<()> {
    if database.schema_sha256.is_some() {
        return Ok(());
    }
    let name = base::name::DatabaseName::new(&database.instance, &database.name);
    let why = match database.sync_error.as_str() {
        "" => "sync it first".to_owned(),
        error => format!("the last sync failed: {error}"),
    };
    Err(Error::new(Reason::Blocked, format!("the schema of {name} is not known yet; {why}")))
}

/// What a filter asks for; None is everything.
#[derive(Debug, Default)]
struct Wanted {
    schema: Option<Match>,
    table: Option<Match>,
}

#[derive(Debug)]
enum Match {
    Is(String),
    /// Lower-cased.
    Contains(String),
}

impl Wanted {
    fn parse(text: &str) -> Result<Self> {
        let mut wanted = Self::default();
        match filter(text, VARIABLES)? {
            None => {}
            Some(Expr::Test(test)) => wanted.add(&test)?,
            Some(Expr::And(parts)) => {
                for part in &parts {
                    let Expr::Test(test) = part else {
                        return Err(bad(1, "this list takes tests joined by && only"));
                    };
                    wanted.add(test)?;
                }
            }
            Some(_) => return Err(bad(1, "this list takes tests joined by && only")),
        }
        Ok(wanted)
    }

    fn add(&mut self, test: &Test) -> Result<()> {
        let matched = match test.op {
            Op::Equal => Match::Is(test.text().to_owned()),
            Op::Contains => Match::Contains(test.text().to_lowercase()),
            _ => return Err(bad(test.column, "this list takes == and contains() only")),
        };
        let slot = if test.variable() == "schema" { &mut self.schema } else { &mut self.table };
        if slot.replace(matched).is_some() {
            return Err(bad(test.column, format!("{} stands here twice", test.variable())));
        }
        Ok(())
    }

    fn cut(&self, catalog: &mut Catalog, limit: Option<usize>) {
        if let Some(schema) = &self.schema {
            catalog.schemas.retain(|s| schema.fits(&s.name));
        }
        for schema in &mut catalog.schemas {
            if let Some(table) = &self.table {
                let tables = std::mem::take(&mut schema.tables);
                *schema = schema::Schema {
                    name: std::mem::take(&mut schema.name),
                    owner: std::mem::take(&mut schema.owner),
                    comment: std::mem::take(&mut schema.comment),
                    tables: tables.into_iter().filter(|t| table.fits(&t.name)).collect(),
                    ..schema::Schema::default()
                };
            }
            if let Some(limit) = limit {
                schema.tables.truncate(limit);
            }
        }
    }
}

impl Match {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Is(text) => text == name,
            Self::Contains(text) => name.to_lowercase().contains(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use schema::{Schema, Table, View};

    use super::*;

    fn catalog() -> Catalog {
        let table = |name: &str| Table { name: name.into(), ..Table::default() };
        let schema = |name: &str| Schema {
            name: name.into(),
            tables: ["Customer", "order", "order_line"].map(|name| table(name).into()).into(),
            views: vec![View { name: "order_view".into(), ..View::default() }.into()],
            ..Schema::default()
        };
        Catalog { schemas: vec![schema("public"), schema("audit")], ..Catalog::default() }
    }

    fn cut(text: &str, limit: Option<usize>) -> Vec<String> {
        let mut catalog = catalog();
        Wanted::parse(text).unwrap().cut(&mut catalog, limit);
        let all = catalog.schemas.iter().flat_map(|s| {
            let names = s.tables.iter().map(|t| &t.name).chain(s.views.iter().map(|v| &v.name));
            names.map(|n| format!("{}.{n}", s.name)).collect::<Vec<_>>()
        });
        all.collect()
    }

    #[test]
    fn filters_cut_schemas_and_tables() {
        assert_eq!(cut("", None).len(), 8);
        assert_eq!(
            cut("", Some(1)),
            ["public.Customer", "public.order_view", "audit.Customer", "audit.order_view"]
        );
        assert_eq!(
            cut(r#"schema == "audit" && table.contains("ORDER")"#, None),
            ["audit.order", "audit.order_line"]
        );
        assert_eq!(cut(r#"table == "order""#, None), ["public.order", "audit.order"]);
    }

    #[test]
    fn other_filters_are_refused() {
        for text in [
            r#"schema == "a" || table == "b""#,
            r#"!(table == "b")"#,
            r#"table != "b""#,
            r#"table == "a" && table == "b""#,
            r#"column == "a""#,
        ] {
            assert_eq!(Wanted::parse(text).unwrap_err().reason(), Reason::InvalidFilter, "{text}");
        }
    }
}
