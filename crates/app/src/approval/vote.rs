//! Approving and sending back. A vote is about what was read: everything is looked at again under the lock of the plan.

use base::{Blocker, Error, Reason, Result};
use policy::approval::{Decision, Gate, Refusal, Status, Step, Voter};
use store::rows::{Issue, IssueApproval, IssueStatus};

use super::view::{self, IssueView};
use super::{Locked, happened, holders};
use crate::cx::Cx;

const MAX_COMMENT: usize = 65_536;

/// What a caller asks.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub project: String,
    pub issue: i64,
    /// `environments/{environment}` of the gate, or empty for that of the issue as a whole. None: every one that the caller may.
    pub gate: Option<String>,
    /// What was read; empty for no check.
    pub revision: String,
    pub comment: String,
}

/// Takes the step whose turn it is, of one gate or of all that the caller may.
pub async fn vote(cx: &Cx, ask: Ask, decision: Decision) -> Result<IssueView> {
    let name = format!("projects/{}/issues/{}", ask.project, ask.issue);
    cx.require("bb.issues.get", &name).await?;
    let me = cx.person()?;
    if ask.comment.len() > MAX_COMMENT {
        return Err(Error::field("comment", "write at most 64 KiB"));
    }
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let locked = Locked::read(&mut tx, &ask.project, ask.issue).await?;
    let mut approval = current(&name, &locked)?;
    if !ask.revision.is_empty() && ask.revision != view::revision(approval.input_version) {
        return Err(Error::etag(&name));
    }
    let project = crate::project::live(&mut tx, &ask.project).await?;
    let roles = holders::roles_of_caller(cx, &mut tx, &project.id).await?;
    let voter = Voter { name: &me, roles: &roles, is_creator: locked.issue.creator == me };
    let allowed = project.payload.allow_self_approval;
    let chosen = choose(&approval.payload.gates, ask.gate.as_deref(), &voter, allowed)?;
    for at in chosen {
        let gate = &mut approval.payload.gates[at];
        let role = gate.pending_role().unwrap_or_default().to_owned();
        let step = Step { decision, by: me.clone(), at: now, comment: ask.comment.clone() };
        gate.vote(step.clone());
        happened::voted(cx, &mut tx, &locked.issue, gate, &role, &step).await?;
    }
    super::put(&mut tx, &mut approval, now).await?;
    happened::finished(cx, &mut tx, &locked.issue, &approval, locked.plan.as_ref()).await?;
    happened::announce(&mut tx, &locked.issue, now).await?;
    // What waits for this approval goes on.
    tx.wake(store::Topic::TaskRun, "").await?;
    tx.commit().await?;
    view::get(cx, &ask.project, ask.issue).await
}

/// Asks for what was rejected again. Its creator alone knows that it was mended.
pub async fn request(cx: &Cx, project: &str, issue: i64, comment: &str) -> Result<IssueView> {
    let name = format!("projects/{project}/issues/{issue}");
    cx.require("bb.issues.get", &name).await?;
    let me = cx.person()?;
    let now = cx.now();
    let mut tx = cx.app.store.begin().await?;
    let locked = Locked::read(&mut tx, project, issue).await?;
    if locked.issue.creator != me {
        return Err(Error::new(
            Reason::NotAllowed,
            "only the creator of an issue can ask for its approval again",
        ));
    }
    let mut approval = current(&name, &locked)?;
    let mut any = false;
    for gate in &mut approval.payload.gates {
        if gate.reopen() {
            any = true;
            happened::reopened(cx, &mut tx, &locked.issue, gate, comment).await?;
        }
    }
    if !any {
        return Err(blocked(&name, "NOT_REJECTED", "nobody has sent it back"));
    }
    super::put(&mut tx, &mut approval, now).await?;
    happened::announce(&mut tx, &locked.issue, now).await?;
    tx.commit().await?;
    view::get(cx, project, issue).await
}

/// The approval, if it can be voted on.
fn current(name: &str, locked: &Locked) -> Result<IssueApproval> {
    let Issue { draft, status, .. } = &locked.issue;
    if *draft {
        return Err(blocked(name, "ISSUE_DRAFT", "it is a draft; its creator submits it first"));
    }
    if *status == IssueStatus::Canceled {
        return Err(blocked(name, "ISSUE_CANCELED", "it was canceled; reopen it first"));
    }
    let found = locked.approval.clone().filter(|a| a.is_found(locked.input_version()));
    found.ok_or_else(|| {
        blocked(name, "APPROVAL_CHECKING", "who has to approve is being found out; try again soon")
    })
}

fn blocked(name: &str, reason: &str, what: &str) -> Error {
    let message = format!("{name}: {what}");
    let blocker =
        Blocker { reason: reason.to_owned(), subject: name.to_owned(), message: message.clone() };
    Error::blocked(message, vec![blocker])
}

/// Places of the gates that are voted on: never none.
fn choose(
    gates: &[Gate],
    named: Option<&str>,
    voter: &Voter<'_>,
    self_approval: bool,
) -> Result<Vec<usize>> {
    let may = |gate: &Gate| gate.may_vote(voter, self_approval);
    if let Some(named) = named {
        let at = gates.iter().position(|g| view::environment(g) == named).ok_or_else(|| {
            Error::field(
                "environment",
                format!("there is no gate {named:?}; name one of the issue's"),
            )
        })?;
        return may(&gates[at]).map(|()| vec![at]).map_err(refused);
    }
    let (mut chosen, mut first) = (Vec::new(), None);
    for (at, gate) in gates.iter().enumerate() {
        match may(gate) {
            Ok(()) => chosen.push(at),
            // What waits for somebody tells more than what waits for nobody.
            Err(refusal) if gate.status() == Status::Pending => _ = first.get_or_insert(refusal),
            Err(_) => {}
        }
    }
    if chosen.is_empty() {
        return Err(refused(first.unwrap_or_else(|| Refusal {
            reason: "NOT_PENDING",
            message: "nothing of this issue waits for an approval".to_owned(),
        })));
    }
    Ok(chosen)
}

fn refused(refusal: Refusal) -> Error {
    let message = refusal.message.clone();
    if refusal.reason == "NOT_PENDING" {
        let blocker = Blocker { reason: refusal.reason.into(), subject: String::new(), message };
        return Error::blocked(refusal.message, vec![blocker]);
    }
    Error::new(Reason::NotAllowed, message).with_metadata("refusal", refusal.reason)
}

/// Whether somebody could vote: the same questions, for the page.
pub(super) fn may_vote(
    issue: &Issue,
    gate: &Gate,
    voter: &Voter<'_>,
    self_approval: bool,
) -> Result<(), Refusal> {
    let refuse = |reason, message: &str| Err(Refusal { reason, message: message.to_owned() });
    if issue.draft {
        return refuse("ISSUE_DRAFT", "the issue is a draft; its creator submits it first");
    }
    if issue.status == IssueStatus::Canceled {
        return refuse("ISSUE_CANCELED", "the issue was canceled; reopen it first");
    }
    gate.may_vote(voter, self_approval)
}
