//! Reads groups.

use std::collections::BTreeMap;

use base::name::GroupName;
use base::page::Page;
use base::{Error, Result};
use store::rows::{Group, GroupRole};
use store::{Filter, groups};

use super::{for_caller, is_in, of_name};
use crate::cx::Cx;
use crate::filter::{Ask, Is, Var, by_field, filter, where_};
use crate::user::Members;

const PERMISSION: &str = "bb.groups.get";
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
    for_caller(cx, &mut conn, &email, PERMISSION, GroupRole::Member).await
}

/// In the order of `names`; one that the caller may not see fails the whole.
pub async fn batch_get(cx: &Cx, names: &[String]) -> Result<Vec<Group>> {
    if names.len() > MOST {
        return Err(Error::field("names", format!("ask for at most {MOST} at once")));
    }
    let emails: Vec<_> = names.iter().map(|n| of_name("names", n)).collect::<Result<_>>()?;
    let mut conn = cx.app.store.read().await?;
    let rows = groups::get_many(&mut conn, &emails).await?;
    let rows: BTreeMap<String, Group> = rows.into_iter().map(|g| (g.email.clone(), g)).collect();
    let mut found = Vec::with_capacity(names.len());
    let mut sees_all = false;
    for email in emails {
        let (name, group) = (GroupName::new(&email), rows.get(&email));
        if !sees_all && !group.is_some_and(|g| is_in(cx, g, GroupRole::Member)) {
            // The permission is of the workspace: who has it for one has it for all.
            cx.require_on(&mut conn, PERMISSION, &name.to_string()).await?;
            sees_all = true;
        }
        found.push(group.cloned().ok_or_else(|| Error::not_found(name))?);
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
