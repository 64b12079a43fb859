//! Who can give what a refused caller lacks: named in the refusal, so that people know whom to ask.
//!
//! Invariant: nothing here tells whether something exists that the caller may not see. The owners of a project are named
//! only to those who may see it.

use std::collections::BTreeSet;

use base::name::ProjectName;
use base::{Error, Result};
use store::rows::{State, User};
use store::{Conn, users};

use super::scope::{self, Scope};
use super::{Grants, people as people_of};

/// Enough to find one who is there.
const NAMED: usize = 4;
/// Key of the refusal's metadata: one line a person, as `Ada Admin <ada@example.com>`.
const KEY: &str = "grantors";

/// People who may set the policy of one of the resources.
pub(super) async fn of(
    conn: &mut Conn,
    grants: &Grants,
    resources: &[String],
) -> Result<Vec<User>> {
    let mut members = BTreeSet::new();
    for resource in resources {
        let Scope::Project(id) = scope::of(conn, resource).await?.scope else { continue };
        let project = ProjectName::new(id).to_string();
        if grants.has(conn, "bb.projects.get", &project).await? {
            let owners = grants.holders(conn, "bb.projects.setIamPolicy", Some(&project)).await?;
            members.extend(owners);
        }
    }
    // A person of the project is nearer than an administrator.
    if members.is_empty() {
        members = grants.holders(conn, "bb.workspaces.setIamPolicy", None).await?;
    }
    let emails: Vec<String> = people_of(conn, &members).await?.into_iter().collect();
    let mut people = users::get_many(conn, &emails).await?;
    people.retain(|user| user.state == State::Active);
    people.truncate(NAMED);
    Ok(people)
}

pub(super) fn named(error: Error, people: &[User]) -> Error {
    if people.is_empty() {
        return error;
    }
    let lines: Vec<String> =
        people.iter().map(|user| format!("{} <{}>", user.title, user.email)).collect();
    error.with_metadata(KEY, lines.join("\n"))
}
