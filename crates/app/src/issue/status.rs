//! Opens, closes and finishes issues. DONE is terminal.

use base::{Blocker, Error, Result, Time};
use store::Conn;
use store::rows::{Issue, IssueEvent, IssueKind, IssueStatus, Plan};

use super::update::tell;
use crate::cx::Cx;

/// Sets the status of several issues of one project, all or none.
pub async fn batch_set(
    cx: &Cx,
    project: &str,
    issues: &[i64],
    status: IssueStatus,
    reason: &str,
) -> Result<()> {
    if issues.is_empty() || issues.len() > 100 {
        return Err(Error::field("issues", "name 1 to 100 issues"));
    }
    let mut tx = cx.app.store.begin().await?;
    let mut refused = Vec::new();
    for id in issues {
        let found = store::issues::get(&mut tx, project, *id).await?;
        let issue =
            found.ok_or_else(|| Error::not_found(format!("projects/{project}/issues/{id}")))?;
        match may_become(&issue, status) {
            Ok(true) => set(&mut tx, cx, issue, status, reason, cx.now()).await?,
            Ok(false) => {}
            Err(blocker) => refused.push(blocker),
        }
    }
    if !refused.is_empty() {
        return Err(Error::blocked_by("", refused));
    }
    Ok(tx.commit().await?)
}

/// A rollout settles the issue of its plan: the review is over.
pub async fn close_for_rollout(conn: &mut Conn, cx: &Cx, plan: &Plan, now: Time) -> Result<()> {
    let issue = super::of_plan(conn, &plan.project, plan.id).await?;
    match issue.filter(|i| i.status == IssueStatus::Open) {
        Some(issue) => set(conn, cx, issue, IssueStatus::Done, "", now).await,
        None => Ok(()),
    }
}

/// Whether there is something to do. Pure.
fn may_become(issue: &Issue, status: IssueStatus) -> Result<bool, Blocker> {
    let name = format!("projects/{}/issues/{}", issue.project, issue.id);
    let refuse = |reason: &str, what: &str| {
        Err(Blocker {
            reason: reason.to_owned(),
            message: format!("{name} {what}"),
            subject: name.clone(),
        })
    };
    match (issue.status, status) {
        (a, b) if a == b => Ok(false),
        (IssueStatus::Done, _) => refuse("ISSUE_DONE", "is done, which is final; make a new plan"),
        (_, IssueStatus::Done) if issue.kind == IssueKind::RoleGrant => {
            refuse("ROLE_REQUEST", "asks for a role, and is done when it is approved")
        }
        _ if issue.draft && status == IssueStatus::Done => {
            refuse("ISSUE_DRAFT", "is a draft; submit it first")
        }
        _ => Ok(true),
    }
}

pub(super) async fn set(
    conn: &mut Conn,
    cx: &Cx,
    mut issue: Issue,
    status: IssueStatus,
    reason: &str,
    now: Time,
) -> Result<()> {
    let from = issue.status;
    issue.status = status;
    store::issues::update(conn, &mut issue, now).await?;
    let event = IssueEvent::IssueUpdate {
        from_title: None,
        to_title: None,
        from_description: None,
        to_description: None,
        from_status: Some(from),
        to_status: Some(status),
        from_labels: Vec::new(),
        to_labels: Vec::new(),
    };
    tell(conn, cx, &issue, event, reason.to_owned()).await?;
    super::announce(conn, &issue, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::rows::IssuePayload;

    fn issue(status: IssueStatus) -> Issue {
        Issue {
            project: "shop".into(),
            id: 1,
            plan: Some(1),
            kind: IssueKind::DatabaseChange,
            title: String::new(),
            description: String::new(),
            status,
            draft: false,
            creator: String::new(),
            payload: IssuePayload::default(),
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }
    }

    #[test]
    fn done_is_final_and_canceled_is_not() {
        assert!(may_become(&issue(IssueStatus::Done), IssueStatus::Open).is_err());
        assert_eq!(may_become(&issue(IssueStatus::Done), IssueStatus::Done), Ok(false));
        assert_eq!(may_become(&issue(IssueStatus::Canceled), IssueStatus::Open), Ok(true));
    }
}
