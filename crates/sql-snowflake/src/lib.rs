//! What Snowflake speaks: where statements end, also those of its scripting, what each does, which of them read only.
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

use base::EngineKind;
use sql::blocks::BlockRules;
use sql::lex::Rules;
use sql::purity::PurityRules;
use sql::{Holds, Language, Reader, StatementKind as Kind};

/// What Snowflake's text may hold.
pub const RULES: Rules =
    Rules { plain_dollars: true, backslash: true, slash_comments: true, ..Rules::NONE };

static BLOCKS: BlockRules = BlockRules {
    with_body: &["PROCEDURE", "FUNCTION", "TASK", "ALERT"],
    without_body: &[
        "TABLE", "VIEW", "SCHEMA", "DATABASE", "STAGE", "STREAM", "PIPE", "USER", "ROLE",
    ],
    scripting: &["BEGIN"],
    declare: true,
    after_begin: &[],
};

/// Verbs that other engines have not, or mean otherwise.
const VERBS: &[(&str, Kind)] = &[
    ("DECLARE", Kind::Call),
    ("PUT", Kind::Maintenance),
    ("GET", Kind::Maintenance),
    ("REMOVE", Kind::Maintenance),
    ("RM", Kind::Maintenance),
];

const PURITY: PurityRules = PurityRules {
    shows: &["SHOW", "DESCRIBE", "DESC", "LIST", "LS"],
    explains: &["EXPLAIN"],
    functions: &[
        "array_construct",
        "array_size",
        "current_account",
        "current_region",
        "current_role",
        "current_warehouse",
        "flatten",
        "generator",
        "get",
        "get_path",
        "identifier",
        "object_construct",
        "result_scan",
        "seq4",
        "seq8",
        "strtok",
        "to_array",
        "to_object",
        "to_variant",
        "try_parse_json",
        "try_to_date",
        "try_to_number",
        "try_to_timestamp",
        "uuid_string",
        "zeroifnull",
    ],
    // Hands the result of one statement on to another.
    marks: &["->>"],
    ..PurityRules::NONE
};

static READER: Language = Language {
    rules: RULES,
    holds: Holds::Blocks(&BLOCKS),
    bare: false,
    verbs: VERBS,
    purity: PURITY,
};

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    (kind == EngineKind::Snowflake).then_some(&READER)
}

#[cfg(test)]
mod tests {
    use sql::Purity;

    use super::*;

    #[test]
    fn scripting_and_dollars_hold_their_semicolons() {
        for one in [
            "execute immediate $$ begin select 1; end; $$",
            "create procedure p() returns int language sql as $$ begin return 1; end; $$",
            "create or replace procedure p() returns int language sql as begin let a := 1; if (a = 1) then return a; end if; end",
            "declare a int; begin for r in c do select 1; end for; end",
            "create task t warehouse = w schedule = '1 minute' when system$x('a') as begin insert into t select 1; end",
            "select 'it\\'s;' // ;\n",
        ] {
            let script = format!("{one};select 9");
            assert_eq!(READER.split(&script).len(), 2, "{one}");
        }
        assert_eq!(READER.split("begin; select 1; commit; begin transaction; rollback").len(), 5);
    }

    #[test]
    fn attacks() {
        for sql in [
            "show tables ->> insert into t select * from $1",
            "select s.nextval",
            "select system$cancel_query('x')",
            "call p()",
            "execute immediate $$ delete from t $$",
            "begin delete from t; end",
            "copy into @s from t",
            "explain using text select evil()",
            "with x as (select 1) insert into t select * from x",
            "put file://a @s",
        ] {
            assert!(!READER.purity(sql).is_certain(), "{sql}");
        }
        for sql in [
            "select a:b::varchar(9), $1 from table(result_scan('x')) qualify row_number() over (order by a) = 1",
            "show tables in schema x",
            "explain using text delete from t",
            "describe table t",
        ] {
            assert_eq!(READER.purity(sql), Purity::Reads, "{sql}");
        }
    }
}
