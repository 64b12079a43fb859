//! Trees, and syntax errors that can be told without a server, by squawk's grammar of PostgreSQL.
//!
//! Statement by statement, so that memory follows the largest statement, not the script. The parser and its tree recurse:
//! a statement that could go deep is parsed on a stack made for it, and one that is deeper or larger than the
//! limits below is left to the server, which has limits of its own.

use std::sync::Arc;

use base::{LineIndex, Span};
use sql::lex::{Lexer, TokenKind};
use sql::tree::{Body, Parsed, Script};
use sql::{PositionWalk, SyntaxError, share};
use squawk_syntax::SourceFile;

use crate::bodies;
use crate::head::string_body;
use crate::lower;
use crate::plain;
use crate::split::{RULES, segments};
use crate::words::sentence;

/// Statements above this are left to the server: a tree is about thirty times the text.
const MAX_BYTES: usize = 4 << 20;
/// Deepest tree that is tried. PostgreSQL itself gives up earlier, with its default `max_stack_depth`.
const MAX_DEPTH: usize = 20_000;
/// Up to this depth the caller's stack will do (a thread of the runtime has 2 MiB).
const SHALLOW: usize = 60;
/// Statements that a thread takes at a time.
const SHARE: usize = 512;
/// Stack for one level, in an unoptimised build, with room to spare.
const LEVEL_BYTES: usize = 16 << 10;

pub fn syntax_errors(script: &str) -> Vec<SyntaxError> {
    let lines = LineIndex::new(script);
    let mut errors = Vec::new();
    for segment in segments(script) {
        let Some(span) = segment.statement else { continue };
        if plain::read(span.of(script), span.start).is_some() {
            continue;
        }
        let found =
            within_limits(span.of(script), |text| first_error(&SourceFile::parse(text), text));
        errors.extend(found.flatten().map(|e| placed(e, span, script, &lines)));
    }
    errors
}

/// Every statement as a tree; one that cannot be parsed within the limits is unparsed, without an error.
pub fn parse(script: &str) -> Script {
    let lines = LineIndex::new(script);
    let spans: Vec<Span> = segments(script).filter_map(|s| s.statement).collect();
    Script { statements: trees(script, &spans, &lines) }
}

/// The trees in order. Long scripts are shared among threads: nearly all the time of a review goes into this.
fn trees(script: &str, spans: &[Span], lines: &LineIndex) -> Vec<Arc<Parsed>> {
    let of = |part: &&[Span]| -> Vec<Arc<Parsed>> {
        let start = part.first().map_or(0, |s| s.start);
        let mut walk = PositionWalk::starting(script, lines, start);
        let parsed = |span: &Span| {
            let (body, error) = tree(script, *span, lines);
            Arc::new(Parsed { statement: walk.statement(*span), body, error: error.map(Box::new) })
        };
        part.iter().map(parsed).collect()
    };
    if script.len() < share::LONG {
        return of(&spans);
    }
    let parts: Vec<&[Span]> = spans.chunks(SHARE).collect();
    share::share(&parts, of).into_iter().flatten().collect()
}

fn tree(script: &str, span: Span, lines: &LineIndex) -> (Body, Option<SyntaxError>) {
    if let Some(body) = plain::read(span.of(script), span.start) {
        return (body, None);
    }
    let (mut body, error) = by_grammar(span.of(script), span.start);
    let error = error.map(|e| placed(e, span, script, lines));
    match &mut body {
        Body::CreateFunction(made) => made.body = bodies::read(script, span, lines),
        Body::Other if begins_with_do(span.of(script)) => {
            let block = bodies::read(script, span, lines);
            body = block.map_or(Body::Other, |b| Body::Do(Box::new(b)));
        }
        _ => {}
    }
    (body, error)
}

/// The tree of a statement at byte `base` of the script, and its first error, as squawk reads it.
pub fn by_grammar(statement: &str, base: usize) -> (Body, Option<Found>) {
    let parsed = within_limits(statement, |text| {
        let parse = SourceFile::parse(text);
        (lower::lower(&parse.tree(), base), first_error(&parse, text))
    });
    parsed.unwrap_or((Body::Unparsed, None))
}

fn begins_with_do(statement: &str) -> bool {
    let mut bytes = statement.bytes();
    let word = [bytes.next(), bytes.next()].map(|b| b.map(|b| b.to_ascii_lowercase()));
    word == [Some(b'd'), Some(b'o')]
        && !bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The tree of a statement that stands inside another, at byte `base` of the script; None when it is not the language.
pub fn fragment(text: &str, base: usize) -> Option<Body> {
    if let Some(body) = plain::read(text, base) {
        return Some(body);
    }
    let parsed = within_limits(text, |text| {
        let parse = SourceFile::parse(text);
        first_error(&parse, text).is_none().then(|| lower::lower(&parse.tree(), base))
    });
    parsed.flatten().filter(|body| !matches!(body, Body::Unparsed))
}

/// The text that the tree of one statement holds: all of it, whatever is wrong with it. None beyond the limits.
pub fn tree_text(statement: &str) -> Option<String> {
    within_limits(statement, |text| SourceFile::parse(text).syntax_node().text().to_string())
}

/// The tree of one statement as the grammar names it, with bytes of the statement.
pub fn outline(statement: &str) -> Option<String> {
    within_limits(statement, |text| format!("{:#?}", SourceFile::parse(text).syntax_node()))
}

pub type Found = (Span, String);

fn placed(
    (inside, message): Found,
    statement: Span,
    script: &str,
    lines: &LineIndex,
) -> SyntaxError {
    let span = Span::new(statement.start + inside.start, statement.start + inside.end);
    SyntaxError { span, position: lines.position(script, span.start), message }
}

/// Runs `f` where the stack is deep enough for the statement. None when it is too large or too deep, and when the
/// parser, which is not ours, trips over it: the server will judge.
pub fn within_limits<T: Send>(statement: &str, f: impl Fn(&str) -> T + Sync) -> Option<T> {
    if statement.len() > MAX_BYTES {
        return None;
    }
    let guarded = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(statement))).ok();
    match depth_bound(statement, true) {
        depth if depth <= SHALLOW => guarded(),
        depth if depth <= MAX_DEPTH => std::thread::scope(|scope| {
            let stack = (depth * LEVEL_BYTES).max(2 << 20);
            let thread = std::thread::Builder::new().stack_size(stack);
            // Without a thread nobody can tell.
            let running = thread.spawn_scoped(scope, guarded).ok()?;
            running.join().unwrap_or_default()
        }),
        _ => None,
    }
}

