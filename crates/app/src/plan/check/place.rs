//! Where a script is checked: a target of the plan as it is now.

use std::sync::Arc;
use std::time::Duration;

use base::Result;
use base::name::DatabaseName;
use engine::{Engine, Session, SettingsRequest};
use store::rows::{
    ChangeDatabase, CheckLevel, CheckResult, DataSourceKind, Database, Instance, State,
};

use super::advice::Review;
use super::analyse::{CODE_INTERNAL, Subject};
use crate::app::App;
use crate::connections::{self, Slot};
use crate::execution::settings;
use crate::sql_review::{Reviewer, State as SchemaState};

/// A check must neither wait long for whoever works on a table, nor keep the server busy.
const LOCK_TIME: Duration = Duration::from_secs(1);
const STATEMENT_TIME: Duration = Duration::from_secs(4);

/// A target that is there.
pub struct Place<'a> {
    pub target: &'a str,
    pub database: Database,
    instance: Instance,
    engine: Arc<dyn Engine>,
    settings: Vec<engine::Setting>,
    pub review: Review,
}

impl<'a> Place<'a> {
    /// None when instance or database are gone.
    pub async fn find(app: &App, change: &ChangeDatabase, target: &'a str) -> Result<Option<Self>> {
        let name = DatabaseName::parse("target", target)?;
        let mut conn = app.store.read().await?;
        let instance = store::instances::get(&mut conn, &name.instance)
            .await?
            .filter(|i| i.state == State::Active);
        let database = store::databases::get(&mut conn, &name.instance, &name.database)
            .await?
            .filter(|d| d.state == State::Active);
        let environments = crate::setting::environments(&mut conn).await?;
        let (Some(instance), Some(database)) = (instance, database) else { return Ok(None) };
        let reviewer = Reviewer::of(&mut conn, &instance, &database).await?;
        let state = SchemaState::synced(&mut conn, &database, &reviewer).await?;
        let review = Review { reviewer, state, prior_backup: change.enable_prior_backup };
        drop(conn);
        let engine = Arc::clone(app.engines.get(instance.engine)?);
        let environment = database.effective_environment.as_deref();
        let settings = settings::effective(
            engine.as_ref(),
            &environments,
            environment,
            &change.session_settings,
        )?;
        Ok(Some(Self { target, database, instance, engine, settings, review }))
    }

    /// The right to connect, for as long as the session is open.
    pub async fn slot(&self, app: &App) -> Slot {
        app.connections.other(&self.instance.id, connections::limit(&self.instance.payload)).await
    }

    /// A session in which the server itself refuses writes, or why there is none.
    pub async fn connect(&self, app: &Arc<App>) -> (Option<Box<dyn Session>>, Option<String>) {
        match self.session(app).await {
            Ok(session) => (Some(session), None),
            Err(e) => (None, Some(format!("Could not connect: {e}"))),
        }
    }

    async fn session(&self, app: &Arc<App>) -> Result<Box<dyn Session>> {
        let source = DataSourceKind::Admin;
        let database = Some(self.database.name.as_str());
        let mut target = crate::target::resolve(app, &self.instance, source, database).await?;
        target.application_name = "basalt plan check".to_owned();
        target.read_only = true;
        let mut session = self.engine.connect(&target).await?;
        let limits = SettingsRequest {
            lock_timeout: LOCK_TIME,
            statement_timeout: Some(STATEMENT_TIME),
            ..SettingsRequest::default()
        };
        session.apply_settings(&self.engine.settings(&limits)?).await?;
        Ok(session)
    }

    /// Of the engine's scripts.
    pub fn reader(&self) -> Option<&'static dyn sql::Reader> {
        self.engine.reader(self.instance.engine)
    }

    pub fn subject<'b>(&'b self, app: &App, sheet: &'b str, script: &'b str) -> Subject<'b> {
        Subject {
            target: self.target,
            sheet,
            script,
            dialect: self.engine.dialect(),
            settings: &self.settings,
            review: &self.review,
            synced_at: self.database.synced_at,
            now: app.now(),
        }
    }
}

/// The finding about a target that is not there.
pub fn gone(target: &str, sheet: &str) -> CheckResult {
    problem(target, sheet, "The database does not exist any more; remove it from the plan.")
}

/// The finding about something that kept a check from being made.
pub fn problem(target: &str, sheet: &str, content: &str) -> CheckResult {
    CheckResult {
        level: CheckLevel::Error,
        title: "Check failed".to_owned(),
        content: content.to_owned(),
        code: CODE_INTERNAL,
        target: target.to_owned(),
        sheet: sheet.to_owned(),
        ..CheckResult::default()
    }
}
