//! Makes a plan. Its checks start by themselves.

use std::collections::BTreeSet;

use base::name::{DatabaseName, InstanceName, ReleaseName, SheetName};
use base::{Error, FieldViolation, Result};
use store::Conn;
use store::rows::{Plan, PlanPayload, Spec, SpecConfig, State};

use super::view::{self, PlanView};
use super::{hotfix, specs, twins};
use crate::cx::Cx;

/// Longest title and description, in characters.
const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 10_000;

/// What a caller gives.
#[derive(Debug, Clone, Default)]
pub struct NewPlan {
    pub project: String,
    pub title: String,
    pub description: String,
    pub specs: Vec<Spec>,
    /// Why production runs first; empty for a plan that is no hotfix.
    pub hotfix: String,
}

pub async fn create(cx: &Cx, new: NewPlan) -> Result<PlanView> {
    let mut tx = cx.app.store.begin().await?;
    let plan = insert(&mut tx, cx, new).await?;
    tx.commit().await?;
    view::get(cx, &plan.project, plan.id).await
}

/// The plan and the request for its checks.
pub(crate) async fn insert(tx: &mut Conn, cx: &Cx, new: NewPlan) -> Result<Plan> {
    let project = store::projects::get(tx, &new.project).await?;
    let project = project.ok_or_else(|| Error::not_found(format!("projects/{}", new.project)))?;
    if project.state == State::Deleted {
        return Err(Error::deleted(format!("projects/{}", project.id)));
    }
    let hotfix = hotfix::of(cx, tx, &new.project, &new.hotfix).await?;
    let mut wrong = texts(&new.title, &new.description, project.payload.enforce_issue_title);
    wrong.extend(specs::violations(&new.project, &new.specs));
    if wrong.is_empty() {
        wrong = missing(tx, cx, &new.project, &new.specs).await?;
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let mut specs = new.specs;
    if hotfix.is_some() {
        twins::add(tx, &new.project, &mut specs, &[]).await?;
    }
    let now = cx.now();
    let mut plan = Plan {
        project: new.project,
        id: 0,
        title: new.title,
        description: new.description,
        creator: cx.caller.name().unwrap_or_default(),
        state: State::Active,
        has_rollout: false,
        input_version: 1,
        payload: PlanPayload { specs, review_bypass: None, hotfix },
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::plans::insert(tx, &mut plan).await?;
    store::plan_checks::request(tx, &plan.project, plan.id, plan.input_version, now).await?;
    view::announce(tx, &plan, now).await?;
    Ok(plan)
}

/// What is wrong with title and description.
pub(super) fn texts(title: &str, description: &str, title_needed: bool) -> Vec<FieldViolation> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, description: &str| {
        wrong.push(FieldViolation { field: field.to_owned(), description: description.to_owned() });
    };
    if title_needed && title.trim().is_empty() {
        say("plan.title", "this project asks for a title; say in a few words what changes");
    }
    if title.chars().count() > MAX_TITLE {
        say("plan.title", "use at most 200 characters");
    }
    if description.chars().count() > MAX_DESCRIPTION {
        say("plan.description", "use at most 10000 characters");
    }
    wrong
}

/// What the specs name that is not there, or not in this project; and settings that an engine does not take.
pub(super) async fn missing(
    conn: &mut Conn,
    cx: &Cx,
    project: &str,
    specs: &[Spec],
) -> Result<Vec<FieldViolation>> {
    let mut wrong = Vec::new();
    let mut say =
        |field: String, description: String| wrong.push(FieldViolation { field, description });
    let loaded = crate::rollout::load::named(conn, specs).await?;
    for (i, spec) in specs.iter().enumerate() {
        match &spec.config {
            SpecConfig::CreateDatabase(c) => {
                let field = format!("plan.specs[{i}].create_database_config.target");
                let name = InstanceName::parse(&field, &c.target)?;
                if !loaded.instances.get(&name.instance).is_some_and(|i| i.state == State::Active) {
                    say(field, format!("{} does not exist or is deleted", c.target));
                }
            }
            SpecConfig::ChangeDatabase(c) => {
                let field = |name: &str| format!("plan.specs[{i}].change_database_config.{name}");
                let mut engines = BTreeSet::new();
                for target in &c.targets {
                    let name = DatabaseName::parse(&field("targets"), target)?;
                    let found = loaded.databases.get(target).filter(|d| d.state == State::Active);
                    if found.is_none_or(|d| d.project != project) {
                        let text = format!(
                            "{target} is not a database of projects/{project}; transfer it there, or sync its instance"
                        );
                        say(field("targets"), text);
                    } else if let Some(instance) = loaded.instances.get(&name.instance) {
                        engines.insert(instance.engine);
                    }
                }
                if !c.sheet.is_empty() {
                    let sheet = SheetName::parse(&field("sheet"), &c.sheet)?;
                    if store::sheets::get(conn, project, &sheet.sheet).await?.is_none() {
                        say(
                            field("sheet"),
                            format!("{} does not exist; create the sheet first", c.sheet),
                        );
                    }
                }
                if !c.release.is_empty() {
                    let name = ReleaseName::parse(&field("release"), &c.release)?;
                    let found = store::releases::get(conn, project, &name.release).await?;
                    if found.is_none_or(|r| r.state == State::Deleted) {
                        let text = format!(
                            "{name} does not exist or is deleted; create the release first"
                        );
                        say(field("release"), text);
                    }
                }
                for engine in engines {
                    let request = engine::SettingsRequest {
                        overrides: c.session_settings.clone(),
                        ..Default::default()
                    };
                    if let Err(e) = cx.app.engines.get(engine)?.settings(&request) {
                        say(field("session_settings"), e.to_string());
                    }
                }
            }
        }
    }
    Ok(wrong)
}
