//! Properties of all readers on texts that nobody would write: segments in order without gap, on character boundaries, no
//! panic, and the same statements whichever way they are asked for. `BASALT_FUZZ` says how many texts every engine reads.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sql::Reader;
use sql::lex::Lexer;

use crate::readers;

/// Pieces of text that mean something to one lexer or splitter or the other.
const PIECES: &[&str] = &[
    ";",
    ";",
    ";",
    "\n",
    "\r\n",
    " ",
    "\t",
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "$",
    "\\",
    "--",
    "-- ",
    "/*",
    "*/",
    "/*!",
    "/*!50000 ",
    "/*M!",
    "/*T![x] ",
    "//",
    "#",
    "(",
    ")",
    ":",
    "::",
    ".",
    ",",
    "@",
    "!",
    "<<",
    ">>",
    "/",
    "\n/\n",
    "E'",
    "r'",
    "q'[",
    "]'",
    "nq'<",
    "'''",
    "\"\"\"",
    "\u{feff}",
    "\0",
    "é",
    "中",
    "😀",
    "1",
    "1.5e-3",
    "0x1F",
    "..",
    "=",
    ":=",
    "->>",
    "\nGO\n",
    "\ngo 5\n",
    "DELIMITER $$\n",
    "delimiter ;\n",
    "delimiter é\n",
    "BEGIN",
    "begin tran",
    "END",
    "END IF",
    "end try",
    "begin catch",
    "CASE",
    "IF",
    "THEN",
    "ELSE",
    "LOOP",
    "END LOOP",
    "WHILE",
    "DO",
    "FOR",
    "REPEAT",
    "DECLARE",
    "CREATE",
    "OR REPLACE",
    "PROCEDURE",
    "FUNCTION",
    "TRIGGER",
    "PACKAGE",
    "BODY",
    "TYPE",
    "IS",
    "AS",
    "ATOMIC",
    "COMPOUND",
    "LANGUAGE",
    "BATCH",
    "APPLY",
    "UNLOGGED",
    "SELECT",
    "INSERT",
    "INTO",
    "UPDATE",
    "SET",
    "DELETE",
    "MERGE",
    "WITH",
    "VALUES",
    "EXEC",
    "EXPLAIN",
    "ANALYZE",
    "SHOW",
    "GRANT",
    "ON",
    "TO",
    "ALTER",
    "TABLE",
    "DROP",
    "RULE",
    "PROMPT",
    "REM",
    "SPOOL",
    "t",
    "a_b",
    "x",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        2 => Just(" ".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What must hold for any text.
fn check(reader: &dyn Reader, script: &str) {
    let mut end = 0;
    let mut statements = Vec::new();
    for segment in reader.segments(script) {
        assert_eq!(segment.whole.start, end, "segments follow one another");
        assert!(segment.whole.end > end, "segments are not empty");
        end = segment.whole.end;
        assert!(script.is_char_boundary(end), "segments end between characters");
        if let Some(statement) = segment.statement {
            let within = segment.whole.start <= statement.start && statement.end <= end;
            assert!(within && statement.start < statement.end, "statements lie in their segments");
            let text = script.get(statement.start..statement.end).expect("on boundaries");
            assert_eq!(text, text.trim_start_matches([' ', '\n', '\t']), "they begin with a word");
            statements.push(statement);
            reader.classify(text);
            reader.purity(text);
        }
    }
    let rest = script[end..].trim_start_matches('\u{feff}');
    assert!(
        rest.bytes().all(|b| b.is_ascii_whitespace() || b == 0x0b),
        "only blanks are left: {rest:?}"
    );
    let split: Vec<_> = reader.split(script).iter().map(|s| s.span).collect();
    assert_eq!(split, statements);
    for piece in reader.pieces(script) {
        assert!(script.get(piece.span.start..piece.span.end).is_some(), "pieces are text");
        assert!(piece.start <= piece.end && piece.start.line > 0);
    }
    reader.purity(script);
}

/// Engines without blocks: every semicolon that the lexer sees ends a segment, and the splitter's short cut over words is
/// none that changes a thing.
const BARE: &[&str] = &["STANDARD", "CLICKHOUSE", "HIVE", "COSMOSDB", "DYNAMODB"];

fn semicolons(reader: &dyn Reader, script: &str) -> Vec<usize> {
    let tokens = Lexer::new(script, reader.rules());
    tokens.filter(|t| t.is(script, b';')).map(|t| t.span.end).collect()
}

fn ends(reader: &dyn Reader, script: &str) -> Vec<usize> {
    let ends: Vec<_> = reader.segments(script).map(|s| s.whole.end).collect();
    let semicolons = semicolons(reader, script);
    ends.into_iter().filter(|end| *end < script.len() || semicolons.contains(end)).collect()
}

#[test]
fn any_text_can_be_read() {
    let cases =
        testkit::environment::variable("BASALT_FUZZ").map_or(400, |n| n.parse().expect("a number"));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&texts(), |text| {
            for (name, reader) in readers::all() {
                let started = Instant::now();
                let checked = std::panic::catch_unwind(AssertUnwindSafe(|| check(reader, &text)));
                prop_assert!(started.elapsed().as_secs() < 1, "{} is slow", name);
                if BARE.contains(&name) {
                    prop_assert_eq!(ends(reader, &text), semicolons(reader, &text), "{}", name);
                }
                prop_assert!(checked.is_ok(), "{name}");
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// What is linear takes milliseconds; what is quadratic, minutes.
#[test]
fn hostile_texts_take_linear_time() {
    const SIZE: usize = 200_000;
    let units = [
        "(",
        "'",
        "''",
        "/*",
        "*/",
        "$$",
        "$a",
        "[",
        "]",
        "`",
        "begin ",
        "case ",
        "end ",
        "if x then ",
        "declare ",
        "/*!",
        "q'[",
        "create procedure p as ",
        "\ngo\n",
        "\n/\n",
        "set a\n",
        "<<a>> ",
        "- ",
        "\\",
        "é;",
        "select 1;",
        "select 1 ",
        "(select ",
        "x",
        ";",
        "delimiter a\n",
        "/*T![",
        "explain ",
        "f(",
        "a.",
        "with x as (",
    ];
    for (name, reader) in readers::all() {
        for unit in units {
            let script = unit.repeat(SIZE / unit.len());
            let started = Instant::now();
            let count = reader.segments(&script).count();
            let split = started.elapsed();
            reader.purity(&script);
            let all = started.elapsed();
            assert!(
                all.as_secs() < 5,
                "{name}: {unit:?} gives {count} segments in {split:?}, {all:?} with the rest"
            );
        }
    }
}
