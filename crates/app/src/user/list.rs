//! Lists users.

use std::collections::BTreeMap;

use base::Result;
use base::name::ProjectName;
use base::page::Page;
use policy::iam::ALL_USERS;
use store::rows::User;
use store::{Conn, Filter, users};

use crate::access::{Grants, policy_of};
use crate::cx::Cx;
use crate::filter::{Ask, Expr, Is, Test, Var, by_field, filter, where_};

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
            let members = members(cx, &mut conn, &expr, "user:").await?;
            where_(&expr, &mut |test| match test.variable() {
                "email" => by_field(users::EMAIL, test),
                "state" => by_field(users::STATE, test),
                "project" => Ok(of_projects(test, &members, users::EMAIL)),
                _ => by_field(users::TITLE, test),
            })?
        }
    };
    let list = ask.page(ask.without_deleted(asked, users::STATE), &[users::EMAIL, users::TITLE])?;
    Ok(users::list(&mut conn, &list).await?)
}

/// Addresses of members of each project that a filter names: by project id; `None` for everybody.
type Members = BTreeMap<String, Option<Vec<String>>>;

/// Members with this prefix of the projects in a filter. A project that the caller may not see has none.
pub(crate) async fn members(
    cx: &Cx,
    conn: &mut Conn,
    expr: &Expr,
    prefix: &str,
) -> Result<Members> {
    let grants = Grants::load(conn, &cx.caller, cx.app.now()).await?;
    let mut found = Members::new();
    for id in expr.tests().into_iter().filter(|t| t.variable() == "project").flat_map(Test::texts) {
        let name = ProjectName::new(&id).to_string();
        if found.contains_key(&id) {
            continue;
        }
        let mut emails = Some(Vec::new());
        if grants.has(conn, "bb.projects.getIamPolicy", &name).await? {
            let all = policy_of(conn, &name).await?.bindings.into_iter().flat_map(|b| b.members);
            for member in all {
                if member == ALL_USERS {
                    emails = None;
                } else if let (Some(list), Some(email)) = (&mut emails, member.strip_prefix(prefix))
                {
                    list.push(email.to_owned());
                }
            }
        }
        found.insert(id, emails);
    }
    Ok(found)
}

/// The comparison of `project` as one of addresses.
pub(crate) fn of_projects(test: &Test, members: &Members, email: store::Field) -> Filter {
    let mut emails = Vec::new();
    let mut all = false;
    for id in test.texts() {
        match members.get(&id) {
            Some(Some(list)) => emails.extend(list.iter().cloned()),
            Some(None) => all = true,
            None => {}
        }
    }
    let within = if all { Filter::All } else { Filter::is_in(email, emails) };
    if test.op == crate::filter::Op::NotEqual { Filter::Not(Box::new(within)) } else { within }
}
