//! A gate: the steps that were taken, whose turn it is, and who may take the next one.

use std::collections::BTreeSet;

use base::Time;
use serde::{Deserialize, Serialize};

use super::rule::{Template, Why};

/// What must be approved before its stages run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gate {
    /// Environment id, or `-`; None: of the issue as a whole.
    pub environment: Option<String>,
    /// Stages that wait for it, in their order.
    pub stages: Vec<String>,
    /// None: no rule matched.
    pub template: Option<Template>,
    pub why: Why,
    /// Taken so far: one a role, in order. Only the last may be a rejection.
    pub steps: Vec<Step>,
}

/// One vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub decision: Decision,
    /// `users/{email}`
    pub by: String,
    pub at: Time,
    pub comment: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    Approved,
    Rejected,
}

/// Where a gate, or an issue, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Which gates there are is not known yet.
    #[default]
    Checking,
    Pending,
    Approved,
    Rejected,
    /// Nobody has to approve.
    Skipped,
}

/// Somebody who wants to vote.
#[derive(Debug, Clone, Copy)]
pub struct Voter<'a> {
    /// `users/{email}`
    pub name: &'a str,
    /// Roles held in the project or the workspace.
    pub roles: &'a BTreeSet<String>,
    /// Whether it is their own change.
    pub is_creator: bool,
}

/// Why somebody may not vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable word.
    pub reason: &'static str,
    /// For people.
    pub message: String,
}

impl Status {
    /// Nothing stands in the way.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Approved | Self::Skipped)
    }
}

impl Gate {
    pub fn status(&self) -> Status {
        let roles = self.roles();
        if self.is_rejected() {
            Status::Rejected
        } else if roles.is_empty() {
            Status::Skipped
        } else if self.steps.len() < roles.len() {
            Status::Pending
        } else {
            Status::Approved
        }
    }

    pub fn roles(&self) -> &[String] {
        self.template.as_ref().map_or(&[], |t| &t.roles)
    }

    /// The role whose turn it is.
    pub fn pending_role(&self) -> Option<&str> {
        if self.is_rejected() {
            return None;
        }
        self.roles().get(self.steps.len()).map(String::as_str)
    }

    pub fn covers(&self, stage: &str) -> bool {
        self.stages.iter().any(|s| s == stage)
    }

    /// How messages call it.
    pub fn title(&self) -> String {
        match &self.environment {
            Some(stage) => format!("the gate of {stage}"),
            None => "the gate of the issue".to_owned(),
        }
    }

    /// Whether somebody may vote on the step whose turn it is. A creator may not, and nobody takes two steps, unless the project
    /// allows `self_approval`: then it trusts one pair of eyes.
    pub fn may_vote(&self, voter: &Voter<'_>, self_approval: bool) -> Result<(), Refusal> {
        let refuse = |reason, message: String| Err(Refusal { reason, message });
        let Some(role) = self.pending_role() else {
            return refuse("NOT_PENDING", format!("{} waits for nobody", self.title()));
        };
        if voter.is_creator && !self_approval {
            return refuse(
                "SELF_APPROVAL",
                "this is your own change, and the project does not allow to approve one's own"
                    .to_owned(),
            );
        }
        if !voter.roles.contains(role) {
            return refuse(
                "NOT_HOLDER",
                format!("it is the turn of {role}, which you do not hold here"),
            );
        }
        if !self_approval && self.steps.iter().any(|s| s.by == voter.name) {
            return refuse(
                "ALREADY_APPROVED",
                "you have approved a step already; the next one is another person's".to_owned(),
            );
        }
        Ok(())
    }

    /// Takes the step whose turn it is. False when there is none.
    pub fn vote(&mut self, step: Step) -> bool {
        let pending = self.pending_role().is_some();
        if pending {
            self.steps.push(step);
        }
        pending
    }

    /// Takes a rejection back; earlier approvals stay. False when there is none.
    pub fn reopen(&mut self) -> bool {
        let rejected = self.is_rejected();
        if rejected {
            self.steps.pop();
        }
        rejected
    }

