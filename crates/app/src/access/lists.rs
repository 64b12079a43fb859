//! What a list may show: the rows of one project that the gate let through, or those of all projects within reach.

use base::Result;
use store::{Field, Filter};

use super::Reach;
use crate::cx::Cx;

/// The condition on a list's project column. `project` is an id, which the gate has checked, or `-` for all within reach.
pub async fn project_filter(
    cx: &Cx,
    permission: &str,
    project: &str,
    field: Field,
) -> Result<Filter> {
    if project != "-" {
        return Ok(Filter::eq(field, project));
    }
    Ok(match cx.reach(permission).await? {
        Reach::All => Filter::All,
        Reach::Projects(ids) => Filter::is_in(field, ids),
    })
}
