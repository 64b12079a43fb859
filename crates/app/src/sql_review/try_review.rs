//! A review of a script that stands nowhere: for trying rules, and for editors.

use base::name::{DatabaseName, ReviewConfigName};
use base::{EngineKind, Error, Result};
use review::{Needs, Report, RuleType, TEMPLATES};
use store::rows::State as Life;

use super::reviewer::{Reviewer, State};
use crate::cx::Cx;
use crate::review_config::{self, ExceptionDraft, RuleDraft};

/// What to review, by what, against what.
#[derive(Debug, Default)]
pub struct Ask {
    /// Not needed with a database.
    pub engine: Option<EngineKind>,
    /// `instances/{instance}/databases/{database}`, or empty.
    pub database: String,
    pub rules: Vec<RuleDraft>,
    /// With rules: where they do not hold.
    pub exceptions: Vec<ExceptionDraft>,
    /// With rules: comments in the script take nothing away.
    pub refuse_suppression: bool,
    /// `reviewConfigs/{review_config}`, or empty.
    pub config: String,
    pub script: String,
    /// Statements that make the schema, where no database has one.
    pub schema: String,
}

/// What it came to.
pub struct Tried {
    pub engine: EngineKind,
    /// Whose rules they were; empty for rules of no configuration.
    pub config: String,
    pub script: String,
    pub report: Report,
    pub not_evaluated: Vec<NotEvaluated>,
}

/// A rule that said nothing, because it could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluated {
    pub rule: RuleType,
    pub why: String,
}

pub async fn try_review(cx: &Cx, ask: Ask) -> Result<Tried> {
    let (mut reviewer, mut state) = match ask.database.as_str() {
        "" => (of_engine(&ask)?, State::default()),
        name => of_database(cx, name).await?,
    };
    if !ask.rules.is_empty() && !ask.config.is_empty() {
        return Err(Error::field("review_config", "give rules or a configuration, not both"));
    }
    if !ask.rules.is_empty() {
        let rules = review_config::checked("", &ask.rules)?;
        let exceptions = review_config::checked_exceptions("", &ask.exceptions)?;
        let other = Reviewer::new(String::new(), &rules, reviewer.engine);
        reviewer = like(&reviewer, other.except(&exceptions, ask.refuse_suppression));
    } else if !ask.config.is_empty() {
        let name = ReviewConfigName::parse("review_config", &ask.config)?.to_string();
        cx.require("bb.reviewConfigs.get", &name).await?;
        let config = review_config::get(cx, &name).await?;
        reviewer = like(&reviewer, Reviewer::by(&config, reviewer.engine));
    }
    if reviewer.dialect.is_none() {
        let what = format!("SQL of {} cannot be reviewed in this version", reviewer.engine.title());
        return Err(Error::field("engine", what));
    }
    if !ask.schema.is_empty() {
        if !ask.database.is_empty() {
            let what = "leave it out: the schema is that of the database";
            return Err(Error::field("schema", what));
        }
        state = reviewer.made_by("schema", &ask.schema)?;
    }
    let today = cx.now().date();
    // Up to seconds for long scripts.
    let done = tokio::task::spawn_blocking(move || {
        let report = reviewer.report(&ask.script, &state, None, false, &today);
        (reviewer, ask.script, report.unwrap_or_default())
    });
    let (reviewer, script, report) =
        done.await.map_err(|e| Error::internal(format!("the review itself failed: {e}")))?;
    Ok(Tried {
        engine: reviewer.engine,
        not_evaluated: not_evaluated(&reviewer),
        config: reviewer.config,
        script,
        report,
    })
}

/// By the production template, until the caller says more.
fn of_engine(ask: &Ask) -> Result<Reviewer> {
    let what = "say whose SQL it is, e.g. POSTGRES, or name a database";
    let engine = ask.engine.ok_or_else(|| Error::field("engine", what))?;
    let rules = TEMPLATES.first().map(|t| t.rules(engine)).unwrap_or_default();
    Ok(Reviewer::new(String::new(), &rules, engine))
}

async fn of_database(cx: &Cx, name: &str) -> Result<(Reviewer, State)> {
    let name = DatabaseName::parse("database", name)?;
    cx.require("bb.databases.getSchema", &name.to_string()).await?;
    let mut conn = cx.app.store.read().await?;
    let instance = store::instances::get(&mut conn, &name.instance).await?;
    let database = store::databases::get(&mut conn, &name.instance, &name.database).await?;
    let found = instance.zip(database.filter(|d| d.state == Life::Active));
    let (instance, database) = found.ok_or_else(|| Error::not_found(&name))?;
    let reviewer = Reviewer::of(&mut conn, &instance, &database).await?;
    let state = State::synced(&mut conn, &database, &reviewer).await?;
    Ok((reviewer, state))
}

/// Other rules, for the same database.
fn like(reviewer: &Reviewer, mut other: Reviewer) -> Reviewer {
    other.version = reviewer.version;
    other.labels.clone_from(&reviewer.labels);
    other
}

fn not_evaluated(reviewer: &Reviewer) -> Vec<NotEvaluated> {
    let missing = reviewer.missing.iter().map(|rule| NotEvaluated {
        rule: *rule,
        why: format!("this version has no such rule for {}", reviewer.engine.title()),
    });
    let live = reviewer
        .rules
        .iter()
        .filter(|c| review::rule(c.rule).is_some_and(|r| r.needs == Needs::Connection));
    let live = live.map(|c| NotEvaluated {
        rule: c.rule,
        why: "it asks the live database, which the checks of a plan do".to_owned(),
    });
    missing.chain(live).collect()
}
