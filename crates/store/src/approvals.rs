//! Approvals of issues: one row an issue, written when its gates are found and with every vote.

use std::collections::BTreeSet;

use base::Time;
use policy::approval::Status;

use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::filter::lines;
use crate::pairs;
use crate::payload::{decode, encode, from_word, word};
use crate::rows::IssueApproval;
use crate::sql::sql;

pub async fn get(conn: &mut Conn, project: &str, issue: i64) -> Result<Option<IssueApproval>> {
    Ok(get_many(conn, &[(project.to_owned(), issue)]).await?.pop())
}

/// By (project, issue).
pub async fn get_many(conn: &mut Conn, keys: &[(String, i64)]) -> Result<Vec<IssueApproval>> {
    let text = "SELECT * FROM issue_approval WHERE (project, issue) IN ";
    pairs::read(conn, text, keys, "", approval).await
}

/// Writes a new one, or one of which nobody was faster to write another version.
pub async fn put(conn: &mut Conn, row: &mut IssueApproval, now: Time) -> Result<()> {
    // While gates are looked for it is nobody's turn.
    let known = row.status != Status::Checking;
    let roles = row.payload.gates.iter().filter(|_| known).filter_map(|g| g.pending_role());
    let pending = lines(roles);
    if row.version == 0 {
        let text = "INSERT INTO issue_approval (project, issue, status, input_version, pending, payload, version,
            created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
        let insert = sql(text)
            .bind(&row.project)
            .bind(row.issue)
            .bind(word(row.status)?)
            .bind(row.input_version)
            .bind(pending)
            .bind(encode(&row.payload)?)
            .bind(now);
        conn.run(insert).await.map_err(|e| e.about(name(row)))?;
        row.created_at = now;
    } else {
        let text = "UPDATE issue_approval SET status = $4, input_version = $5, pending = $6, payload = $7, updated_at = $8,
            version = version + 1 WHERE project = $1 AND issue = $2 AND version = $3";
        let update = sql(text)
            .bind(&row.project)
            .bind(row.issue)
            .bind(row.version)
            .bind(word(row.status)?)
            .bind(row.input_version)
            .bind(pending)
            .bind(encode(&row.payload)?)
            .bind(now);
        changed_one(conn.run(update).await?, || name(row))?;
    }
    (row.version, row.updated_at) = (row.version + 1, now);
    wake(conn).await
}

/// Says that there may be gates to find, or stages to start.
pub async fn wake(conn: &mut Conn) -> Result<()> {
    conn.wake(Topic::Approval, "").await
}

/// Open issues, no drafts, whose gates are not found yet for what is under review, and whose checks are done: (project, issue), the
/// oldest first.
pub async fn due(conn: &mut Conn, limit: i64) -> Result<Vec<(String, i64)>> {
    let text = "SELECT issue.project AS project, issue.id AS id FROM issue
        JOIN plan ON plan.project = issue.project AND plan.id = issue.plan
        JOIN plan_check ON plan_check.project = plan.project AND plan_check.plan = plan.id
        LEFT JOIN issue_approval ON issue_approval.project = issue.project AND issue_approval.issue = issue.id
        WHERE issue.status = 'OPEN' AND issue.draft = 0 AND plan.state = 'ACTIVE'
        AND plan_check.status = 'DONE' AND plan_check.input_version = plan.input_version
        AND (issue_approval.status IS NULL OR issue_approval.status = 'CHECKING'
            OR issue_approval.input_version <> plan.input_version)
        ORDER BY issue.created_at, issue.project, issue.id LIMIT $1";
    keys(conn, sql(text).bind(limit)).await
}

/// Plans of which a stage may start by itself: those with tasks that were not started in one of the `environments`, and those
/// without a rollout whose gates are found. A page of them, by (project, plan) after `after`.
pub async fn startable(
    conn: &mut Conn,
    environments: &BTreeSet<String>,
    after: &(String, i64),
    limit: i64,
) -> Result<Vec<(String, i64)>> {
    let mut text = sql("SELECT plan.project AS project, plan.id AS id FROM plan
        LEFT JOIN issue ON issue.project = plan.project AND issue.plan = plan.id
        LEFT JOIN issue_approval ON issue_approval.project = issue.project AND issue_approval.issue = issue.id
        WHERE plan.state = 'ACTIVE' AND ((plan.has_rollout = 0 AND issue.draft = 0 AND issue.status = 'OPEN'
        AND issue_approval.status NOT IN ('CHECKING', 'REJECTED') AND issue_approval.input_version = plan.input_version)
        OR (plan.has_rollout = 1 AND EXISTS (SELECT 1 FROM task WHERE task.project = plan.project AND task.plan = plan.id
        AND task.status = 'NOT_STARTED' AND task.environment IN ");
    text.push_list(environments.iter().cloned()).push("))) AND (plan.project > ");
    text.push_bind(&after.0).push(" OR (plan.project = ").push_bind(&after.0);
    text.push(" AND plan.id > ").push_bind(after.1);
    text.push(")) ORDER BY plan.project, plan.id LIMIT ").push_bind(limit);
    keys(conn, text).await
}

async fn keys(conn: &mut Conn, text: crate::sql::Sql) -> Result<Vec<(String, i64)>> {
    conn.all(text).await?.iter().map(|r| Ok((r.text("project")?, r.int("id")?))).collect()
}

fn name(row: &IssueApproval) -> String {
    format!("the approval of projects/{}/issues/{}", row.project, row.issue)
}

fn approval(row: &Row) -> Result<IssueApproval> {
    let (project, issue) = (row.text("project")?, row.int("issue")?);
    let what = format!("the approval of projects/{project}/issues/{issue}");
    Ok(IssueApproval {
        status: from_word(&what, &row.text("status")?)?,
        input_version: row.int("input_version")?,
        payload: decode(&what, &row.text("payload")?)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        project,
        issue,
    })
}