    fn is_rejected(&self) -> bool {
        self.steps.last().is_some_and(|s| s.decision == Decision::Rejected)
    }
}

/// Where an issue stands whose gates are known.
pub fn overall(gates: &[Gate]) -> Status {
    let any = |status: Status| gates.iter().any(|g| g.status() == status);
    [Status::Rejected, Status::Pending, Status::Approved]
        .into_iter()
        .find(|s| any(*s))
        .unwrap_or(Status::Skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(roles: &[&str]) -> Gate {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        Gate { template: Some(Template { roles, ..Template::default() }), ..Gate::default() }
    }

    fn step(by: &str, decision: Decision) -> Step {
        Step { decision, by: by.to_owned(), at: Time(0), comment: String::new() }
    }

    #[test]
    fn steps_come_one_after_the_other() {
        let mut gate = gate(&["roles/a", "roles/b"]);
        assert_eq!((gate.status(), gate.pending_role()), (Status::Pending, Some("roles/a")));
        assert!(gate.vote(step("users/ann", Decision::Approved)));
        assert_eq!(gate.pending_role(), Some("roles/b"));
        assert!(gate.vote(step("users/bob", Decision::Approved)));
        assert_eq!((gate.status(), gate.pending_role()), (Status::Approved, None));
        assert!(!gate.vote(step("users/cid", Decision::Approved)), "nobody's turn");
    }

    #[test]
    fn a_rejection_blocks_until_it_is_asked_again_and_earlier_steps_stay() {
        let mut gate = gate(&["roles/a", "roles/b"]);
        gate.vote(step("users/ann", Decision::Approved));
        gate.vote(step("users/bob", Decision::Rejected));
        assert_eq!((gate.status(), gate.pending_role()), (Status::Rejected, None));
        assert!(gate.reopen() && !gate.reopen());
        assert_eq!(gate.pending_role(), Some("roles/b"));
    }

    #[test]
    fn who_may_vote() {
        let mut gate = gate(&["roles/a", "roles/b"]);
        let both: BTreeSet<String> = ["roles/a", "roles/b"].map(str::to_owned).into();
        let only_b: BTreeSet<String> = ["roles/b".to_owned()].into();
        let ask = |gate: &Gate, name: &str, roles: &BTreeSet<String>, own, allowed| {
            let voter = Voter { name, roles, is_creator: own };
            gate.may_vote(&voter, allowed).map_err(|r| r.reason)
        };
        assert_eq!(ask(&gate, "users/ann", &both, true, false), Err("SELF_APPROVAL"));
        assert_eq!(ask(&gate, "users/ann", &both, true, true), Ok(()));
        assert_eq!(ask(&gate, "users/bob", &only_b, false, false), Err("NOT_HOLDER"));
        gate.vote(step("users/cid", Decision::Approved));
        assert_eq!(ask(&gate, "users/cid", &both, false, false), Err("ALREADY_APPROVED"));
        assert_eq!(ask(&gate, "users/bob", &only_b, false, false), Ok(()));
        gate.vote(step("users/bob", Decision::Approved));
        assert_eq!(ask(&gate, "users/bob", &both, false, false), Err("NOT_PENDING"));
    }

    #[test]
    fn an_issue_stands_where_its_worst_gate_does() {
        let free = Gate::default();
        let pending = gate(&["roles/a"]);
        let mut approved = pending.clone();
        approved.vote(step("users/ann", Decision::Approved));
        let mut rejected = pending.clone();
        rejected.vote(step("users/ann", Decision::Rejected));
        assert_eq!(overall(&[]), Status::Skipped);
        assert_eq!(overall(std::slice::from_ref(&free)), Status::Skipped);
        assert_eq!(overall(&[free.clone(), approved.clone()]), Status::Approved);
        assert_eq!(overall(&[approved, pending.clone()]), Status::Pending);
        assert_eq!(overall(&[pending, rejected]), Status::Rejected);
    }
}
