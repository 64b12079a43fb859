//! Reads accounts.

use base::Result;
use base::page::Page;
use store::rows::ServiceAccount;
use store::{Filter, service_accounts};

use super::parent_of;
use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "email", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
];

pub async fn get(cx: &Cx, name: &str) -> Result<ServiceAccount> {
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, "name", name).await
}

/// The accounts of the workspace, or of one project.
pub async fn list(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<ServiceAccount>> {
    let home = Filter::eq(service_accounts::PROJECT, parent_of(parent)?.unwrap_or_default());
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => where_(&expr, &mut |test| match test.variable() {
            "email" => by_field(service_accounts::EMAIL, test),
            "state" => by_field(service_accounts::STATE, test),
            _ => by_field(service_accounts::TITLE, test),
        })?,
    };
    let filter = ask.without_deleted(home.and(asked), service_accounts::STATE);
    let list = ask.page(filter, &[service_accounts::EMAIL])?;
    let mut conn = cx.app.store.read().await?;
    Ok(service_accounts::list(&mut conn, &list).await?)
}
