//! Changes title, description and labels of an issue, and submits a draft. Each change is told in the timeline.

use base::{Error, Result};
use store::rows::{Issue, IssueComment, IssueEvent, IssueStatus};

use super::create::violations;
use super::submit;
use crate::cx::Cx;
use crate::filter::check_etag;
use crate::plan::check::enforce::Bypass;

/// What shall change; None stays.
#[derive(Debug, Clone, Default)]
pub struct IssueChange {
    pub project: String,
    pub issue: i64,
    /// As it was read; empty for no check.
    pub etag: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub labels: Option<Vec<String>>,
    pub draft: Option<bool>,
    /// Submit past errors of the review, for which a reason is needed.
    pub ignore_review: bool,
    pub reason: String,
}

pub async fn update(cx: &Cx, change: IssueChange) -> Result<Issue> {
    let name = format!("projects/{}/issues/{}", change.project, change.issue);
    let mut tx = cx.app.store.begin().await?;
    let found = store::issues::get(&mut tx, &change.project, change.issue).await?;
    let before = found.ok_or_else(|| Error::not_found(&name))?;
    check_etag(&name, &change.etag, before.version)?;
    let project = store::projects::get(&mut tx, &before.project)
        .await?
        .ok_or_else(|| Error::not_found(&name))?;
    let mut after = before.clone();
    after.title = change.title.unwrap_or(after.title);
    after.description = change.description.unwrap_or(after.description);
    after.payload.labels = change.labels.unwrap_or(after.payload.labels);
    let submitted = before.draft && change.draft == Some(false);
    if change.draft == Some(true) && !before.draft {
        return Err(Error::field(
            "issue.draft",
            "an issue that was submitted cannot become a draft again",
        ));
    }
    if submitted {
        let bypass = Bypass { wanted: change.ignore_review, reason: &change.reason };
        submit::check(cx, &mut tx, &project, &after, bypass).await?;
    }
    after.draft = before.draft && !submitted;
    let wrong = violations(&project, &after.title, &after.description, &after.payload.labels);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let now = cx.now();
    store::issues::update(&mut tx, &mut after, now).await?;
    let changed = changes(&before, &after);
    for event in changed.into_iter().chain(submitted.then_some(IssueEvent::ReviewSubmission)) {
        tell(&mut tx, cx, &after, event, String::new()).await?;
    }
    super::announce(&mut tx, &after, now).await?;
    if after.status == IssueStatus::Open && before.payload.labels != after.payload.labels {
        crate::approval::again(&mut tx, &after, now).await?;
    }
    if submitted {
        super::tell_created(cx, &mut tx, &after).await?;
        store::approvals::wake(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(after)
}

/// The event for a change of texts or labels; None when nothing of them changed.
fn changes(before: &Issue, after: &Issue) -> Option<IssueEvent> {
    let pair = |a: &String, b: &String| {
        if a == b { (None, None) } else { (Some(a.clone()), Some(b.clone())) }
    };
    let (from_title, to_title) = pair(&before.title, &after.title);
    let (from_description, to_description) = pair(&before.description, &after.description);
    let same_labels = before.payload.labels == after.payload.labels;
    if to_title.is_none() && to_description.is_none() && same_labels {
        return None;
    }
    let labels = |i: &Issue| if same_labels { Vec::new() } else { i.payload.labels.clone() };
    Some(IssueEvent::IssueUpdate {
        from_title,
        to_title,
        from_description,
        to_description,
        from_status: None,
        to_status: None,
        from_labels: labels(before),
        to_labels: labels(after),
    })
}

/// Puts an event into the timeline.
pub(crate) async fn tell(
    conn: &mut store::Conn,
    cx: &Cx,
    issue: &Issue,
    event: IssueEvent,
    comment: String,
) -> Result<()> {
    let comment = IssueComment {
        id: cx.app.new_id(),
        project: issue.project.clone(),
        issue: issue.id,
        creator: cx.caller.name().unwrap_or_default(),
        comment,
        event: Some(event),
        thread: None,
        created_at: cx.now(),
        updated_at: cx.now(),
    };
    Ok(store::issue_comments::insert(conn, &comment).await?)
}
