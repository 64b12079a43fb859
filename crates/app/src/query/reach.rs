//! Whether the caller may read what the statements read: each table that their spans name, by the conditions of bindings.
//!
//! Invariant: where a binding counts for some tables only, a statement whose tables cannot be told is refused.

use std::collections::BTreeSet;

use base::Result;
use base::name::DatabaseName;
use engine::Engine;
use schema::Catalog;
use sql::SpanKind;
use store::rows::Database;
use store::{Conn, catalogs, databases};

use super::judge::{self, Judged};
use crate::access::Grants;
use crate::cx::Cx;

/// The schema in which names without one are looked for, where tables decide.
const SCHEMA: &str = "public";

/// What the caller may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Allowed {
    /// The whole database.
    Database,
    /// The tables that were asked for, if names without a schema are looked for in this one.
    Tables { schema: String },
}

/// Passes when the caller may read what the statements name.
///
/// Errors: `PERMISSION_MISSING` that names every table or database.
pub(super) async fn require(
    cx: &Cx,
    conn: &mut Conn,
    engine: &dyn Engine,
    database: &Database,
    schema: Option<&str>,
    statements: &[Judged],
) -> Result<Allowed> {
    let grants = Grants::load(conn, &cx.caller, cx.now()).await?;
    let schema = schema.filter(|s| !s.is_empty()).unwrap_or(SCHEMA);
    let own = grants.of_database(conn, database).await?;
    let mut allowed = Allowed::Database;
    let mut catalog = None;
    let (mut permissions, mut resources) = (BTreeSet::new(), BTreeSet::new());
    for judged in statements {
        let permission = judge::permission(judged.kind);
        let kind = judged.kind.as_str();
        for other in others(conn, database, &judged.text).await? {
            let there = grants.of_database(conn, &other).await?;
            if !there.has(permission, |about| about.statement(kind)) {
                permissions.insert(permission.to_owned());
                resources.insert(DatabaseName::new(&other.instance, &other.name).to_string());
            }
        }
        if own.has(permission, |about| about.statement(kind)) {
            continue;
        }
        allowed = Allowed::Tables { schema: schema.to_owned() };
        if catalog.is_none() {
            let mut read = Catalog::from_objects(catalogs::objects(conn, &database.id).await?);
            schema.clone_into(&mut read.search_path);
            catalog = Some(read);
        }
        let tables = catalog.as_ref().and_then(|catalog| tables(engine, catalog, &judged.text));
        let of = DatabaseName::new(&database.instance, &database.name);
        match tables {
            // It was found before that the caller has it on a part of the database.
            Some(tables) => {
                for (schema, table) in tables {
                    if !own.has(permission, |about| about.statement(kind).table(&schema, &table)) {
                        permissions.insert(permission.to_owned());
                        resources.insert(match schema.is_empty() {
                            true => format!("{of}/tables/{table}"),
                            false => format!("{of}/schemas/{schema}/tables/{table}"),
                        });
                    }
                }
            }
            None => {
                permissions.insert(permission.to_owned());
                resources.insert(of.to_string());
            }
        }
    }
    if resources.is_empty() {
        return Ok(allowed);
    }
    let lists = (permissions.into_iter().collect(), resources.into_iter().collect());
    Err(cx.refuse(conn, &grants, lists.0, lists.1).await?)
}

/// The tables that a statement reads, by schema and name; None where that cannot be told for certain.
fn tables(
    engine: &dyn Engine,
    catalog: &Catalog,
    text: &str,
) -> Option<BTreeSet<(String, String)>> {
    // Statistics of the server hold values of all tables.
    if text.to_lowercase().contains("pg_stat") {
        return None;
    }
    let dialect = engine.dialect();
    let script = dialect.parse(text);
    let [parsed] = script.statements.as_slice() else { return None };
    let span = dialect.span(catalog, parsed, text)?;
    let certain = span.kind == SpanKind::Select && span.unresolved.is_empty();
    certain.then(|| span.relations.into_iter().map(|r| (r.schema, r.table)).collect())
}

/// Other databases of the instance that a text names before a dot, for engines whose statements reach them.
async fn others(conn: &mut Conn, database: &Database, text: &str) -> Result<Vec<Database>> {
    let keys: Vec<_> = before_dots(text)
        .into_iter()
        .filter(|name| *name != database.name)
        .map(|name| (database.instance.clone(), name))
        .collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(databases::get_many(conn, &keys).await?)
}

/// The words that stand before a dot, quoted or not. Too many rather than too few: a word that is no database is none.
fn before_dots(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < chars.len() {
        let (word, end) = match chars[at] {
            quote @ ('`' | '"' | '[') => quoted(&chars, at, if quote == '[' { ']' } else { quote }),
            c if is_word(c) => {
                let end =
                    chars[at..].iter().position(|c| !is_word(*c)).map_or(chars.len(), |n| at + n);
                (chars[at..end].iter().collect(), end)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        if dot_follows(&chars, end) {
            found.insert(word);
        }
        at = end;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn quoted(chars: &[char], open: usize, quote: char) -> (String, usize) {
    let mut word = String::new();
    let mut at = open + 1;
    while let Some(&c) = chars.get(at) {
        at += 1;
        if c == quote {
            if chars.get(at) != Some(&quote) {
                break;
            }
            at += 1;
        }
        word.push(c);
    }
    (word, at)
}

/// Whether the next that is neither blank nor comment is a dot; a comment that a server reads as code may hold one.
fn dot_follows(chars: &[char], mut at: usize) -> bool {
    loop {
        match (chars.get(at), chars.get(at + 1), chars.get(at + 2)) {
            (Some('.'), ..) | (Some('/'), Some('*'), Some('!' | 'M')) => return true,
            (Some(c), ..) if c.is_whitespace() => at += 1,
            (Some('/'), Some('*'), _) => {
                let rest = &chars[at + 2..];
                match rest.windows(2).position(|w| w == ['*', '/']) {
                    Some(n) => at += n + 4,
                    None => return false,
                }
            }
            (Some('#'), ..) | (Some('-'), Some('-'), _) => {
                match chars[at..].iter().position(|c| *c == '\n') {
                    Some(n) => at += n + 1,
                    None => return false,
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_dots_are_found_however_they_are_written() {
        for text in [
            "SELECT * FROM other.t",
            "SELECT * FROM `other`.`t`",
            "SELECT * FROM other . t",
            "SELECT * FROM other/* x */ -- y\n .t",
            "SELECT * FROM other/*!.t*/",
            "SELECT * FROM [other].dbo.t",
            "SELECT * FROM \"other\".t",
        ] {
            assert!(before_dots(text).contains("other"), "{text}");
        }
        assert!(!before_dots("SELECT other FROM t").contains("other"));
        assert!(before_dots("SELECT * FROM `a``b`.t").contains("a`b"));
    }
}
