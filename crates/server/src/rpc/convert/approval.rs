//! Approval rules, and gates with their reasons.

use api::bytebase::v1 as pb;
use app::approval::view::environment;
use app::approval::{ApprovalView, GateView};
use pb::workspace_approval_setting as setting;
use policy::approval::{
    Attempt, Decision, Gate, NO_ENVIRONMENT, Refusal, Rule, RuleRef, Source, Status, Template, Why,
};
use policy::risk::Risk;
use store::rows::ApprovalSetting;

use super::value::timestamp;

pub fn setting(setting: ApprovalSetting) -> pb::WorkspaceApprovalSetting {
    pb::WorkspaceApprovalSetting { rules: setting.rules.into_iter().map(rule).collect() }
}

pub fn rules_from(rules: Vec<setting::Rule>) -> Vec<Rule> {
    let one = |rule: setting::Rule| {
        let source = source_from(rule.source());
        let condition = rule.condition.unwrap_or_default();
        let template = rule.template.unwrap_or_default();
        Rule {
            source,
            condition: condition.expression,
            condition_title: condition.title,
            condition_description: condition.description,
            template: Template {
                title: template.title,
                description: template.description,
                roles: template.flow.unwrap_or_default().roles,
            },
        }
    };
    rules.into_iter().map(one).collect()
}

fn rule(rule: Rule) -> setting::Rule {
    setting::Rule {
        template: Some(template(rule.template)),
        condition: Some(api::google::r#type::Expr {
            expression: rule.condition,
            title: rule.condition_title,
            description: rule.condition_description,
            location: String::new(),
        }),
        source: source(rule.source).into(),
    }
}

const fn source(source: Source) -> setting::rule::Source {
    match source {
        Source::ChangeDatabase => setting::rule::Source::ChangeDatabase,
        Source::CreateDatabase => setting::rule::Source::CreateDatabase,
        Source::RequestRole => setting::rule::Source::RequestRole,
        Source::RequestAccess => setting::rule::Source::RequestAccess,
        Source::Fallback => setting::rule::Source::Unspecified,
    }
}

pub const fn source_from(source: setting::rule::Source) -> Source {
    match source {
        setting::rule::Source::ChangeDatabase => Source::ChangeDatabase,
        setting::rule::Source::CreateDatabase => Source::CreateDatabase,
        setting::rule::Source::RequestRole => Source::RequestRole,
        setting::rule::Source::RequestAccess => Source::RequestAccess,
        setting::rule::Source::Unspecified => Source::Fallback,
    }
}

fn template(template: Template) -> pb::ApprovalTemplate {
    pb::ApprovalTemplate {
        flow: Some(pb::ApprovalFlow { roles: template.roles }),
        title: template.title,
        description: template.description,
    }
}

pub const fn status(status: Status) -> pb::ApprovalStatus {
    match status {
        Status::Checking => pb::ApprovalStatus::Checking,
        Status::Pending => pb::ApprovalStatus::Pending,
        Status::Approved => pb::ApprovalStatus::Approved,
        Status::Rejected => pb::ApprovalStatus::Rejected,
        Status::Skipped => pb::ApprovalStatus::Skipped,
    }
}

pub const fn risk_level(risk: Risk) -> pb::RiskLevel {
    match risk {
        Risk::Low => pb::RiskLevel::Low,
        Risk::Moderate => pb::RiskLevel::Moderate,
        Risk::High => pb::RiskLevel::High,
    }
}

/// Puts the approval into its issue. Template and approvers of the peer's contract are those of the gate that is next.
pub fn put(approval: ApprovalView, issue: &mut pb::Issue) {
    if let Some(next) = next(&approval.gates) {
        issue.approval_template = next.template.clone().map(template);
        let step = |s: &policy::approval::Step| pb::issue::Approver {
            status: decision(s.decision).into(),
            principal: s.by.clone(),
        };
        issue.approvers = next.steps.iter().map(step).collect();
    }
    issue.approval_status = status(approval.status).into();
    issue.risk_level = approval.risk.map(risk_level).unwrap_or_default().into();
    issue.approval_revision = approval.revision;
    issue.approval_error = approval.error;
    issue.approval_gates = approval.gates.into_iter().map(gate).collect();
}

/// The gate that waits, or was sent back; else the last one that somebody approved, or any.
fn next(gates: &[GateView]) -> Option<&Gate> {
    let find = |status: Status| gates.iter().map(|g| &g.gate).find(move |g| g.status() == status);
    [Status::Rejected, Status::Pending, Status::Approved, Status::Skipped]
        .into_iter()
        .find_map(find)
}

const fn decision(decision: Decision) -> pb::issue::approver::Status {
    match decision {
        Decision::Approved => pb::issue::approver::Status::Approved,
        Decision::Rejected => pb::issue::approver::Status::Rejected,
    }
}

pub fn gate(view: GateView) -> pb::issue::ApprovalGate {
    let GateView { gate, refusal, can_approve, holder_count, holders } = view;
    let steps = gate.roles().iter().enumerate().map(|(at, role)| match gate.steps.get(at) {
        Some(step) => pb::issue::ApprovalStep {
            role: role.clone(),
            status: decision(step.decision).into(),
            principal: step.by.clone(),
            time: Some(timestamp(step.at)),
            comment: step.comment.clone(),
        },
        None => pb::issue::ApprovalStep {
            role: role.clone(),
            status: pb::issue::approver::Status::Pending.into(),
            ..pb::issue::ApprovalStep::default()
        },
    });
    let steps = steps.collect();
    pb::issue::ApprovalGate {
        environment: environment(&gate),
        stages: gate.stages.iter().map(|s| format!("environments/{s}")).collect(),
        status: status(gate.status()).into(),
        steps,
        pending_role: gate.pending_role().unwrap_or_default().to_owned(),
        template: gate.template.map(template),
        why: Some(why(gate.why)),
        can_approve,
        refusal: refusal.map(refused),
        holder_count: i32::try_from(holder_count).unwrap_or(i32::MAX),
        holders,
    }
}

fn refused(refusal: Refusal) -> pb::issue::ApprovalRefusal {
    pb::issue::ApprovalRefusal { reason: refusal.reason.to_owned(), message: refusal.message }
}

fn why(why: Why) -> pb::issue::ApprovalReason {
    let attempt = |a: Attempt| pb::issue::ApprovalAttempt {
        rule: Some(rule_ref(a.rule)),
        reason: a.reason,
        values: a.values,
    };
    pb::issue::ApprovalReason {
        rule: why.rule.map(rule_ref),
        target: why.target,
        values: why.values,
        tried: why.tried.into_iter().map(attempt).collect(),
    }
}

fn rule_ref(rule: RuleRef) -> pb::issue::ApprovalRule {
    pb::issue::ApprovalRule {
        number: i32::try_from(rule.number).unwrap_or(i32::MAX),
        title: rule.title,
        source: rule.source.as_str().to_owned(),
        condition: rule.condition,
    }
}

/// Names of stages as the wire has them.
pub fn stage(stage: &str) -> String {
    if stage == NO_ENVIRONMENT { String::new() } else { format!("environments/{stage}") }
}
