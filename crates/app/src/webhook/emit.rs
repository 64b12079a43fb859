//! Tells the webhooks of a project that something happened.

use base::{Error, Result, Time};
use integrations::chat::Message;
use store::Conn;
use store::rows::{Delivery, DeliveryStatus, Issue, WorkspaceProfile};

use super::EventKind;
use crate::app::App;

/// What happened. Texts are people's own words; messages show them as text.
#[derive(Debug, Clone)]
pub struct Happening {
    pub kind: EventKind,
    /// Id of the project.
    pub project: String,
    pub plan: Option<i64>,
    pub issue: Option<i64>,
    pub release: Option<String>,
    /// Title of what it is about.
    pub subject: String,
    /// A comment, a reason, an error; may be empty.
    pub detail: String,
    /// Label and text.
    pub facts: Vec<(String, String)>,
    /// Who did it: `users/{email}`; empty for the server itself.
    pub actor: String,
}

impl Happening {
    pub fn new(kind: EventKind, project: &str, subject: &str, actor: Option<String>) -> Self {
        Self {
            kind,
            project: project.to_owned(),
            plan: None,
            issue: None,
            release: None,
            subject: subject.to_owned(),
            detail: String::new(),
            facts: Vec::new(),
            actor: actor.filter(|name| name != "system").unwrap_or_default(),
        }
    }

    pub fn of_issue(kind: EventKind, issue: &Issue, actor: Option<String>) -> Self {
        Self {
            plan: issue.plan,
            issue: Some(issue.id),
            ..Self::new(kind, &issue.project, &issue.title, actor)
        }
    }
}

/// Writes a message to each webhook that is told of it. Call it in the transaction of what happened, last: what is not
/// committed is not told.
pub async fn emit(app: &App, conn: &mut Conn, happening: &Happening) -> Result<()> {
    let mut told = store::webhooks::of_project(conn, &happening.project).await?;
    told.retain(|w| w.payload.asks_for(happening.kind.as_str()));
    if told.is_empty() {
        return Ok(());
    }
    let project = store::projects::get(conn, &happening.project).await?;
    let title = project.map_or_else(|| happening.project.clone(), |p| p.title);
    let now = app.now();
    let message = message(happening, title, &console(app, conn).await?, now);
    let payload = serde_json::to_string(&message)
        .map_err(|e| Error::internal("a message cannot be written as JSON").with_source(e))?;
    for webhook in told {
        let delivery = Delivery {
            id: app.new_id(),
            target: store::webhooks::name(&webhook.project, &webhook.id),
            event: message.event.clone(),
            status: DeliveryStatus::Pending,
            attempts: 0,
            next_at: now,
            error: String::new(),
            http_status: 0,
            payload: payload.clone(),
            created_at: now,
            finished_at: None,
        };
        store::outbox::insert(conn, &delivery, None).await?;
    }
    Ok(())
}

/// How people reach the console; empty when nobody said.
pub(crate) async fn console(app: &App, conn: &mut Conn) -> Result<String> {
    let url = match &app.config.external_url {
        Some(url) => url.clone(),
        None => store::settings::get::<WorkspaceProfile>(conn).await?.value.external_url,
    };
    Ok(url.trim_end_matches('/').to_owned())
}

pub(super) fn message(
    happening: &Happening,
    project_title: String,
    console: &str,
    now: Time,
) -> Message {
    let project = format!("projects/{}", happening.project);
    let mut resources = vec![project.clone()];
    resources.extend(happening.issue.map(|id| format!("{project}/issues/{id}")));
    resources.extend(happening.plan.map(|id| format!("{project}/plans/{id}")));
    resources.extend(happening.release.as_ref().map(|id| format!("{project}/releases/{id}")));
    // The plan's page shows its issue too.
    let shown = resources.last().unwrap_or(&project);
    let link = if console.is_empty() { String::new() } else { format!("{console}/{shown}") };
    Message {
        event: happening.kind.as_str().to_owned(),
        level: happening.kind.level(),
        headline: happening.kind.headline().to_owned(),
        subject: happening.subject.clone(),
        detail: happening.detail.clone(),
        facts: happening.facts.clone(),
        link,
        actor: happening.actor.clone(),
        project_title,
        resources,
        at: now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_leads_to_the_page() {
        let mut happening = Happening::new(EventKind::IssueCreated, "shop", "Add", None);
        (happening.issue, happening.plan) = (Some(7), Some(12));
        let found = message(&happening, "Shop".into(), "https://b.example", Time(0));
        assert_eq!(found.link, "https://b.example/projects/shop/plans/12");
        assert_eq!(
            found.resources,
            ["projects/shop", "projects/shop/issues/7", "projects/shop/plans/12"]
        );
        assert_eq!(message(&happening, "Shop".into(), "", Time(0)).link, "");
    }

    #[test]
    fn each_kind_has_a_word_of_its_own() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
        }
    }
}
