//! CREATE INDEX.

use schema::{Catalog, Index, IndexKey};
use sql::ApplyErrorKind as Kind;
use sql::tree::CreateIndex;

use super::place::{self, Relation, insert, schema_named};
use super::{Applied, error, names};

pub fn create(catalog: &mut Catalog, made: &CreateIndex) -> Applied {
    let Some((schema, relation)) = place::find(catalog, &made.table) else {
        return error(
            Kind::RelationMissing,
            made.table.span,
            format!("relation \"{}\" does not exist", made.table.written()),
        );
    };
    let schema = schema_named(catalog, &schema, made.table.span)?;
    let name = match &made.name {
        Some(name) => {
            let taken = place::relation_in(schema, &name.name).is_some();
            if taken && made.if_not_exists {
                return Ok(());
            }
            if taken {
                return error(
                    Kind::IndexExists,
                    name.span,
                    format!("relation \"{}\" already exists", name.name),
                );
            }
            name.name.clone()
        }
        None => {
            let labels: Vec<&str> = made.keys.iter().map(|k| k.label.as_str()).collect();
            let parts = names::distinct(&labels).join("_");
            names::index_name(schema, &made.table.name, &parts, "idx")
        }
    };
    let index = Index {
        definition: definition(made, &name, &schema.name),
        name,
        keys: made
            .keys
            .iter()
            .map(|k| IndexKey { expression: k.text.clone(), length: 0, descending: k.descending })
            .collect(),
        r#type: made.method.clone(),
        unique: made.unique,
        visible: true,
        valid: true,
        ..Index::default()
    };
    match relation {
        Relation::MaterializedView => {
            let view = schema.materialized_views.iter_mut().find(|v| v.name == made.table.name);
            if let Some(view) = view {
                insert(&mut view.indexes, index, |i| &i.name);
            }
        }
        _ => {
            let table = schema.table_at(&made.table.name).map(|at| &mut schema.tables[at]);
            if let Some(table) = table {
                let known = table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>();
                let unknown = made
                    .keys
                    .iter()
                    .find(|k| k.column.as_deref().is_some_and(|c| !known.contains(&c)));
                if let Some(key) = unknown.filter(|_| !known.is_empty()) {
                    return error(
                        Kind::ColumnMissing,
                        key.span,
                        format!("column \"{}\" does not exist", key.text),
                    );
                }
                insert(&mut table.indexes, index, |i| &i.name);
            }
        }
    }
    Ok(())
}

/// As the server shows it, but for what the tree does not keep (INCLUDE, WHERE, options).
fn definition(made: &CreateIndex, name: &str, schema: &str) -> String {
    let unique = if made.unique { "UNIQUE " } else { "" };
    let keys = made.keys.iter().map(|k| match (k.column.is_some(), k.descending) {
        (true, false) => k.text.clone(),
        (true, true) => format!("{} DESC", k.text),
        (false, _) => format!("({})", k.text),
    });
    format!(
        "CREATE {unique}INDEX {name} ON {schema}.{} USING {} ({})",
        made.table.name,
        made.method,
        keys.collect::<Vec<_>>().join(", ")
    )
}
