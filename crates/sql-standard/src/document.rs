//! Engines of rows or documents without joins: Cassandra, Cosmos DB, DynamoDB.

use sql::lex::Rules;
use sql::purity::PurityRules;
use sql::{Holds, Language, StatementKind as Kind};

use crate::batch;

pub(crate) static CASSANDRA: Language = Language {
    rules: Rules { plain_dollars: true, slash_comments: true, ..Rules::NONE },
    holds: Holds::Own(batch::segments),
    bare: true,
    // A batch of changes.
    verbs: &[("BEGIN", Kind::OtherDml)],
    purity: PurityRules {
        queries: &["SELECT"],
        shows: &["LIST", "DESCRIBE", "DESC"],
        functions: &["token", "ttl", "writetime", "totimestamp", "tounixtimestamp", "blobastext"],
        ..PurityRules::NONE
    },
};

pub(crate) static COSMOSDB: Language = Language {
    rules: Rules { double_quoted_strings: true, backslash: true, ..Rules::NONE },
    bare: true,
    purity: PurityRules {
        queries: &["SELECT"],
        functions: &[
            "array_contains",
            "array_slice",
            "is_array",
            "is_bool",
            "is_defined",
            "is_number",
            "is_object",
            "is_primitive",
            "is_string",
            "index_of",
            "st_distance",
            "st_within",
            "stringequals",
        ],
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

pub(crate) static DYNAMODB: Language = Language {
    rules: Rules { backtick: true, nested_comments: true, ..Rules::NONE },
    purity: PurityRules {
        queries: &["SELECT"],
        functions: &["attribute_type", "begins_with", "missing", "size"],
        ..PurityRules::NONE
    },
    ..Language::PLAIN
};

#[cfg(test)]
mod tests {
    use sql::{Purity, Reader as _};

    use super::*;

    #[test]
    fn batches_hold_their_semicolons() {
        let script = "begin unlogged batch insert into a (b) values (1); delete from a where b = 1; apply batch; // ;\n\
            select $$it's;$$ from t; begin; select 1";
        let found: Vec<_> = CASSANDRA.pieces(script).iter().map(|p| p.span.of(script)).collect();
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].ends_with("apply batch"));
    }

    #[test]
    fn attacks() {
        for (language, sql) in [
            (&CASSANDRA, "begin batch delete from t where a = 1 apply batch"),
            (&CASSANDRA, "select evil(a) from t"),
            (&CASSANDRA, "select 1; truncate t"),
            (&COSMOSDB, "select udf.evil(c) from c"),
            (&COSMOSDB, "with a as (select 1) select 2"),
            (&DYNAMODB, "delete from \"t\" where a = 1 returning all old *"),
            (&DYNAMODB, "insert into \"t\" value {'a': 1}"),
        ] {
            assert!(!language.purity(sql).is_certain(), "{sql}");
        }
        assert_eq!(CASSANDRA.purity("select token(a) from t where b = 'x'"), Purity::Reads);
        assert_eq!(
            COSMOSDB.purity("select value c.a from c where contains(c.b, \"x\")"),
            Purity::Reads
        );
        assert_eq!(
            DYNAMODB.purity("select * from \"t\".\"i\" where begins_with(a, 'x')"),
            Purity::Reads
        );
    }
}