/// The first error of a statement: later ones are most often its echo.
fn first_error(parsed: &squawk_syntax::Parse<SourceFile>, statement: &str) -> Option<Found> {
    let first = parsed.errors().into_iter().next()?;
    let span = Span::new(first.range().start().into(), first.range().end().into());
    Some((span, sentence(first.message(), statement, span.start)))
}

/// No tree of the statement is deeper: for each open parenthesis, the tokens since its last comma (whatever chains
/// without a comma may nest: operators, CASE, NOT) and its set operations (which chain across commas). With `bodies`,
/// strings count as what they hold: the parser looks into the bodies of routines.
fn depth_bound(statement: &str, bodies: bool) -> usize {
    struct Level {
        since_comma: usize,
        set_operations: usize,
    }
    let mut levels = vec![Level { since_comma: 0, set_operations: 0 }];
    let (mut below, mut deepest) = (0, 0);
    for token in Lexer::new(statement, RULES).filter(|t| !t.is_trivia()) {
        let Some(level) = levels.last_mut() else { break };
        level.since_comma += 1;
        if token.is(statement, b',') {
            level.since_comma = 0;
        } else if ["union", "intersect", "except"].iter().any(|w| token.is_word(statement, w)) {
            level.set_operations += 1;
        }
        let body = if bodies && token.kind == TokenKind::String {
            depth_bound(string_body(token.text(statement)), false)
        } else {
            0
        };
        deepest = deepest.max(below + level.since_comma + level.set_operations + body);
        if token.is(statement, b'(') || token.is(statement, b'[') {
            below += level.since_comma + level.set_operations;
            levels.push(Level { since_comma: 0, set_operations: 0 });
        } else if (token.is(statement, b')') || token.is(statement, b']')) && levels.len() > 1 {
            levels.pop();
            if let Some(outer) = levels.last() {
                below = below.saturating_sub(outer.since_comma + outer.set_operations);
            }
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_place_in_the_script() {
        let script = "select 1;\n-- é\nselct 2;\nselect 'é', from t;";
        let errors = syntax_errors(script);
        assert_eq!(errors.len(), 2, "{errors:#?}");
        assert_eq!((errors[0].position.line, errors[0].position.column), (3, 1));
        assert_eq!(errors[1].position.line, 4);
        assert!(script.is_char_boundary(errors[1].span.start));
    }

    #[test]
    fn a_script_is_the_same_when_it_is_shared() {
        let part = "create table t (id int);\nselct 1;\ndo $$ begin drop table t; end $$;\n";
        let one = parse(part);
        let many = part.repeat(share::LONG / part.len() + 2);
        let shared = parse(&many);
        assert_eq!(shared.statements.len(), 3 * (share::LONG / part.len() + 2));
        for (n, statement) in shared.statements.iter().enumerate() {
            let same = &one.statements[n % 3];
            let lines = u32::try_from(3 * (n / 3)).expect("a line");
            assert_eq!(statement.start().line, same.start().line + lines);
            assert_eq!(statement.error.is_some(), same.error.is_some());
            let kind = |b: &Body| std::mem::discriminant(b);
            assert_eq!(kind(&statement.body), kind(&same.body));
        }
    }

    #[test]
    fn depth_harms_nobody() {
        let nested = |n| format!("select {}1{}", "(".repeat(n), ")".repeat(n));
        for sql in [
            nested(50),
            nested(1_500),
            nested(1_000_000),
            format!("select {}1", "- ".repeat(5_000)),
            format!("select 1{}", " + 1".repeat(9_000)),
            format!("select 1{}", " + 1".repeat(100_000)),
            format!("select 1{}", " union select 1, 2".repeat(3_000)),
            format!("select {}1{}", "case when ".repeat(1_000), " then 1 end".repeat(1_000)),
            format!("select {}", "a[".repeat(2_000)),
            format!("create function f() returns int language sql as $$ {} $$", nested(1_500)),
        ] {
            syntax_errors(&sql);
        }
        assert_eq!(syntax_errors(&nested(1_500)), []);
    }

    #[test]
    fn wide_is_not_deep() {
        let rows = vec!["(1, 'a', null)"; 10_000].join(", ");
        let sql = format!("insert into t (a, b, c) values {rows}");
        assert!(depth_bound(&sql, true) < SHALLOW, "{}", depth_bound(&sql, true));
        assert_eq!(syntax_errors(&sql), []);
    }
}
