//! Lists users.

use base::Result;
use base::page::Page;
use store::rows::User;
use store::{Filter, users};

use super::Members;
use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};

const VARIABLES: &[Var] = &[
    Var { name: "name", is: Is::Text },
    Var { name: "title", is: Is::Text },
    Var { name: "email", is: Is::Id },
    Var { name: "state", is: Is::Word(&["ACTIVE", "DELETED"]) },
    Var { name: "project", is: Is::Name("projects/") },
];

/// `project == "projects/shop"` means the members of that project.
pub async fn list(cx: &Cx, ask: &Ask) -> Result<Page<User>> {
    let mut conn = cx.app.store.read().await?;
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => {
            let members = Members::people(cx, &mut conn, &expr).await?;
            where_(&expr, &mut |test| match test.variable() {
                "email" => by_field(users::EMAIL, test),
                "state" => by_field(users::STATE, test),
                "project" => Ok(members.filter(test, users::EMAIL)),
                _ => by_field(users::TITLE, test),
            })?
        }
    };
    let list = ask.page(ask.without_deleted(asked, users::STATE), &[users::EMAIL, users::TITLE])?;
    Ok(users::list(&mut conn, &list).await?)
}
