//! Requests for a role: filed by who wants it, completed by who may approve it.
//!
//! Invariant: nothing is granted before [`complete`], which checks everything again: the role, the person and the end may
//! be gone by then.

use std::time::Duration;

use base::name::{ProjectName, UserName};
use base::{Blocker, Error, FieldViolation, Result, Time};
use policy::cel::{self, IAM_BINDING, Node};
use policy::iam::{Binding, until};
use store::rows::{Issue, IssueKind, IssuePayload, IssueStatus, RoleGrant, State};
use store::{Conn, events, users};

use super::create::violations;
use super::status;
use crate::access::custom_roles;
use crate::approval;
use crate::cx::{Caller, Cx};
use crate::filter::etag;
use crate::iam_policy::{self, wrong_role};

/// Longest time a role can be asked for: ten years.
const MAX_EXPIRATION: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

/// What a caller gives.
#[derive(Debug, Clone, Default)]
pub struct NewRoleGrant {
    pub project: String,
    pub title: String,
    pub description: String,
    pub labels: Vec<String>,
    /// `roles/{role}`
    pub role: String,
    /// `users/{email}`; empty for the caller.
    pub user: String,
    /// CEL over [`IAM_BINDING`]; empty for the whole project.
    pub condition: String,
    /// From the moment it is granted. None: until somebody takes it away.
    pub expiration: Option<Duration>,
}

