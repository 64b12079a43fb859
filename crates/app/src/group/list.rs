//! Reads groups.

use base::page::Page;
use base::{Error, Result};
use store::rows::{Group, GroupRole};
use store::{Filter, groups};

use super::{for_caller, of_name};
use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};
use crate::user::Members;

/// Most names in a batch.
const MOST: usize = 1_000;
const VARIABLES: &[Var] = &[
    Var { name: "title", is: Is::Text },
    Var { name: "email", is: Is::Id },
    Var { name: "project", is: Is::Name("projects/") },
];

pub async fn get(cx: &Cx, name: &str) -> Result<Group> {
    let email = of_name("name", name)?;
    let mut conn = cx.app.store.read().await?;
    for_caller(cx, &mut conn, &email, "bb.groups.get", GroupRole::Member).await
}

/// In the order of `names`; one that the caller may not see fails the whole.
pub async fn batch_get(cx: &Cx, names: &[String]) -> Result<Vec<Group>> {
    if names.len() > MOST {
        return Err(Error::field("names", format!("ask for at most {MOST} at once")));
    }
    let mut conn = cx.app.store.read().await?;
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        let email = of_name("names", name)?;
        found.push(for_caller(cx, &mut conn, &email, "bb.groups.get", GroupRole::Member).await?);
    }
    Ok(found)
}

/// `project == "projects/shop"` means the groups that the policy of that project binds.
pub async fn list(cx: &Cx, ask: &Ask) -> Result<Page<Group>> {
    let mut conn = cx.app.store.read().await?;
    let asked = match filter(&ask.filter, VARIABLES)? {
        None => Filter::All,
        Some(expr) => {
            let members = Members::groups(cx, &mut conn, &expr).await?;
            where_(&expr, &mut |test| match test.variable() {
                "project" => Ok(members.filter(test, groups::EMAIL)),
                "email" => by_field(groups::EMAIL, test),
                _ => by_field(groups::TITLE, test),
            })?
        }
    };
    Ok(groups::list(&mut conn, &ask.page(asked, &[groups::EMAIL, groups::TITLE])?).await?)
}
