//! SQLite as a reader of scripts, and which of its statements only read.

use base::EngineKind;
use sql::lex::Rules;
use sql::purity::{PurityRules, judge};
use sql::words::Words;
use sql::{Facts, Purity, Reader, Segment};

use crate::parse::RULES;
use crate::{Sqlite, classify, split};

/// PRAGMAs that tell something, with or without an argument. Others change a setting, the file, or write when they check.
const TELLING: [&str; 14] = [
    "collation_list",
    "compile_options",
    "database_list",
    "foreign_key_check",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "module_list",
    "pragma_list",
    "table_info",
    "table_list",
    "table_xinfo",
];

static PURITY: PurityRules = PurityRules {
    explains: &["EXPLAIN"],
    functions: &[
        "changes",
        "char",
        "glob",
        "group_concat",
        "highlight",
        "bm25",
        "json",
        "json_insert",
        "json_patch",
        "json_remove",
        "json_replace",
        "julianday",
        "last_insert_rowid",
        "likelihood",
        "match",
        "snippet",
        "sqlite_version",
        "timediff",
        "total",
        "total_changes",
        "unixepoch",
        "zeroblob",
    ],
    writers: &["load_extension", "writefile", "edit", "fts3_tokenizer", "eval", "readfile"],
    ..PurityRules::NONE
};

static READER: Sqlite = Sqlite;

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    (kind == EngineKind::Sqlite).then_some(&READER)
}

impl Reader for Sqlite {
    fn rules(&self) -> Rules {
        RULES
    }

    fn segments<'a>(&self, script: &'a str) -> Box<dyn Iterator<Item = Segment> + 'a> {
        Box::new(split::segments(script))
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn purity(&self, statement: &str) -> Purity {
        let mut words = Words::new(statement, RULES);
        if !words.eat("PRAGMA") {
            return judge(statement, RULES, &PURITY);
        }
        let Some((_, name)) = words.qualified() else {
            return Purity::Writes { because: "PRAGMA without a name".to_owned() };
        };
        // `PRAGMA name(argument)` or `PRAGMA name`, and nothing behind it.
        let argument = words.eat_punct(b'(');
        let closed = !argument || (words.next_token().is_some() && words.eat_punct(b')'));
        while words.eat_punct(b';') {}
        let known = TELLING.iter().any(|told| name.eq_ignore_ascii_case(told));
        if known && closed && words.peek_token().is_none() {
            Purity::Reads
        } else {
            Purity::Writes { because: format!("PRAGMA {name} may change something") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attacks() {
        for sql in [
            "pragma user_version = 3",
            "pragma journal_mode(wal)",
            "pragma table_info(t); delete from t",
            "pragma optimize",
            "select load_extension('x')",
            "select writefile('x', 'y')",
            "attach 'x' as y",
            "with x as (select 1) insert into t select * from x",
            "replace into t values (1)",
            "select 1; delete from t",
            "select [evil](1)",
            "vacuum into 'x'",
        ] {
            assert!(!Reader::purity(&READER, sql).is_certain(), "{sql}");
        }
        for sql in [
            "pragma table_info(t)",
            "pragma main.index_list('t');",
            "select replace(a, 'b', 'c') from [t] where b = 'delete'",
            "explain query plan delete from t",
            "values (1)",
        ] {
            assert_eq!(Reader::purity(&READER, sql), Purity::Reads, "{sql}");
        }
    }
}
