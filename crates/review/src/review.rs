//! One review: parse, walk through, run the rules, sort, cap.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use base::engine::Family;
use base::{EngineKind, LineIndex, Position, Span};
use schema::Catalog;
use sql::tree::{Parsed, Script};
use sql::{ApplyError, ApplyErrorKind, Dialect, Fix, LockForecast, LockWork, share};

use crate::advice::{Advice, Status};
use crate::code;
use crate::config::RuleConfig;
use crate::cx::{Cx, Finding, Shared};
use crate::exception;
use crate::inside::{self, NotJudged, Views};
use crate::live::Live;
use crate::payload::Payload;
use crate::rule::Rule;
use crate::rule_type::RuleType;
use crate::rules;
use crate::suppress::{self, Suppressed};

/// Most advices of one status that a review gives.
pub const CAP: usize = 50;

/// Most statements of which a review keeps the locks.
const CAP_OF_LOCKS: usize = 1000;

/// What is reviewed, and against what.
pub struct Input<'a> {
    pub engine: EngineKind,
    pub dialect: &'a dyn Dialect,
    pub script: &'a str,
    /// The database as it is; None when nobody knows.
    pub catalog: Option<&'a Catalog>,
    pub version: Option<(u32, u32)>,
    /// Those of other engines are left out.
    pub rules: &'a [RuleConfig],
    pub live: Option<&'a dyn Live>,
    /// Rows are copied aside before the script changes them.
    pub prior_backup: bool,
    /// `2026-01-31`: suppressions that ended before it do not count. None: all count.
    pub today: Option<&'a str>,
    /// Of the database, for exceptions.
    pub labels: &'a BTreeMap<String, String>,
    /// Comments in the script take nothing away.
    pub refuse_suppression: bool,
}

/// What a review found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Errors first, then warnings, each by line.
    pub advices: Vec<Advice>,
    /// How many errors and warnings the cap left out.
    pub errors_left_out: usize,
    pub warnings_left_out: usize,
    /// What a comment in the script, or an exception of the configuration, took away, with its reason.
    pub suppressed: Vec<Suppressed>,
    /// Statements for which others wait, or which work long under a lock.
    pub locks: Vec<StatementLocks>,
    /// How many such statements more there are.
    pub locks_left_out: usize,
    /// Parts of bodies that no rule could look at, in order.
    pub not_judged: Vec<NotJudged>,
}

/// The locks of one statement, strongest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLocks {
    pub statement: Span,
    pub line: u32,
    pub locks: Vec<LockForecast>,
    /// Statements that do the same and block less.
    pub fix: Option<Fix>,
}

/// Dialects that can be read as trees: one line a family.
static DIALECTS: &[(Family, &dyn Dialect)] = &[(Family::Postgres, &sql_postgres::DIALECT)];

/// The dialect in which scripts of an engine are reviewed; None for engines without rules.
pub fn dialect(engine: EngineKind) -> Option<&'static dyn Dialect> {
    let has_rules = rules::RULES.iter().any(|r| r.engines.contains(&engine));
    let found = DIALECTS.iter().find(|(family, _)| *family == engine.family());
    found.filter(|_| has_rules).map(|(_, dialect)| *dialect)
}

