//! What a group must be like.

use std::collections::{BTreeMap, BTreeSet};

use base::name::UserName;
use base::{Error, FieldViolation, Result};
use store::rows::{Group, GroupMember, GroupRole, State};
use store::{Conn, users};

use crate::user::email;

const MOST_MEMBERS: usize = 10_000;

/// A member as a request gives them.
#[derive(Debug, Clone)]
pub struct MemberInput {
    /// `users/{email}`
    pub name: String,
    pub role: MemberRole,
}

/// `None` when the request does not say.
pub type MemberRole = Option<GroupRole>;

/// The members that the request makes, by name. Who is in the group already may stay, also after their account was deleted.
pub(super) async fn members(
    conn: &mut Conn,
    inputs: &[MemberInput],
    before: &[GroupMember],
) -> Result<Vec<GroupMember>> {
    if inputs.len() > MOST_MEMBERS {
        return Err(Error::field(
            "group.members",
            format!("a group has at most {MOST_MEMBERS} members"),
        ));
    }
    let (mut wrong, mut members) = (Vec::new(), BTreeMap::new());
    let mut say = |at: usize, field: &str, description: String| {
        if wrong.len() < 100 {
            let field = format!("group.members[{at}].{field}");
            wrong.push(FieldViolation { field, description });
        }
    };
    let emails: Vec<_> =
        inputs.iter().map(|input| email::of_name("member", &input.name).ok()).collect();
    let named: Vec<String> = emails.iter().flatten().cloned().collect();
    let live: BTreeSet<String> = users::get_many(conn, &named)
        .await?
        .into_iter()
        .filter(|user| user.state == State::Active)
        .map(|user| user.email)
        .collect();
    for (at, (input, email)) in inputs.iter().zip(emails).enumerate() {
        let Some(email) = email else {
            say(at, "member", "write users/{email}; groups hold people only".to_owned());
            continue;
        };
        let name = UserName::new(&email).to_string();
        if !live.contains(&email) && !before.iter().any(|m| m.name == name) {
            say(at, "member", format!("{name} does not exist or is deleted"));
        }
        let Some(role) = input.role else {
            say(at, "role", "say OWNER or MEMBER".to_owned());
            continue;
        };
        if members.insert(name.clone(), GroupMember { name: name.clone(), role }).is_some() {
            say(at, "member", format!("{name} is in the list twice"));
        }
    }
    if wrong.is_empty() { Ok(members.into_values().collect()) } else { Err(Error::fields(wrong)) }
}

pub(super) fn texts(group: &Group) -> Result<()> {
    let mut wrong = Vec::new();
    let one_line = |text: &str| !text.chars().any(char::is_control);
    let title = group.title.trim();
    if title.is_empty() || title.chars().count() > 200 || !one_line(title) {
        wrong.push(FieldViolation {
            field: "group.title".to_owned(),
            description: "use 1 to 200 characters in one line".to_owned(),
        });
    }
    if group.description.chars().count() > 1_000 {
        wrong.push(FieldViolation {
            field: "group.description".to_owned(),
            description: "use at most 1000 characters".to_owned(),
        });
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}
