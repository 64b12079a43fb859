//! Columns of tables and views.

use engine::Failure;
use schema::{Column, Generation, GenerationKind};
use sql_mysql::shown;

use super::{Draft, Reader, unescaped};
use crate::flavor::Flavor;
use crate::rows::{Cells, read};

pub(super) async fn read_all(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let sql = format!(
        "SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, column_type,
           character_set_name, collation_name, extra, column_comment, generation_expression
         FROM information_schema.columns WHERE table_schema = {}",
        r.db
    );
    for mut row in read(r.conn, &sql).await? {
        let table = row.text(0);
        if let Some(t) = draft.tables.get_mut(&table) {
            t.columns.push(column(r, row));
        } else if let Some(v) = draft.views.get_mut(&table) {
            v.columns.push(column(r, row));
        }
    }
    let lists = draft
        .tables
        .values_mut()
        .map(|t| &mut t.columns)
        .chain(draft.views.values_mut().map(|v| &mut v.columns));
    for list in lists {
        list.sort_by_key(|c| c.position);
    }
    Ok(())
}

fn column(r: &Reader<'_>, mut row: Cells) -> Column {
    let extra = row.text(9);
    let lower = extra.to_ascii_lowercase();
    let default = row.opt(3);
    let generated = row.opt(11).filter(|e| !e.is_empty());
    let data_type = row.text(5);
    Column {
        name: row.text(1),
        position: row.int(2).and_then(|n| i32::try_from(n).ok()).unwrap_or(0),
        default: if generated.is_some() {
            None
        } else {
            default_text(r.flavor, default, &data_type, &lower)
                .map(|text| shown::without_database(&text, &r.name))
        },
        generation: generated.map(|e| Generation {
            kind: if lower.contains("stored") || lower.contains("persistent") {
                GenerationKind::Stored
            } else {
                GenerationKind::Virtual
            },
            expression: r.expression(e),
        }),
        nullable: row.flag(4),
        r#type: row.text(6),
        character_set: row.text(7),
        collation: row.text(8),
        comment: row.text(10),
        on_update: on_update(&extra),
        auto_increment: lower.contains("auto_increment"),
        invisible: lower.contains("invisible"),
        identity: None,
    }
}

/// The default as SQL. MariaDB writes it so; MySQL writes the bare value and says in EXTRA when it is an expression.
fn default_text(
    flavor: Flavor,
    default: Option<String>,
    data_type: &str,
    extra: &str,
) -> Option<String> {
    let text = default?;
    if flavor.is_mariadb() && flavor.version >= (10, 2, 7) {
        return (text != "NULL").then_some(text);
    }
    let upper = text.to_ascii_uppercase();
    if upper.starts_with("CURRENT_TIMESTAMP") || upper.starts_with("NOW(") {
        return Some(text);
    }
    if extra.contains("default_generated") {
        return Some(format!("({})", unescaped(flavor, text)));
    }
    let number = matches!(
        data_type.to_ascii_lowercase().as_str(),
        "tinyint"
            | "smallint"
            | "mediumint"
            | "int"
            | "bigint"
            | "decimal"
            | "float"
            | "double"
            | "bit"
            | "year"
    );
    Some(if number { text } else { crate::rows::literal(&text) })
}

/// `DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)` → `CURRENT_TIMESTAMP(3)`.
fn on_update(extra: &str) -> String {
    let lower = extra.to_ascii_lowercase();
    let Some(at) = lower.find("on update ") else { return String::new() };
    let rest = &extra[at + "on update ".len()..];
    rest.split([' ', ',']).next().unwrap_or("").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flavor::Product;

    #[test]
    fn defaults_are_sql_on_both() {
        let mysql = Flavor { product: Product::Mysql, version: (9, 7, 0) };
        let maria = Flavor { product: Product::Mariadb, version: (10, 11, 0) };
        let text = |flavor, default: &str, kind, extra| {
            default_text(flavor, Some(default.to_owned()), kind, extra)
        };
        assert_eq!(text(mysql, "it's", "varchar", ""), Some("'it''s'".to_owned()));
        assert_eq!(text(mysql, "7", "int", ""), Some("7".to_owned()));
        assert_eq!(text(mysql, "b'0'", "bit", ""), Some("b'0'".to_owned()));
        assert_eq!(text(mysql, "uuid()", "char", "default_generated"), Some("(uuid())".to_owned()));
        assert_eq!(
            text(mysql, "_utf8mb4\\'x\\'", "char", "default_generated"),
            Some("(_utf8mb4'x')".to_owned())
        );
        assert_eq!(
            text(
                mysql,
                "CURRENT_TIMESTAMP",
                "timestamp",
                "default_generated on update current_timestamp"
            ),
            Some("CURRENT_TIMESTAMP".to_owned())
        );
        assert_eq!(text(maria, "NULL", "int", ""), None);
        assert_eq!(text(maria, "'NULL'", "varchar", ""), Some("'NULL'".to_owned()));
        assert_eq!(
            on_update("DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)"),
            "CURRENT_TIMESTAMP(3)"
        );
        assert_eq!(on_update("on update current_timestamp(), INVISIBLE"), "current_timestamp()");
    }
}
