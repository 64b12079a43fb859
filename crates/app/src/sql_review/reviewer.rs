//! By what the scripts for one database are reviewed, and what one comes to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use base::{EngineKind, Error, Result};
use review::{Input, Live, Report, RuleConfig, RuleType};
use schema::Catalog;
use sql::Dialect;
use store::Conn;
use store::rows::{Database, Instance};

use super::effective::{Effective, effective};
use crate::review_config::{self, ConfigException, ReviewConfig};

/// Rules, and the language of the scripts.
#[derive(Clone)]
pub struct Reviewer {
    /// `reviewConfigs/{review_config}`; empty when the rules are of none.
    pub config: String,
    pub engine: EngineKind,
    pub rules: Vec<RuleConfig>,
    /// Configured for the engine, but not evaluated by this version.
    pub missing: Vec<RuleType>,
    /// None: scripts of the engine cannot be reviewed.
    pub dialect: Option<&'static dyn Dialect>,
    pub version: Option<(u32, u32)>,
    /// Of the database, for exceptions.
    pub labels: BTreeMap<String, String>,
    /// Comments in scripts take nothing away.
    pub refuse_suppression: bool,
}

/// What a database is like before a script.
#[derive(Clone, Default)]
pub struct State {
    /// None: nobody knows.
    pub catalog: Option<Arc<Catalog>>,
    /// Scripts before it change the schema: the live database is not like this yet.
    pub moved: bool,
}

impl Reviewer {
    pub fn new(config: String, configured: &[RuleConfig], engine: EngineKind) -> Self {
        let Effective { rules, missing } = effective(configured, engine);
        let (dialect, labels) = (review::dialect(engine), BTreeMap::new());
        let refuse_suppression = false;
        Self { config, engine, rules, missing, dialect, version: None, labels, refuse_suppression }
    }

    /// With where the rules do not hold, and whether comments count.
    pub fn except(mut self, exceptions: &[ConfigException], refuse_suppression: bool) -> Self {
        for rule in &mut self.rules {
            let about = exceptions.iter().filter(|e| e.is_about(rule.rule));
            rule.exceptions.extend(about.map(|e| e.exception.clone()));
        }
        self.refuse_suppression = refuse_suppression;
        self
    }

    /// By a configuration.
    pub fn by(config: &ReviewConfig, engine: EngineKind) -> Self {
        let reviewer = Self::new(config.name.clone(), &config.rules, engine);
        reviewer.except(&config.exceptions, config.refuse_suppression)
    }

    /// By the configuration in force on a database.
    pub async fn of(conn: &mut Conn, instance: &Instance, database: &Database) -> Result<Self> {
        let mut reviewer = match review_config::of_database(conn, database).await? {
            Some(config) => Self::by(&config, instance.engine),
            None => Self::new(String::new(), &[], instance.engine),
        };
        reviewer.version = engine::version(&instance.engine_version);
        reviewer.labels.clone_from(&database.labels);
        Ok(reviewer)
    }

    /// None: scripts of the engine cannot be reviewed. Takes up to seconds for long scripts.
    pub fn report(
        &self,
        script: &str,
        state: &State,
        live: Option<&dyn Live>,
        prior_backup: bool,
        today: &str,
    ) -> Option<Report> {
        Some(review::review(&Input {
            engine: self.engine,
            dialect: self.dialect?,
            script,
            catalog: state.catalog.as_deref(),
            version: self.version,
            rules: &self.rules,
            live,
            prior_backup,
            today: Some(today),
            labels: &self.labels,
            refuse_suppression: self.refuse_suppression,
        }))
    }

    /// The state after a script, as far as it can be followed.
    pub fn advance(&self, state: &mut State, script: &str) {
        let (Some(dialect), Some(catalog)) = (self.dialect, &state.catalog) else { return };
        let script = dialect.parse(script);
        let mut after = Cow::Borrowed(catalog.as_ref());
        for statement in script.statements.iter().filter(|s| s.body.changes_schema()) {
            state.moved = true;
            if matches!(after, Cow::Borrowed(_)) {
                after.to_mut().know_names();
            }
            // What is wrong with it was said when it was reviewed.
            let _followed = dialect.apply(after.to_mut(), statement).is_ok();
        }
        if let Cow::Owned(after) = after {
            state.catalog = Some(Arc::new(after));
        }
    }

    /// What statements make in an empty database.
    pub fn made_by(&self, field: &str, schema: &str) -> Result<State> {
        let Some(dialect) = self.dialect else { return Ok(State::default()) };
        let mut catalog = Catalog::default();
        for statement in &dialect.parse(schema).statements {
            let done = match &statement.error {
                Some(error) => Err(error.message.clone()),
                None => dialect.apply(&mut catalog, statement).map_err(|e| e.message),
            };
            done.map_err(|why| {
                let line = statement.start().line;
                Error::field(field, format!("line {line} cannot be followed: {why}"))
            })?;
        }
        Ok(State { catalog: Some(Arc::new(catalog)), moved: false })
    }
}

impl State {
    /// As of the last sync, for whoever reads scripts of the engine.
    pub async fn synced(conn: &mut Conn, database: &Database, reviewer: &Reviewer) -> Result<Self> {
        let catalog = match (&database.schema_sha256, reviewer.dialect) {
            (Some(_), Some(_)) => {
                let objects = store::catalogs::objects(conn, &database.id).await?;
                Some(Arc::new(Catalog::from_objects(objects)))
            }
            _ => None,
        };
        Ok(Self { catalog, moved: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_sees_what_those_before_it_made() {
        let reviewer = Reviewer::new(String::new(), &[], EngineKind::Postgres);
        let mut state = reviewer.made_by("schema", "CREATE TABLE a (id int);").expect("a schema");
        let titles = |state: &State| {
            let script = "ALTER TABLE b ADD COLUMN c int;";
            let report = reviewer.report(script, state, None, false, "2026-01-01");
            report.expect("a review").advices.into_iter().map(|a| a.title).collect::<Vec<_>>()
        };
        assert_eq!(titles(&state), ["BUILTIN_WALK_THROUGH_CHECK"]);
        reviewer.advance(&mut state, "INSERT INTO a VALUES (1);");
        assert!(!state.moved);
        reviewer.advance(&mut state, "CREATE TABLE b (id int);");
        assert!(state.moved);
        assert_eq!(titles(&state), [""; 0]);
    }

    #[test]
    fn a_schema_that_cannot_be_followed_names_its_line() {
        let reviewer = Reviewer::new(String::new(), &[], EngineKind::Postgres);
        let error = reviewer.made_by("schema", "CREATE TABLE a (id int);\nDROP TABLE b;").err();
        let said = error.expect("refused").to_string();
        assert!(said.contains("line 2"), "{said}");
    }
}
