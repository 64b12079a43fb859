//! One changelog, or those of a database, with their texts on request.

use std::collections::BTreeSet;

use base::name::{ChangelogName, DatabaseName};
use base::page::Page;
use base::{Error, Result};
use store::rows::{Changelog, Database};
use store::{Conn, Filter, blobs, changelogs, databases, instances};

use crate::cx::Cx;
use crate::execution::redact;
use crate::filter::{Ask, Is, Var, conditions};

/// Lists with texts are shorter: each entry may carry two schemas of megabytes.
const MOST_WITH_TEXTS: usize = 20;
/// Longest statement shown, in bytes; the sheet has the whole.
const STATEMENT: usize = 2 << 20;
const VARIABLES: &[Var] = &[
    Var { name: "status", is: Is::Word(&["PENDING", "DONE", "FAILED"]) },
    Var { name: "create_time", is: Is::Time },
];

/// A changelog to show.
#[derive(Debug, Clone)]
pub struct ChangelogView {
    pub name: ChangelogName,
    pub changelog: Changelog,
    /// Bytes of the schema after the change; 0 when it was not taken.
    pub schema_size: i64,
    pub texts: Option<Texts>,
}

/// What a changelog refers to. Empty texts were not taken.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// After the change.
    pub schema: String,
    pub schema_before: String,
    /// At most 2 MiB, cut between characters, without passwords.
    pub statement: String,
}

pub async fn get(cx: &Cx, name: &str, with_texts: bool) -> Result<ChangelogView> {
    let name = ChangelogName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let found = changelogs::get(&mut conn, &name.changelog).await?;
    let database = databases::get(&mut conn, &name.instance, &name.database).await?;
    match (found, database) {
        // Who may read this database must not read another's history through it.
        (Some(found), Some(database)) if found.database_id == database.id => {
            let mut all = views(cx, &mut conn, &database, vec![found], with_texts).await?;
            all.pop().ok_or_else(|| Error::internal("a changelog without a view"))
        }
        _ => Err(Error::not_found(name)),
    }
}

/// Newest first. `parent` is a database, which may be gone: its history stays.
pub async fn list(
    cx: &Cx,
    parent: &str,
    ask: &Ask,
    with_texts: bool,
) -> Result<Page<ChangelogView>> {
    let name = DatabaseName::parse("parent", parent)?;
    let asked = conditions(&ask.filter, VARIABLES, changelogs::FIELDS)?;
    let mut conn = cx.app.store.read().await?;
    let database = databases::get(&mut conn, &name.instance, &name.database).await?;
    let database = database.ok_or_else(|| Error::not_found(&name))?;
    let of_database = Filter::eq(changelogs::DATABASE, database.id.as_str());
    let mut list = ask.page(of_database.and(asked), &[])?;
    if with_texts {
        list.size = list.size.min(MOST_WITH_TEXTS);
    }
    let page = changelogs::list(&mut conn, &list).await?;
    let items = views(cx, &mut conn, &database, page.items, with_texts).await?;
    Ok(Page { items, next: page.next })
}

/// In the same order; without texts by a fixed number of queries.
async fn views(
    cx: &Cx,
    conn: &mut Conn,
    database: &Database,
    changelogs: Vec<Changelog>,
    with_texts: bool,
) -> Result<Vec<ChangelogView>> {
    let schemas: BTreeSet<_> = changelogs.iter().filter_map(|c| c.after_sha256.clone()).collect();
    let sizes = blobs::sizes(conn, &schemas.into_iter().collect::<Vec<_>>()).await?;
    let mut views = Vec::with_capacity(changelogs.len());
    for changelog in changelogs {
        let name = ChangelogName::new(&database.instance, &database.name, &changelog.id);
        let size = changelog.after_sha256.as_ref().and_then(|sha256| sizes.get(sha256));
        let schema_size = size.copied().unwrap_or(0);
        let texts = match with_texts {
            true => Some(texts(cx, conn, database, &changelog).await?),
            false => None,
        };
        views.push(ChangelogView { name, changelog, schema_size, texts });
    }
    Ok(views)
}

async fn texts(
    cx: &Cx,
    conn: &mut Conn,
    database: &Database,
    changelog: &Changelog,
) -> Result<Texts> {
    let instance = instances::get(conn, &database.instance).await?;
    let instance = instance.ok_or_else(|| Error::internal("a database without its instance"))?;
    let dialect = cx.app.engines.get(instance.engine)?.dialect();
    let statement = statement(conn, changelog.statement_sha256.as_deref()).await?;
    Ok(Texts {
        schema: text(conn, changelog.after_sha256.as_deref()).await?,
        schema_before: text(conn, changelog.before_sha256.as_deref()).await?,
        statement: redact::script(dialect, &statement),
    })
}

async fn text(conn: &mut Conn, sha256: Option<&str>) -> Result<String> {
    let Some(sha256) = sha256 else { return Ok(String::new()) };
    let found = blobs::text(conn, sha256).await?;
    found
        .ok_or_else(|| Error::internal(format!("blob {sha256} of a changelog is not in the store")))
}

async fn statement(conn: &mut Conn, sha256: Option<&str>) -> Result<String> {
    let Some(sha256) = sha256 else { return Ok(String::new()) };
    let found = blobs::head(conn, sha256, STATEMENT).await?;
    let (bytes, _) = found.ok_or_else(|| {
        Error::internal(format!("blob {sha256} of a changelog is not in the store"))
    })?;
    // The cut may have split a character.
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| {
        let end = e.utf8_error().valid_up_to();
        String::from_utf8_lossy(&e.as_bytes()[..end]).into_owned()
    }))
}
