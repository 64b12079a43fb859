//! Files a plan for review.

use base::{Error, FieldViolation, Result};
use store::rows::{Issue, IssueKind, IssuePayload, IssueStatus, Project, SpecConfig, State};

use crate::cx::Cx;
use crate::plan::specs;

const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 10_000;
const MAX_LABELS: usize = 20;

/// What a caller gives.
#[derive(Debug, Clone, Default)]
pub struct NewIssue {
    pub project: String,
    pub plan: Option<i64>,
    pub title: String,
    pub description: String,
    pub labels: Vec<String>,
    pub draft: bool,
}

pub async fn create(cx: &Cx, new: NewIssue) -> Result<Issue> {
    let mut tx = cx.app.store.begin().await?;
    let project = store::projects::get(&mut tx, &new.project).await?;
    let project = project.ok_or_else(|| Error::not_found(format!("projects/{}", new.project)))?;
    if project.state == State::Deleted {
        return Err(Error::deleted(format!("projects/{}", project.id)));
    }
    let plan = new
        .plan
        .ok_or_else(|| Error::field("issue.plan", "name the plan that is to be reviewed"))?;
    let found = store::plans::get(&mut tx, &project.id, plan).await?;
    let found = found.ok_or_else(|| {
        Error::field("issue.plan", format!("projects/{}/plans/{plan} does not exist", project.id))
    })?;
    let title = if new.title.trim().is_empty() { found.title.clone() } else { new.title };
    let mut wrong = violations(&project, &title, &new.description, &new.labels);
    if found.state == State::Deleted {
        wrong.push(field("issue.plan", "the plan is closed; reopen it first"));
    }
    let incomplete =
        |c: &SpecConfig| matches!(c, SpecConfig::ChangeDatabase(c) if specs::is_empty(c));
    if new.draft && specs::has_release(&found.payload.specs) {
        wrong.push(field(
            "issue.draft",
            "a plan with a release is complete as it is and cannot be a draft; leave it off",
        ));
    }
    if !new.draft && found.payload.specs.iter().any(|s| incomplete(&s.config)) {
        wrong.push(field(
            "issue.plan",
            "a change of the plan has no SQL yet; write it first, or file a draft",
        ));
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let now = cx.now();
    let mut issue = Issue {
        project: project.id,
        id: 0,
        plan: Some(plan),
        kind: IssueKind::DatabaseChange,
        title,
        description: new.description,
        status: IssueStatus::Open,
        draft: new.draft,
        creator: cx.caller.name().unwrap_or_default(),
        payload: IssuePayload { labels: new.labels, ..IssuePayload::default() },
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::issues::insert(&mut tx, &mut issue).await?;
    super::announce(&mut tx, &issue, now).await?;
    if !issue.draft {
        super::tell_created(cx, &mut tx, &issue).await?;
    }
    store::approvals::wake(&mut tx).await?;
    tx.commit().await?;
    Ok(issue)
}

pub(super) fn violations(
    project: &Project,
    title: &str,
    description: &str,
    labels: &[String],
) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    if project.payload.enforce_issue_title && title.trim().is_empty() {
        wrong.push(field(
            "issue.title",
            "this project asks for a title; say in a few words what changes",
        ));
    }
    if title.chars().count() > MAX_TITLE {
        wrong.push(field("issue.title", "use at most 200 characters"));
    }
    if description.chars().count() > MAX_DESCRIPTION {
        wrong.push(field("issue.description", "use at most 10000 characters"));
    }
    if labels.len() > MAX_LABELS {
        wrong.push(field("issue.labels", "use at most 20 labels"));
    }
    let known = |l: &String| project.payload.issue_labels.iter().any(|k| k.value == *l);
    if project.payload.force_issue_labels && labels.is_empty() {
        wrong.push(field("issue.labels", "this project asks for at least one label"));
    }
    if let Some(l) = labels.iter().find(|l| !known(l)) {
        let text = format!(
            "{l:?} is not a label of this project; its owner can add it in the project's settings"
        );
        wrong.push(field("issue.labels", &text));
    }
    wrong
}

fn field(name: &str, description: &str) -> FieldViolation {
    FieldViolation { field: name.to_owned(), description: description.to_owned() }
}