pub fn review(input: &Input<'_>) -> Report {
    let mut advices = Vec::new();
    let configs: Vec<&RuleConfig> =
        input.rules.iter().filter(|r| r.engine == input.engine).collect();
    if let Some(advice) = too_large(input, &configs) {
        return Report { advices: vec![advice], ..Report::default() };
    }
    let script = input.dialect.parse(input.script);
    if let Some(error) = script.errors().next() {
        return Report { advices: vec![syntax_error(error)], ..Report::default() };
    }
    let nothing = Catalog::default();
    let before = input.catalog.unwrap_or(&nothing);
    let (after, failed) = walk_through(input, before, &script);
    let lines = LineIndex::new(input.script);
    if let Some(advice) = simulation(input, &configs, failed.as_ref(), &lines) {
        return Report { advices: vec![advice], ..Report::default() };
    }
    let views = Views::new(&script);
    let shared = Shared::default();
    let passes = passes(input, &configs, &views);
    // What is beyond the cap need not be kept: no comment will take an earlier one away.
    let is_settled = !suppress::is_asked_for(input.script);
    // But for the target, which is not for several threads.
    let Input { engine, dialect, script: text, catalog, version, prior_backup, labels, .. } =
        *input;
    let judge = |number: usize, live| {
        let (config, rule, script) = passes[number];
        let mut cx = Cx {
            script,
            own: views.plain,
            text,
            dialect,
            engine,
            version,
            before,
            after: &after,
            catalog_known: catalog.is_some(),
            live,
            prior_backup,
            shared: &shared,
            payload: &config.payload,
            findings: Vec::new(),
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| (rule.check)(&mut cx)));
        let findings = std::mem::take(&mut cx.findings).into_iter();
        let mut found: Vec<Advice> = findings.map(|f| advice(config, f, text, &lines)).collect();
        for advice in found.iter_mut().filter(|a| !views.is_editable(a.span)) {
            advice.fix = None;
        }
        let excepted = without_exceptions(&mut found, config, &cx, labels);
        let mut left_out = Counts::default();
        if is_settled {
            left_out.cap(&mut found);
        }
        // What a rule found before it failed stays found.
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(why)) => found.push(not_evaluated(config.rule, &why)),
            Err(_) => found.push(not_evaluated(config.rule, "the rule itself failed")),
        }
        Judged { found, excepted, left_out }
    };
    // A target is asked one thing after the other.
    let is_shared = input.script.len() >= share::LONG && input.live.is_none();
    let judged: Vec<Judged> = if is_shared {
        let numbers: Vec<usize> = (0..passes.len()).collect();
        share::share(&numbers, |number| judge(*number, None))
    } else {
        (0..passes.len()).map(|number| judge(number, input.live)).collect()
    };
    let (mut excepted, mut left_out) = (Vec::new(), Counts::default());
    for mut judged in judged {
        advices.append(&mut judged.found);
        excepted.append(&mut judged.excepted);
        left_out.add(&judged.left_out);
    }
    let mut suppressed = match input.refuse_suppression {
        true => suppress::refuse(&mut advices, &views.all, input.script, input.today),
        false => suppress::apply(&mut advices, &views.all, input.script, input.today),
    };
    suppressed.append(&mut excepted);
    let (locks, locks_left_out) = locks(input, &views, &shared);
    let not_judged = views.not_judged(input.script, &lines);
    left_out.cap(&mut advices);
    Report {
        advices,
        errors_left_out: left_out.errors,
        warnings_left_out: left_out.warnings,
        suppressed,
        locks,
        locks_left_out,
        not_judged,
    }
}

/// What a pass found.
struct Judged {
    found: Vec<Advice>,
    excepted: Vec<Suppressed>,
    left_out: Counts,
}

type Pass<'a> = (&'a RuleConfig, &'static Rule, &'a Script);

/// Which rule looks at what: at the script, and some at the bodies of routines.
fn passes<'a>(
    input: &Input<'_>,
    configs: &[&'a RuleConfig],
    views: &'a Views<'a>,
) -> Vec<Pass<'a>> {
    let mut passes = Vec::new();
    for config in configs {
        let found = rules::rule(config.rule).filter(|r| r.engines.contains(&input.engine));
        let Some(rule) = found else { continue };
        passes.push((*config, rule, views.of(rule)));
        if !views.called.statements.is_empty() && inside::holds_in_routines(rule) {
            passes.push((*config, rule, &views.called));
        }
    }
    passes
}

