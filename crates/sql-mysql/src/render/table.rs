//! A table: as the server wrote it, or, when the catalog did not come from a server, from its parts.

use schema::{Column, ForeignKey, GenerationKind, Index, Table};

use super::literal;
use crate::quote_identifier as quote;

pub(super) fn render(t: &Table) -> String {
    let text = if t.definition.is_empty() { from_parts(t) } else { t.definition.clone() };
    text.trim_end().trim_end_matches(';').to_owned() + ";\n\n"
}

fn from_parts(t: &Table) -> String {
    let mut parts: Vec<String> = t.columns.iter().map(|c| column(c, t)).collect();
    parts.extend(t.indexes.iter().map(index));
    parts.extend(t.foreign_keys.iter().map(foreign_key));
    for c in &t.checks {
        parts.push(format!("CONSTRAINT {} CHECK ({})", quote(&c.name), c.expression));
    }
    let mut sql = format!("CREATE TABLE {} (\n  {}\n)", quote(&t.name), parts.join(",\n  "));
    for (option, value) in
        [("ENGINE", &t.engine), ("DEFAULT CHARSET", &t.charset), ("COLLATE", &t.collation)]
    {
        if !value.is_empty() {
            sql += &format!(" {option}={value}");
        }
    }
    // information_schema lists `partitioned` among the options, which CREATE TABLE does not know.
    for option in t.create_options.split_whitespace().filter(|o| *o != "partitioned") {
        sql += &format!(" {option}");
    }
    if !t.comment.is_empty() {
        sql += &format!(" COMMENT={}", literal(&t.comment));
    }
    if !t.partition_by.is_empty() {
        sql += &format!("\n{}", t.partition_by);
    }
    sql
}

fn column(c: &Column, t: &Table) -> String {
    let mut sql = format!("{} {}", quote(&c.name), c.r#type);
    if !c.collation.is_empty() && c.collation != t.collation {
        if !c.character_set.is_empty() {
            sql += &format!(" CHARACTER SET {}", c.character_set);
        }
        sql += &format!(" COLLATE {}", c.collation);
    }
    if let Some(g) = &c.generation {
        let kind = if g.kind == GenerationKind::Stored { "STORED" } else { "VIRTUAL" };
        sql += &format!(" GENERATED ALWAYS AS ({}) {kind}", g.expression);
    }
    if !c.nullable {
        sql += " NOT NULL";
    }
    if let Some(default) = &c.default {
        sql += &format!(" DEFAULT {default}");
    }
    if !c.on_update.is_empty() {
        sql += &format!(" ON UPDATE {}", c.on_update);
    }
    for (is, text) in [(c.auto_increment, " AUTO_INCREMENT"), (c.invisible, " INVISIBLE")] {
        if is {
            sql += text;
        }
    }
    if !c.comment.is_empty() {
        sql += &format!(" COMMENT {}", literal(&c.comment));
    }
    sql
}

fn index(i: &Index) -> String {
    let kind = i.r#type.to_ascii_uppercase();
    let head = match kind.as_str() {
        _ if i.primary => "PRIMARY KEY".to_owned(),
        "FULLTEXT" | "SPATIAL" => format!("{kind} KEY {}", quote(&i.name)),
        _ if i.unique => format!("UNIQUE KEY {}", quote(&i.name)),
        _ => format!("KEY {}", quote(&i.name)),
    };
    let keys = i.keys.iter().map(|k| {
        let name =
            if k.expression.starts_with('(') { k.expression.clone() } else { quote(&k.expression) };
        let length = if k.length > 0 { format!("({})", k.length) } else { String::new() };
        format!("{name}{length}{}", if k.descending { " DESC" } else { "" })
    });
    let mut sql = format!("{head} ({})", keys.collect::<Vec<_>>().join(","));
    if kind == "HASH" {
        sql += " USING HASH";
    }
    if !i.visible {
        sql += " INVISIBLE";
    }
    if !i.comment.is_empty() {
        sql += &format!(" COMMENT {}", literal(&i.comment));
    }
    sql
}

fn foreign_key(f: &ForeignKey) -> String {
    let list = |names: &[String]| names.iter().map(|n| quote(n)).collect::<Vec<_>>().join(",");
    let schema = match f.referenced_schema.as_str() {
        "" => String::new(),
        s => format!("{}.", quote(s)),
    };
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {schema}{} ({})",
        quote(&f.name),
        list(&f.columns),
        quote(&f.referenced_table),
        list(&f.referenced_columns)
    );
    for (event, action) in [("DELETE", &f.on_delete), ("UPDATE", &f.on_update)] {
        if !action.is_empty() && action != "RESTRICT" && action != "NO ACTION" {
            sql += &format!(" ON {event} {action}");
        }
    }
    sql
}
