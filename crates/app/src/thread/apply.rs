//! Applies a suggestion: the plan gets the sheet that it makes, in the transaction in which the thread is settled.

use base::{Blocker, Error, Result};
use store::blobs::Packed;
use store::rows::{IssueComment, Settled, SpecConfig};

use super::{CommentView, comment, lines, name, sheet_of, text_of, views};
use crate::cx::Cx;
use crate::plan::update::{self, PlanChange};

/// For the author of the plan, and for whoever may edit it.
pub async fn apply(cx: &Cx, project: &str, issue: i64, id: &str) -> Result<CommentView> {
    let of = name(project, issue, id);
    cx.require("bb.issues.get", &of).await?;
    let issue = crate::issue::get(cx, project, issue).await?;
    let number = issue.plan.ok_or_else(|| Error::field("name", "the issue has no plan"))?;
    let mut conn = cx.app.store.read().await?;
    let seen = comment(&mut conn, &issue, id).await?;
    let root = match seen.thread.as_ref().and_then(|t| t.root.clone()) {
        Some(root) => comment(&mut conn, &issue, &root).await?,
        None => seen.clone(),
    };
    let plan = store::plans::get(&mut conn, project, number).await?;
    let plan = plan.ok_or_else(|| Error::not_found(&of))?;
    update::may(cx, &plan).await?;
    let suggestion = seen.thread.as_ref().and_then(|t| t.suggestion.as_ref());
    let suggestion = suggestion.ok_or_else(|| Error::field("name", "it suggests no change"))?;
    if suggestion.applied.is_some() {
        return Err(blocked(&of, "SUGGESTION_APPLIED", "it is applied already"));
    }
    let anchor = root.thread.as_ref().and_then(|t| t.anchor.as_ref());
    let anchor = anchor.ok_or_else(|| Error::field("name", "it is about no lines"))?;
    let sheet = sheet_of(&plan.payload.specs, &anchor.spec);
    let text = match &sheet {
        Some(sheet) => text_of(&mut conn, sheet).await?,
        None => None,
    };
    drop(conn);
    let count = anchor.last + 1 - anchor.first;
    let new = text.as_deref().and_then(|text| {
        let at = lines::find(text, anchor.first, &anchor.text)?;
        lines::replace(text, at, count, &suggestion.replacement)
    });
    let new = new.ok_or_else(|| {
        let what =
            "the lines it replaces changed since; edit the SQL, or let it be suggested again";
        blocked(&of, "SUGGESTION_OUTDATED", what)
    })?;
    if Some(&new) == text.as_ref() {
        return Err(blocked(&of, "SUGGESTION_APPLIED", "the SQL is like that already"));
    }
    crate::sheet::check("sheet.content", new.as_bytes())?;
    let packed = Packed::new(new.into_bytes()).await?;

    let now = cx.now();
    let by = cx.caller.name().unwrap_or_default();
    let mut tx = cx.app.store.begin().await?;
    let made = store::sheets::insert(&mut tx, project, &packed, &by, now).await?;
    let mut specs = plan.payload.specs.clone();
    let named = format!("projects/{project}/sheets/{}", made.sha256);
    for spec in specs.iter_mut().filter(|s| s.id == anchor.spec) {
        if let SpecConfig::ChangeDatabase(change) = &mut spec.config {
            change.sheet.clone_from(&named);
        }
    }
    let change = PlanChange {
        project: project.to_owned(),
        plan: number,
        // What was read is what is edited.
        etag: crate::filter::etag(plan.version),
        specs: Some(specs),
        ..PlanChange::default()
    };
    update::write(cx, &mut tx, change).await?;
    let settled = Settled { by, at: now };
    let mut root = root;
    let mut seen = seen;
    if let Some(thread) = root.thread.as_mut() {
        thread.resolved.get_or_insert_with(|| settled.clone());
    }
    let one = root.id == seen.id;
    let target: &mut IssueComment = if one { &mut root } else { &mut seen };
    if let Some(suggestion) = target.thread.as_mut().and_then(|t| t.suggestion.as_mut()) {
        suggestion.applied = Some(settled);
    }
    store::issue_comments::update(&mut tx, &mut root, now).await?;
    if !one {
        store::issue_comments::update(&mut tx, &mut seen, now).await?;
    }
    crate::issue::announce(&mut tx, &issue, now).await?;
    let shown = if one { root } else { seen };
    let mut shown = views(&mut tx, &issue, vec![shown]).await?;
    tx.commit().await?;
    shown.pop().ok_or_else(|| Error::internal("a comment without a view"))
}

fn blocked(name: &str, reason: &str, what: &str) -> Error {
    let message = format!("{name}: {what}");
    let blocker =
        Blocker { reason: reason.to_owned(), subject: name.to_owned(), message: message.clone() };
    Error::blocked(message, vec![blocker])
}