fn without_exceptions(
    found: &mut Vec<Advice>,
    config: &RuleConfig,
    cx: &Cx<'_>,
    labels: &BTreeMap<String, String>,
) -> Vec<Suppressed> {
    let exceptions: Vec<_> = config.exceptions.iter().filter(|e| e.is_of(labels)).collect();
    if exceptions.is_empty() || found.is_empty() {
        return Vec::new();
    }
    let tables = |number: usize| {
        let names = cx.script.statements[number].body.tables();
        names.into_iter().map(|name| cx.key(name)).collect()
    };
    exception::apply(found, &exceptions, cx.script, tables)
}

/// What nobody waits for is left out: reading, and changing rows of which there are not many. And how many are beyond
/// the cap.
fn locks(
    input: &Input<'_>,
    views: &Views<'_>,
    shared: &Shared<'_>,
) -> (Vec<StatementLocks>, usize) {
    let is_felt = |l: &LockForecast| l.blocks_reads || l.blocks_writes || l.work >= LockWork::Scan;
    let make = || input.dialect.safer(views.plain, input.script, input.catalog, input.version);
    let safer = shared.safer(make);
    let of_statement = |statement: &Parsed| {
        let text = statement.span().of(input.script);
        let mut locks = input.dialect.forecast(statement, text, input.catalog, input.version);
        let fix = views.plain.number(statement).and_then(|number| safer.get(&number)).cloned();
        // They come strongest first. Where something can be done, the strongest says why.
        let felt = locks.iter().filter(|l| is_felt(l)).count();
        locks.sort_by_key(|l| !is_felt(l));
        locks.truncate(felt.max(usize::from(fix.is_some())));
        locks.shrink_to_fit();
        (!locks.is_empty()).then(|| StatementLocks {
            statement: statement.span(),
            line: statement.start().line,
            locks,
            fix,
        })
    };
    let mut found = views.now.statements.iter().filter_map(|s| of_statement(s));
    let kept = found.by_ref().take(CAP_OF_LOCKS).collect();
    (kept, found.count())
}

/// The first error that a server would give, and what can be done about it.
type Failed = (ApplyError, Option<Fix>);

/// What the script makes of the catalog, and where it fails.
fn walk_through<'a>(
    input: &Input<'_>,
    before: &'a Catalog,
    script: &Script,
) -> (Cow<'a, Catalog>, Option<Failed>) {
    let dialect = input.dialect;
    let mut after = Cow::Borrowed(before);
    let mut failed = None;
    // A catalog may be large, and most scripts only change rows.
    for statement in script.statements.iter().filter(|s| s.body.changes_schema()) {
        if matches!(after, Cow::Borrowed(_)) {
            after.to_mut().know_names();
        }
        let Err(error) = dialect.apply(after.to_mut(), statement) else { continue };
        failed = failed.or_else(|| {
            let is_held = error.kind == ApplyErrorKind::DependentObjects;
            let fix = is_held.then(|| dialect.unblock(&after, statement, input.script));
            Some((error, fix.flatten()))
        });
    }
    (after, failed)
}

fn too_large(input: &Input<'_>, configs: &[&RuleConfig]) -> Option<Advice> {
    let config = configs.iter().find(|c| c.rule == RuleType::BuiltinStatementMaximumSqlSize)?;
    let Payload::Number { number } = config.payload else { return None };
    let limit = usize::try_from(number).ok().filter(|l| input.script.len() > *l)?;
    Some(Advice {
        status: config.level.into(),
        code: code::MAXIMUM_SQL_SIZE,
        title: config.rule.as_str().to_owned(),
        content: format!(
            "The script has {} bytes, the limit is {limit}. Cut it into several changes.",
            input.script.len()
        ),
        start: None,
        span: None,
        rule: Some(config.rule),
        fix: None,
    })
}

