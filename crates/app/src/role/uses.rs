//! Where a role is named besides policies of access: approval rules, rollout policies of environments, and gates that wait for it.

use base::{Blocker, Result};
use store::rows::{ApprovalSetting, OrgPolicyBody};
use store::{Conn, Filter, List, issues, org_policies, settings};

/// What a holder needs to take a step of a gate, and to run tasks by a rollout policy.
const TO_VOTE: &str = "bb.issues.get";
const TO_RUN: &str = "bb.rollouts.get";
const RULES: &str = "settings/WORKSPACE_APPROVAL";
/// Issues named in a refusal.
const NAMED: usize = 20;

/// Everything that would name a role that is not there.
pub(super) async fn all(conn: &mut Conn, role: &str) -> Result<Vec<Blocker>> {
    let mut found = rules(conn, role).await?;
    found.extend(environments(conn, role).await?);
    found.extend(waiting(conn, role).await?);
    Ok(found)
}

/// What names the role for something that its holders could not do any more without these permissions.
pub(super) async fn broken_without(
    conn: &mut Conn,
    role: &str,
    removed: &[String],
) -> Result<Vec<Blocker>> {
    let mut found = Vec::new();
    if removed.iter().any(|p| p == TO_VOTE) {
        found.extend(rules(conn, role).await?);
        found.extend(waiting(conn, role).await?);
    }
    if removed.iter().any(|p| p == TO_RUN) {
        found.extend(environments(conn, role).await?);
    }
    Ok(found)
}

async fn rules(conn: &mut Conn, role: &str) -> Result<Vec<Blocker>> {
    let rules = settings::get::<ApprovalSetting>(conn).await?.value.rules;
    let named =
        rules.iter().enumerate().filter(|(_, rule)| rule.template.roles.iter().any(|r| r == role));
    let blocker = |(at, rule): (usize, &policy::approval::Rule)| {
        let rule = rule.at(at + 1);
        Blocker {
            reason: "ROLE_IN_APPROVAL_RULE".to_owned(),
            subject: RULES.to_owned(),
            message: format!(
                "approval rule {}, {:?}, asks {role}; let it ask another role first",
                rule.number, rule.title
            ),
        }
    };
    Ok(named.map(blocker).collect())
}

async fn environments(conn: &mut Conn, role: &str) -> Result<Vec<Blocker>> {
    let mut found = Vec::new();
    for row in org_policies::of_kind(conn, "rollout").await? {
        let OrgPolicyBody::Rollout(policy) = &row.payload.body else { continue };
        if policy.roles.iter().any(|r| r == role) {
            found.push(Blocker {
                reason: "ROLE_IN_ROLLOUT_POLICY".to_owned(),
                message: format!(
                    "the rollout policy of {} lets {role} run tasks; take it out there first",
                    row.resource
                ),
                subject: row.resource,
            });
        }
    }
    Ok(found)
}

/// Issues whose gates were found by a rule of before.
async fn waiting(conn: &mut Conn, role: &str) -> Result<Vec<Blocker>> {
    let filter = Filter::eq(issues::STATUS, "OPEN").and(Filter::eq(issues::PENDING, role));
    let page = issues::list(conn, &List { filter, size: NAMED, ..List::default() }).await?;
    let blocker = |issue: store::rows::Issue| {
        let name = format!("projects/{}/issues/{}", issue.project, issue.id);
        Blocker {
            reason: "ROLE_AWAITED".to_owned(),
            message: format!("{name} waits for {role} to approve; decide or cancel it first"),
            subject: name,
        }
    };
    Ok(page.items.into_iter().map(blocker).collect())
}
