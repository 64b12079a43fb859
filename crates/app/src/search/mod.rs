//! Search by name over everything that has a page: what "Search or jump to" of the console asks.
//!
//! Invariant: a caller finds exactly what the lists would show them.

mod rank;
mod sources;

use base::Result;
use base::name::ProjectName;

use crate::access::Grants;
use crate::cx::Cx;

/// Hits of each kind, when the caller does not say.
const USUAL: usize = 6;
const MOST: usize = 20;

/// What a hit is, in the order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Project,
    Database,
    Instance,
    Plan,
    Issue,
    User,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub kind: Kind,
    /// Resource name.
    pub name: String,
    pub title: String,
    /// Title of what it belongs to; empty for what belongs to the workspace.
    pub context: String,
}

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub query: String,
    /// Name of the project whose things come first; may be empty.
    pub project: String,
    /// Of each kind; 0 for the usual number.
    pub limit: i32,
}

/// The text to look for, and the number that it may be.
struct Wanted {
    text: String,
    number: Option<i64>,
}

/// Nothing for an empty text.
pub async fn search(cx: &Cx, ask: &Ask) -> Result<Vec<Hit>> {
    let near = match ask.project.as_str() {
        "" => None,
        name => Some(ProjectName::parse("project", name)?.project),
    };
    let wanted = Wanted::of(&ask.query);
    if wanted.text.is_empty() {
        return Ok(Vec::new());
    }
    let limit = match usize::try_from(ask.limit) {
        Ok(0) | Err(_) => USUAL,
        Ok(number) => number.min(MOST),
    };
    let mut conn = cx.app.store.read().await?;
    let grants = Grants::load(&mut conn, &cx.caller, cx.now()).await?;
    let found = sources::all(&mut conn, &grants, &wanted, near.as_deref()).await?;
    Ok(rank::best(found, &wanted.text, near.as_deref(), limit))
}

impl Wanted {
    fn of(query: &str) -> Self {
        let text = query.trim().to_lowercase();
        let number = text.strip_prefix('#').unwrap_or(&text).parse().ok().filter(|n| *n > 0);
        Self { text, number }
    }
}
