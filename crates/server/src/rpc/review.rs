//! ReviewService: the rules of SQL review, sets of them, and a try on a script.

use api::basalt::v1 as pb;
use api::bytebase::v1 as wire;
use app::cx::Cx;
use app::sql_review::{self, Ask, Known, Tried};
use base::{EngineKind, LineIndex};
use pb::review_rule::{Needs, PayloadKind};
use pb::try_review_response as answer;
use review::{Advice, Group, StatementLocks, Status};
use sql::{Fix, LockForecast, LockWork, Safety};

use super::convert::review_rule;
use super::plan::position;
use super::{Error, Result};

pub struct Review;

impl pb::ReviewService<Cx, Error> for Review {
    async fn list_rules(
        &self,
        _: Cx,
        request: pb::ListRulesRequest,
    ) -> Result<pb::ListRulesResponse> {
        let rules = sql_review::known(engine(request.engine)?).into_iter().map(rule).collect();
        Ok(pb::ListRulesResponse { rules })
    }

    async fn list_templates(
        &self,
        _: Cx,
        request: pb::ListTemplatesRequest,
    ) -> Result<pb::ListTemplatesResponse> {
        let all = sql_review::templates(engine(request.engine)?).into_iter();
        let templates = all.map(|(template, rules)| pb::list_templates_response::Template {
            id: template.id.to_owned(),
            title: template.title.to_owned(),
            description: template.what.to_owned(),
            rules: rules.into_iter().map(review_rule::to_wire).collect(),
        });
        Ok(pb::ListTemplatesResponse { templates: templates.collect() })
    }

    async fn try_review(
        &self,
        cx: Cx,
        request: pb::TryReviewRequest,
    ) -> Result<pb::TryReviewResponse> {
        let ask = Ask {
            engine: engine(request.engine)?,
            database: request.database,
            rules: review_rule::from_wire("", request.rules)?,
            exceptions: request.exceptions.into_iter().map(review_rule::exception).collect(),
            refuse_suppression: request.refuse_suppression,
            config: request.review_config,
            script: request.statement,
            schema: request.schema,
        };
        Ok(tried(sql_review::try_review(&cx, ask).await?))
    }
}

/// None: the caller does not say.
fn engine(number: i32) -> base::Result<Option<EngineKind>> {
    if number == 0 {
        return Ok(None);
    }
    let what = || base::Error::field("engine", format!("{number} is no engine; e.g. POSTGRES"));
    EngineKind::from_number(number).map(Some).ok_or_else(what)
}

fn rule(known: Known) -> pb::ReviewRule {
    let Known { rule, engine, level, payload, title } = known;
    let doc = &rule.doc;
    pb::ReviewRule {
        preset: Some(wire::SqlReviewRule {
            r#type: rule.rule.number(),
            level: level.map(|l| review_rule::level(l).into()).unwrap_or_default(),
            engine: engine.number(),
            payload: review_rule::payload(payload),
        }),
        category: rule.group.as_str().to_owned(),
        title,
        what: doc.what.to_owned(),
        why: doc.why.to_owned(),
        example: doc.example.to_owned(),
        instead: doc.instead.to_owned(),
        codes: rule.codes.to_vec(),
        payload_kind: match rule.payload {
            review::PayloadKind::None => PayloadKind::NoPayload,
            review::PayloadKind::Naming => PayloadKind::Naming,
            review::PayloadKind::Number => PayloadKind::Number,
            review::PayloadKind::StringArray => PayloadKind::StringArray,
            review::PayloadKind::CommentConvention => PayloadKind::CommentConvention,
            review::PayloadKind::String => PayloadKind::String,
            review::PayloadKind::NamingCase => PayloadKind::NamingCase,
        }
        .into(),
        needs: match rule.needs {
            review::Needs::Script => Needs::Script,
            review::Needs::Catalog => Needs::Catalog,
            review::Needs::Connection => Needs::Connection,
        }
        .into(),
        builtin: rule.group == Group::Builtin,
    }
}

