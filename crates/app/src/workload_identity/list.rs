//! Reads identities.

use base::Result;
use base::page::Page;
use store::rows::WorkloadIdentity;
use store::{Filter, workload_identities};

use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};
use crate::service_account::parent_of;

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "email", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
];

pub async fn get(cx: &Cx, name: &str) -> Result<WorkloadIdentity> {
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, "name", name).await
}

/// Those of the workspace, or of one project.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<WorkloadIdentity>> {
    let home = Filter::eq(workload_identities::PROJECT, parent_of(parent)?.unwrap_or_default());
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => where_(&expr, &mut |test| match test.variable() {
            "email" => by_field(workload_identities::EMAIL, test),
            "state" => by_field(workload_identities::STATE, test),
            _ => by_field(workload_identities::TITLE, test),
        })?,
    };
    let filter = ask.without_deleted(home.and(asked), workload_identities::STATE);
    let list = ask.page(filter, &[workload_identities::EMAIL])?;
    let mut conn = cx.app.store.read().await?;
    Ok(workload_identities::list(&mut conn, &list).await?)
}
