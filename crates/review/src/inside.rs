//! What stands inside statements: blocks that run at once, and bodies of routines that run when they are called.
//!
//! A block's statements are reviewed as if they stood in the script behind it. Those of a routine are judged by the rules
//! that look at a statement alone: when, how often and on what they run is for whoever calls it.

use std::borrow::Cow;

use base::{LineIndex, Span};
use sql::tree::{Body, Parsed, Routine, Script, Unjudged, Why};

use crate::rule::{Group, Needs, Rule};
use crate::rule_type::RuleType;

/// The script as rules see it.
pub(crate) struct Views<'s> {
    /// As it was parsed.
    pub plain: &'s Script,
    /// With the statements of blocks behind their block.
    pub now: Cow<'s, Script>,
    /// The statements of routines.
    pub called: Script,
    /// All of them, by place.
    pub all: Cow<'s, Script>,
    /// Bodies in which edits would go wrong.
    quoted: Vec<Span>,
    unjudged: Vec<&'s Unjudged>,
}

/// A part of the script that no rule could look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJudged {
    pub span: Span,
    pub line: u32,
    pub why: String,
}

impl<'s> Views<'s> {
    pub fn new(plain: &'s Script) -> Self {
        let bodies = plain.statements.iter().filter_map(|s| Some((&**s, body(&s.body)?)));
        let bodies: Vec<(&Parsed, &Routine)> = bodies.collect();
        let mut views = Self {
            plain,
            now: Cow::Borrowed(plain),
            called: Script::default(),
            all: Cow::Borrowed(plain),
            quoted: Vec::new(),
            unjudged: Vec::new(),
        };
        if bodies.is_empty() {
            return views;
        }
        for (holder, routine) in bodies {
            views.unjudged.extend(&routine.unjudged);
            if !routine.verbatim {
                views.quoted.push(routine.span);
            }
            if routine.statements.is_empty() {
                continue;
            }
            match holder.body {
                Body::Do(_) => views.now.to_mut().statements.extend_from_slice(&routine.statements),
                _ => views.called.statements.extend_from_slice(&routine.statements),
            }
            views.all.to_mut().statements.extend_from_slice(&routine.statements);
        }
        for view in [&mut views.now, &mut views.all] {
            if let Cow::Owned(script) = view {
                script.statements.sort_by_key(|s| s.span().start);
            }
        }
        views
    }

    /// The script that a rule looks at first.
    pub fn of(&self, rule: &Rule) -> &Script {
        if is_about_scripts(rule) { self.plain } else { &self.now }
    }

    /// Whether text can be edited there.
    pub fn is_editable(&self, span: Option<Span>) -> bool {
        span.is_none_or(|s| !self.quoted.iter().any(|q| q.start <= s.start && s.start < q.end))
    }

    pub fn not_judged(&self, text: &str, lines: &LineIndex) -> Vec<NotJudged> {
        let told = self.unjudged.iter().map(|u| NotJudged {
            span: u.span,
            line: lines.position(text, u.span.start).line,
            why: match &u.why {
                Why::Dynamic => {
                    "It makes its SQL when it runs: no rule can look at that".to_owned()
                }
                Why::NotUnderstood => "This part of the body is not understood".to_owned(),
                Why::Language(name) => format!("The body is in {name}, which no rule reads"),
            },
        });
        told.collect()
    }
}

fn body(statement: &Body) -> Option<&Routine> {
    match statement {
        Body::Do(block) => Some(block.as_ref()),
        Body::CreateFunction(made) => made.body.as_ref(),
        _ => None,
    }
}

/// Rules that ask how the script as such is run. Inside a block there are variables, which a server could not plan.
fn is_about_scripts(rule: &Rule) -> bool {
    rule.needs == Needs::Connection
        || rule.group == Group::Builtin
        || matches!(
            rule.rule,
            RuleType::StatementDisallowCommit
                | RuleType::StatementMergeAlterTable
                | RuleType::StatementNonTransactional
                | RuleType::StatementCheckSetRoleVariable
        )
}

/// Rules that hold for a statement wherever and whenever it runs.
pub(crate) fn holds_in_routines(rule: &Rule) -> bool {
    rule.group == Group::Security
        || matches!(
            rule.rule,
            RuleType::StatementSelectNoSelectAll
                | RuleType::StatementWhereRequireSelect
                | RuleType::StatementWhereRequireUpdateDelete
                | RuleType::StatementWhereNoLeadingWildcardLike
                | RuleType::StatementWhereDisallowFunctionsAndCalculations
                | RuleType::StatementInsertMustSpecifyColumn
                | RuleType::StatementInsertDisallowOrderByRand
                | RuleType::StatementDisallowTruncate
                | RuleType::StatementDisallowRmTblCascade
        )
}