fn tried(tried: Tried) -> pb::TryReviewResponse {
    let Tried { engine, config, script, report, not_evaluated } = tried;
    let places = Places { script: &script, lines: LineIndex::new(&script) };
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let plain = report.advices.iter().map(|a| places.advice(a, None));
    let taken_away = report.suppressed.iter().map(|s| {
        let suppression = answer::Suppression {
            reason: s.reason.clone(),
            until: s.until.clone().unwrap_or_default(),
            exception: s.by == review::By::Exception,
        };
        places.advice(&s.advice, Some(suppression))
    });
    let locks = report.locks.iter().flat_map(|s| s.locks.iter().map(move |l| (s, l)));
    pb::TryReviewResponse {
        advices: plain.chain(taken_away).collect(),
        errors_left_out: count(report.errors_left_out),
        warnings_left_out: count(report.warnings_left_out),
        locks: locks.map(|(statement, lock)| places.lock(statement, lock)).collect(),
        locks_left_out: count(report.locks_left_out),
        not_evaluated: not_evaluated
            .into_iter()
            .map(|n| answer::NotEvaluated { rule: n.rule.number(), why: n.why })
            .collect(),
        review_config: config,
        engine: engine.number(),
        not_judged: report
            .not_judged
            .iter()
            .map(|part| answer::NotJudged {
                start: Some(places.at(part.span.start)),
                end: Some(places.at(part.span.end)),
                why: part.why.clone(),
            })
            .collect(),
    }
}

/// Turns bytes of the script into lines and columns.
struct Places<'a> {
    script: &'a str,
    lines: LineIndex,
}

impl Places<'_> {
    fn at(&self, offset: usize) -> wire::Position {
        position(self.lines.position(self.script, offset))
    }

    fn advice(&self, advice: &Advice, suppression: Option<answer::Suppression>) -> answer::Advice {
        let (start, end) = match (advice.span, advice.start) {
            (Some(span), _) => (Some(self.at(span.start)), Some(self.at(span.end))),
            (None, start) => (start.map(position), None),
        };
        answer::Advice {
            status: match advice.status {
                Status::Success => wire::advice::Level::Success,
                Status::Warning => wire::advice::Level::Warning,
                Status::Error => wire::advice::Level::Error,
            }
            .into(),
            code: advice.code,
            title: advice.title.clone(),
            content: advice.content.clone(),
            start,
            end,
            rule: advice.rule.map(review::RuleType::number).unwrap_or_default(),
            fixes: advice.fix.iter().map(|fix| self.fix(fix)).collect(),
            suppression,
        }
    }

    fn fix(&self, fix: &Fix) -> answer::Fix {
        let edits = fix.edits.iter().map(|edit| answer::fix::Edit {
            start: Some(self.at(edit.span.start)),
            end: Some(self.at(edit.span.end)),
            text: edit.text.clone(),
        });
        let (title, safe) = (fix.title.clone(), fix.safety == Safety::Safe);
        answer::Fix { title, edits: edits.collect(), safe }
    }

    fn lock(&self, statement: &StatementLocks, lock: &LockForecast) -> answer::Lock {
        let table = match lock.schema.as_str() {
            "" => lock.relation.clone(),
            schema => format!("{schema}.{}", lock.relation),
        };
        answer::Lock {
            start: Some(self.at(statement.statement.start)),
            end: Some(self.at(statement.statement.end)),
            mode: lock.mode.to_owned(),
            table,
            work: match lock.work {
                LockWork::Brief => answer::lock::Work::Brief,
                LockWork::Rows => answer::lock::Work::Rows,
                LockWork::Scan => answer::lock::Work::Scan,
                LockWork::Index => answer::lock::Work::Index,
                LockWork::Rewrite => answer::lock::Work::Rewrite,
            }
            .into(),
            blocks_reads: lock.blocks_reads,
            blocks_writes: lock.blocks_writes,
            rows: lock.rows,
            because: lock.because.to_owned(),
            safer: lock.safer.unwrap_or_default().to_owned(),
            fix: statement.fix.as_ref().map(|fix| self.fix(fix)),
        }
    }
}