/// Files a request.
///
/// Errors: every wrong field; `PERMISSION_MISSING` for a request on behalf of somebody else by who may not set the policy.
pub async fn create(cx: &Cx, new: NewRoleGrant) -> Result<Issue> {
    let me = match &cx.caller {
        Caller::User { email } => UserName::new(email).to_string(),
        _ => return Err(Error::field("issue.role_grant.user", "a person asks for a role")),
    };
    let of = ProjectName::new(&new.project).to_string();
    let user = if new.user.is_empty() { me.clone() } else { new.user.to_lowercase() };
    let person = UserName::parse("issue.role_grant.user", &user)?;
    if user != me {
        cx.require("bb.projects.setIamPolicy", &of).await?;
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let project = crate::project::live(&mut tx, &new.project).await?;
    let roles = custom_roles(&mut tx).await?;
    let title = match new.title.trim() {
        "" => format!("Request {} for {}", new.role, person.email),
        title => title.to_owned(),
    };
    if !project.payload.allow_request_role {
        let blocker = Blocker {
            reason: "ROLE_REQUESTS_OFF".to_owned(),
            subject: of.clone(),
            message: "this project takes no requests for roles; its owner can allow them"
                .to_owned(),
        };
        return Err(Error::blocked(blocker.message.clone(), vec![blocker]));
    }
    let mut violated = violations(&project, &title, &new.description, &new.labels);
    let mut say = |field: &str, what: String| {
        let field = format!("issue.role_grant.{field}");
        violated.push(FieldViolation { field, description: what });
    };
    if let Some(what) = wrong_role(Some(&project.id), &new.role, &roles) {
        say("role", what);
    }
    if !is_active(&mut tx, &person).await? {
        say("user", format!("{user} does not exist or is deleted"));
    }
    let condition = new.condition.trim().to_owned();
    if let Err(e) = iam_policy::condition("condition.expression", &condition) {
        let what = e.field_violations().first().map(|v| v.description.clone());
        say("condition.expression", what.unwrap_or_default());
    } else if ends(&condition).is_some_and(|end| end <= now) {
        say("condition.expression", "this end is in the past".to_owned());
    }
    if new.expiration.is_some_and(|d| d.is_zero() || d > MAX_EXPIRATION) {
        say("expiration", "ask for a time of at most ten years, or leave it out".to_owned());
    }
    if !violated.is_empty() {
        return Err(Error::fields(violated));
    }
    let seconds = new.expiration.map(|d| d.as_secs().max(1));
    let grant = RoleGrant { role: new.role, user, condition, expiration_seconds: seconds };
    let mut issue = Issue {
        project: project.id,
        id: 0,
        plan: None,
        kind: IssueKind::RoleGrant,
        title,
        description: new.description,
        status: IssueStatus::Open,
        draft: false,
        creator: me,
        payload: IssuePayload { labels: new.labels, role_grant: Some(grant) },
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::issues::insert(&mut tx, &mut issue).await?;
    super::announce(&mut tx, &issue, now).await?;
    approval::role_grant::begin(cx, &mut tx, &issue).await?;
    let issue = store::issues::get(&mut tx, &issue.project, issue.id).await?;
    tx.commit().await?;
    issue.ok_or_else(|| Error::internal("an issue that was just filed is not there"))
}

/// Grants what an approved request asked for, in the transaction of the approval, and the issue is done.
///
/// Errors: `BLOCKED` with everything that changed since it was asked for and stands in the way now.
pub(crate) async fn complete(cx: &Cx, conn: &mut Conn, issue: Issue) -> Result<()> {
    let name = format!("projects/{}/issues/{}", issue.project, issue.id);
    let Some(grant) =
        issue.payload.role_grant.clone().filter(|_| issue.status == IssueStatus::Open)
    else {
        return Ok(());
    };
    let now = cx.now();
    let person = UserName::parse("role_grant.user", &grant.user)?;
    let (condition, end) = granted(&grant, now)?;
    let mut blockers = Vec::new();
    let mut say = |reason: &str, message: String| {
        let subject = name.clone();
        blockers.push(Blocker { reason: reason.to_owned(), subject, message });
    };
    if let Some(what) = wrong_role(Some(&issue.project), &grant.role, &custom_roles(conn).await?) {
        say("ROLE_GONE", what);
    }
    if !is_active(conn, &person).await? {
        say("USER_GONE", format!("{} does not exist or is deleted", grant.user));
    }
    if end.is_some_and(|end| end <= now) {
        say("TIME_OVER", "the time that was asked for is over".to_owned());
    }
    if !blockers.is_empty() {
        return Err(Error::blocked_by("", blockers));
    }
    let resource = ProjectName::new(&issue.project).to_string();
    let mut row = iam_policy::load(conn, &resource).await?;
    add(&mut row.policy.bindings, &grant.role, format!("user:{}", person.email), condition);
    store::iam::put(conn, &mut row, now).await?;
    events::append(conn, &resource, "iam_policy", &etag(row.version), now).await?;
    cx.remarks.fact("grantedRole", grant.role);
    cx.remarks.fact("grantedTo", grant.user);
    status::set(conn, cx, issue, IssueStatus::Done, "", now).await
}

/// The condition of the binding, and when it ends: by its own words, or by the time that was asked for from now on.
fn granted(grant: &RoleGrant, now: Time) -> Result<(String, Option<Time>)> {
    let own = ends(&grant.condition);
    let asked = grant.expiration_seconds.map(|s| now.plus(Duration::from_secs(s)));
    let Some(end) = asked.filter(|end| own.is_none_or(|own| *end < own)) else {
        return Ok((grant.condition.clone(), own));
    };
    let until = until(end);
    if grant.condition.is_empty() {
        return Ok((until, Some(end)));
    }
    let unread = |e| Error::internal("a condition that was checked cannot be read").with_source(e);
    let both =
        vec![cel::read(&grant.condition).map_err(unread)?, cel::read(&until).map_err(unread)?];
    Ok((cel::write(&Node::call("_&&_", both)), Some(end)))
}

/// Puts a member into the binding of that role and condition, or into a new one.
fn add(bindings: &mut Vec<Binding>, role: &str, member: String, condition: String) {
    let same = |b: &&mut Binding| b.role == role && b.condition == condition;
    match bindings.iter_mut().find(same) {
        Some(binding) if binding.members.contains(&member) => {}
        Some(binding) => binding.members.push(member),
        None => {
            bindings.push(Binding { role: role.to_owned(), members: vec![member], condition });
        }
    }
}

fn ends(condition: &str) -> Option<Time> {
    cel::compile(condition, &IAM_BINDING).ok()?.end()
}

async fn is_active(conn: &mut Conn, person: &UserName) -> Result<bool> {
    Ok(users::get(conn, &person.email).await?.is_some_and(|u| u.state == State::Active))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_end_counts() {
        let ask = |condition: &str, seconds: Option<u64>| {
            let grant = RoleGrant {
                condition: condition.to_owned(),
                expiration_seconds: seconds,
                ..RoleGrant::default()
            };
            granted(&grant, Time(0)).unwrap()
        };
        assert_eq!(ask("", None), (String::new(), None));
        let minute = until(Time(60_000_000));
        assert_eq!(ask("", Some(60)), (minute.clone(), Some(Time(60_000_000))));
        assert_eq!(ask(&minute, Some(61)), (minute.clone(), Some(Time(60_000_000))));
        let either = "resource.table_name == \"a\" || resource.table_name == \"b\"";
        assert_eq!(ask(either, Some(60)).0, format!("({either}) && {minute}"));
    }

    #[test]
    fn a_member_is_bound_once() {
        let mut bindings = vec![Binding::always("roles/a", vec!["user:x".into()])];
        add(&mut bindings, "roles/a", "user:x".into(), String::new());
        add(&mut bindings, "roles/a", "user:y".into(), String::new());
        add(&mut bindings, "roles/a", "user:y".into(), until(Time(1)));
        assert_eq!(bindings.len(), 2);
        assert_eq!(bindings[0].members, ["user:x", "user:y"]);
    }
}