/// An error of the walk-through says that the script cannot run: then it is all there is to say.
fn simulation(
    input: &Input<'_>,
    configs: &[&RuleConfig],
    failed: Option<&Failed>,
    lines: &LineIndex,
) -> Option<Advice> {
    let config = configs.iter().find(|c| c.rule == RuleType::BuiltinWalkThroughCheck)?;
    // Without a catalog nobody knows what is there.
    let ((error, fix), _) = failed.zip(input.catalog)?;
    Some(Advice {
        status: config.level.into(),
        code: simulation_code(error.kind),
        title: config.rule.as_str().to_owned(),
        content: error.message.clone(),
        start: Some(Position {
            line: lines.position(input.script, error.span.start).line,
            column: 0,
        }),
        span: Some(error.span),
        rule: Some(config.rule),
        fix: fix.clone(),
    })
}

const fn simulation_code(kind: ApplyErrorKind) -> i32 {
    match kind {
        ApplyErrorKind::RelationExists => code::TABLE_EXISTS,
        ApplyErrorKind::RelationMissing => code::TABLE_NOT_EXISTS,
        ApplyErrorKind::ColumnExists => code::COLUMN_EXISTS,
        ApplyErrorKind::ColumnMissing => code::COLUMN_NOT_EXISTS,
        ApplyErrorKind::IndexExists => code::INDEX_EXISTS,
        ApplyErrorKind::IndexMissing => code::INDEX_NOT_EXISTS,
        ApplyErrorKind::PrimaryKeyExists => code::PRIMARY_KEY_EXISTS,
        ApplyErrorKind::SchemaMissing => code::SCHEMA_NOT_EXISTS,
        ApplyErrorKind::SchemaExists
        | ApplyErrorKind::ConstraintExists
        | ApplyErrorKind::ConstraintMissing
        | ApplyErrorKind::TypeExists
        | ApplyErrorKind::TypeMissing
        | ApplyErrorKind::DependentObjects
        | ApplyErrorKind::InvalidDefinition => code::SIMULATION_FAILED,
    }
}

fn syntax_error(error: &sql::SyntaxError) -> Advice {
    Advice {
        status: Status::Error,
        code: code::SYNTAX_ERROR,
        title: "Syntax error".to_owned(),
        content: error.message.clone(),
        start: Some(error.position),
        span: Some(error.span),
        rule: None,
        fix: None,
    }
}

fn advice(config: &RuleConfig, finding: Finding, text: &str, lines: &LineIndex) -> Advice {
    Advice {
        status: config.level.into(),
        code: finding.code,
        title: config.rule.as_str().to_owned(),
        content: finding.content,
        start: finding.place.position(text, lines),
        span: finding.place.span(),
        rule: Some(config.rule),
        fix: finding.fix,
    }
}

fn not_evaluated(rule: RuleType, why: &str) -> Advice {
    Advice {
        status: Status::Error,
        code: code::INTERNAL,
        title: rule.as_str().to_owned(),
        content: format!("Not evaluated: {why}"),
        start: None,
        span: None,
        rule: Some(rule),
        fix: None,
    }
}

/// How many a cap left out.
#[derive(Debug, Default)]
struct Counts {
    errors: usize,
    warnings: usize,
}

impl Counts {
    /// Sorts, and keeps the first of each status.
    fn cap(&mut self, advices: &mut Vec<Advice>) {
        advices.sort_by(|a, b| {
            let key = |a: &Advice| (std::cmp::Reverse(a.status), a.start.map(|p| p.line));
            key(a).cmp(&key(b)).then_with(|| a.content.cmp(&b.content))
        });
        let errors = advices.partition_point(|a| a.status == Status::Error);
        let warnings = advices.len() - errors;
        self.warnings += warnings.saturating_sub(CAP);
        self.errors += errors.saturating_sub(CAP);
        advices.truncate(errors + CAP);
        advices.drain(CAP.min(errors)..errors);
        advices.shrink_to_fit();
    }

    fn add(&mut self, other: &Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
    }
}
