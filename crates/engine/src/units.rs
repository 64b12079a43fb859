//! Cuts a script into units: pieces that take effect whole or not at all, and that an executor can prove one by one. Pure.

use std::ops::Range;

use sql::{Batch, Dialect, Directives, Facts, StatementClass, StatementKind, TransactionRule};

/// A piece of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Numbers of its statements.
    pub statements: Range<usize>,
    pub how: How,
}

/// How a unit takes effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// In a transaction that we open and close.
    Ours,
    /// In the script's own transaction: BEGIN is its first statement, and its last one ends it.
    Theirs { commits: bool },
    /// One statement that commits by itself, or more than once.
    Alone,
    /// One statement that changes nothing but the session: run again when a later unit is taken up in a new session.
    Session,
    /// One UPDATE or DELETE, in ranges of a key.
    Batch(Batch),
}

/// The units of a script that is run by `rule`, in order, without gap.
pub fn units(
    dialect: &dyn Dialect,
    facts: &[Facts],
    rule: &TransactionRule,
    directives: &Directives,
) -> Vec<Unit> {
    if *rule == TransactionRule::One {
        let statements = 0..facts.len();
        return if facts.is_empty() {
            Vec::new()
        } else {
            vec![Unit { statements, how: How::Ours }]
        };
    }
    let mut units = Vec::new();
    let mut at = 0;
    while at < facts.len() {
        let unit = if facts[at].kind == StatementKind::Begin {
            theirs(facts, at)
        } else {
            let how = match directives.batches.get(&at) {
                Some(batch) => How::Batch(batch.clone()),
                None => single(dialect, &facts[at]),
            };
            Unit { statements: at..at + 1, how }
        };
        at = unit.statements.end;
        units.push(unit);
    }
    units
}

/// From BEGIN to what ends it. A script that never ends it is rolled back with its session.
fn theirs(facts: &[Facts], begin: usize) -> Unit {
    let ends = |f: &Facts| matches!(f.kind, StatementKind::Commit | StatementKind::Rollback);
    // A second BEGIN commits the first on some engines, and is nothing on others: a unit of its own either way.
    let after = begin + 1;
    match facts[after..].iter().position(ends) {
        Some(n) => {
            let last = after + n;
            let commits = facts[last].kind == StatementKind::Commit;
            Unit { statements: begin..last + 1, how: How::Theirs { commits } }
        }
        None => Unit { statements: begin..facts.len(), how: How::Theirs { commits: false } },
    }
}

fn single(dialect: &dyn Dialect, facts: &Facts) -> How {
    // Also one that may not run in a transaction, such as DISCARD: a later session must be set up the same way.
    if facts.kind.class() == StatementClass::Session {
        return How::Session;
    }
    if facts.outside_transaction {
        return How::Alone;
    }
    match facts.kind {
        // May commit in the middle, or do what nobody here knows.
        StatementKind::Call | StatementKind::Maintenance | StatementKind::Unknown => {
            return How::Alone;
        }
        _ => {}
    }
    match facts.kind.class() {
        // A lone COMMIT, ROLLBACK or SAVEPOINT has nothing to end.
        StatementClass::Session | StatementClass::Transaction => How::Session,
        StatementClass::Dml | StatementClass::Query => How::Ours,
        StatementClass::Ddl | StatementClass::Other => {
            if dialect.transactional_ddl() {
                How::Ours
            } else {
                How::Alone
            }
        }
    }
}
