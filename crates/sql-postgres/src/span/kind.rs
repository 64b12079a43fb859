//! What a statement is to whoever grants access.

use sql::{SpanKind, StatementClass, StatementKind};

use crate::classify::classify;
use crate::head::Head;

pub fn kind(statement: &str) -> SpanKind {
    let kind = classify(statement).kind;
    let verb = Head::new(statement).word();
    match (verb.as_str(), kind) {
        // It fills a table, or hands one out whole.
        ("COPY" | "REFRESH", _) => SpanKind::Dml,
        (_, StatementKind::Select | StatementKind::Set) => SpanKind::Select,
        (_, StatementKind::Explain) => SpanKind::Explain,
        (_, StatementKind::Show) => SpanKind::SelectSystem,
        (_, StatementKind::Call) => SpanKind::Dml,
        (_, StatementKind::Grant | StatementKind::Maintenance) => SpanKind::Ddl,
        _ => match kind.class() {
            StatementClass::Ddl => SpanKind::Ddl,
            StatementClass::Dml => SpanKind::Dml,
            _ => SpanKind::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (statement, expect) in [
            ("select 1", SpanKind::Select),
            ("(values (1))", SpanKind::Select),
            ("with d as (delete from t returning *) select * from d", SpanKind::Dml),
            ("explain analyze insert into t values (1)", SpanKind::Dml),
            ("explain insert into t values (1)", SpanKind::Explain),
            ("show all", SpanKind::SelectSystem),
            ("set x = 1", SpanKind::Select),
            ("copy (select 1) to stdout", SpanKind::Dml),
            ("truncate t", SpanKind::Ddl),
            ("do $$ begin end $$", SpanKind::Dml),
            ("begin", SpanKind::Unknown),
        ] {
            assert_eq!(kind(statement), expect, "{statement}");
        }
    }
}
