//! Whether databases that a caller names are those of a project.

use std::collections::BTreeSet;

use base::name::DatabaseName;
use base::{Error, FieldViolation, Result};
use store::Conn;
use store::rows::State;

/// More violations than this help nobody.
const MOST_SHOWN: usize = 20;

/// Refuses others, in the same words for what is absent and what belongs to another project. `field` holds the list.
pub(crate) async fn belong(
    conn: &mut Conn,
    project: &str,
    field: &str,
    targets: &[String],
) -> Result<()> {
    let names = targets.iter().map(|t| DatabaseName::parse(field, t));
    let keys: Vec<_> = names.map(|n| n.map(|n| (n.instance, n.database))).collect::<Result<_>>()?;
    let found = store::databases::get_many(conn, &keys).await?;
    let own = found.into_iter().filter(|d| d.project == project && d.state == State::Active);
    let own: BTreeSet<_> = own.map(|d| (d.instance, d.name)).collect();
    let foreign = keys.iter().enumerate().filter(|(_, key)| !own.contains(*key));
    let wrong: Vec<_> = foreign
        .take(MOST_SHOWN)
        .map(|(n, _)| FieldViolation {
            field: format!("{field}[{n}]"),
            description: format!("{} is no database of projects/{project}", targets[n]),
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}
