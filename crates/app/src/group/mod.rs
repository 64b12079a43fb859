//! Groups: people who policies bind as one member, `group:{email}`.
//!
//! Who has the permission may change every group; the owners of a group may change theirs.

mod change;
mod list;
mod rules;

pub use change::{MASK, Update, create, delete, update};
pub use list::{batch_get, get, list};
pub use rules::{MemberInput, MemberRole};

use base::name::{GroupName, UserName};
use base::{Error, Result, Time};
use store::rows::{Group, GroupRole};
use store::{Conn, events, groups};

use crate::cx::{Caller, Cx};
use crate::filter::etag;

/// What a request says about a group.
#[derive(Debug, Clone, Default)]
pub struct GroupInput {
    pub title: String,
    pub description: String,
    pub members: Vec<MemberInput>,
}

/// The address in a name `groups/{email}`, in lower case.
fn of_name(field: &str, name: &str) -> Result<String> {
    GroupName::parse(field, name).map(|n| n.email.to_ascii_lowercase())
}

/// Whether the caller is in the group as `role`; an owner is a member, too.
fn is_in(cx: &Cx, group: &Group, role: GroupRole) -> bool {
    let Caller::User { email } = &cx.caller else { return false };
    let name = UserName::new(email).to_string();
    let fits = |found: GroupRole| found == role || found == GroupRole::Owner;
    group.members.iter().any(|m| m.name == name && fits(m.role))
}

/// The group, for who has `permission` or is in it as `role`. Others learn nothing, not even whether there is one.
async fn for_caller(
    cx: &Cx,
    conn: &mut Conn,
    email: &str,
    permission: &str,
    role: GroupRole,
) -> Result<Group> {
    let found = groups::get(conn, email).await?;
    let name = GroupName::new(email);
    match found {
        Some(group) if is_in(cx, &group, role) => Ok(group),
        found => {
            cx.require_on(conn, permission, &name.to_string()).await?;
            found.ok_or_else(|| Error::not_found(name))
        }
    }
}

pub(crate) async fn tell(conn: &mut Conn, email: &str, version: i64, now: Time) -> Result<()> {
    Ok(events::append(conn, &GroupName::new(email).to_string(), "group", &etag(version), now)
        .await?)
}
