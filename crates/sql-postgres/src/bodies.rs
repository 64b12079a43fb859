//! The statements in the body of a function, a procedure or a DO block, with their places in the script.
//!
//! Each is cut out of the body and parsed alone. What PL/pgSQL adds to it (INTO, PERFORM, RETURN QUERY, the head of a loop)
//! is blanked out first, so that every byte keeps its place. What cannot be parsed is said to be not understood: our
//! cutting may be at fault, so it is no error of the script.

use std::borrow::Cow;
use std::sync::Arc;

use base::{LineIndex, Span};
use sql::Statement;
use sql::lex::{Lexer, Token, TokenKind};
use sql::tree::{Parsed, Routine, Unjudged, Why};

use crate::head::string_body;
use crate::parse;
use crate::plpgsql::{position, statements, text};
use crate::split::{RULES, segments};

/// Words with which an SQL statement begins that a body may hold as it is.
const PLAIN: &[&str] = &[
    "ALTER", "ANALYZE", "CALL", "CLUSTER", "COMMENT", "COPY", "CREATE", "DELETE", "DISCARD", "DO",
    "DROP", "GRANT", "IMPORT", "INSERT", "LOCK", "MERGE", "REASSIGN", "REFRESH", "REINDEX",
    "RESET", "REVOKE", "SECURITY", "SELECT", "SET", "TRUNCATE", "UPDATE", "VACUUM", "VALUES",
    "WITH",
];
/// Statements of PL/pgSQL that run no SQL of their own.
const SILENT: &[&str] = &[
    "CLOSE", "COMMIT", "CONTINUE", "END", "EXIT", "FETCH", "GET", "MOVE", "NULL", "RAISE",
    "ROLLBACK",
];
/// Whatever has one of these runs some of its statements only sometimes.
const BRANCHES: &[&str] = &[
    "CASE", "CONTINUE", "ELSIF", "ELSEIF", "EXIT", "FOR", "FOREACH", "IF", "RETURN", "WHEN",
    "WHILE",
];

/// The body of a CREATE FUNCTION, a CREATE PROCEDURE or a DO at `span` of the script; None when there is none to read.
pub fn read(script: &str, span: Span, lines: &LineIndex) -> Option<Routine> {
    let statement = span.of(script);
    let found = find(statement)?;
    let body = Span::new(span.start + found.span.start, span.start + found.span.end);
    let text = plain(found.span.of(statement), found.doubled);
    let mut reader = Reader {
        body: &text,
        base: body.start,
        script,
        lines,
        routine: Routine {
            span: body,
            verbatim: found.verbatim,
            straight: true,
            ..Routine::default()
        },
    };
    match found.language.as_str() {
        "plpgsql" => reader.plpgsql(),
        "sql" => reader.sql(found.is_value),
        // What is in C, or of the server itself, is a name and no text.
        "c" | "internal" | "" => return None,
        other => reader.unjudged(body, Why::Language(other.to_owned())),
    }
    Some(reader.routine)
}

/// Where the body of a statement is, and what it is.
struct Found {
    span: Span,
    language: String,
    verbatim: bool,
    /// Quotes in it are doubled.
    doubled: bool,
    /// RETURN: one expression.
    is_value: bool,
}

fn find(statement: &str) -> Option<Found> {
    let mut tokens = Lexer::new(statement, RULES).filter(|t| !t.is_trivia());
    let mut last = tokens.next()?;
    let is_do = last.is_word(statement, "do");
    let (mut language, mut body) = (None, None);
    let mut depth = 0_usize;
    for token in tokens {
        let follows = |word: &str| last.is_word(statement, word);
        if token.is(statement, b'(') {
            depth += 1;
        } else if token.is(statement, b')') {
            depth = depth.saturating_sub(1);
        } else if depth > 0 {
            continue;
        } else if follows("language") {
            language = Some(named(token.text(statement)));
        } else if token.kind == TokenKind::String && body.is_none() && (is_do || follows("as")) {
            body = Some(token);
        } else if !is_do && token.is_word(statement, "atomic") && follows("begin") {
            return Some(standard(Span::new(token.span.end, ending(statement)), false));
        } else if !is_do && body.is_none() && token.is_word(statement, "return") {
            return Some(standard(Span::new(token.span.end, statement.len()), true));
        }
        last = token;
    }
    let token = body?;
    let quoted = token.text(statement);
    let inside = string_body(quoted);
    let start = token.span.start + quote_len(quoted, inside);
    let verbatim = quoted.starts_with('$');
    if !verbatim && !quoted.starts_with('\'') {
        return None;
    }
    Some(Found {
        span: Span::new(start, start + inside.len()),
        language: language.unwrap_or_else(|| if is_do { "plpgsql" } else { "" }.to_owned()),
        verbatim,
        doubled: !verbatim,
        is_value: false,
    })
}

/// Bytes of the opening quote, which is as long as the closing one.
const fn quote_len(quoted: &str, inside: &str) -> usize {
    (quoted.len() - inside.len()) / 2
}

fn standard(span: Span, is_value: bool) -> Found {
    Found { span, language: "sql".to_owned(), verbatim: true, doubled: false, is_value }
}

/// The END of BEGIN ATOMIC, which is the last word.
fn ending(statement: &str) -> usize {
    let end = Lexer::new(statement, RULES).filter(|t| t.is_word(statement, "end")).last();
    end.map_or(statement.len(), |t| t.span.start)
}

fn named(language: &str) -> String {
    language.trim_matches(['\'', '"']).to_lowercase()
}

/// The same text, as long, without doubled quotes: of each pair the outer one becomes a blank.
fn plain(body: &str, doubled: bool) -> Cow<'_, str> {
    if !doubled || !body.contains("''") {
        return Cow::Borrowed(body);
    }
    let mut made = String::with_capacity(body.len());
    let (mut rest, mut opens) = (body, true);
    while let Some((before, after)) = rest.split_once("''") {
        made.push_str(before);
        made.push_str(if opens { " '" } else { "' " });
        (rest, opens) = (after, !opens);
    }
    made.push_str(rest);
    Cow::Owned(made)
}

struct Reader<'a> {
    body: &'a str,
    /// Where the body begins in the script.
    base: usize,
    script: &'a str,
    lines: &'a LineIndex,
    routine: Routine,
}

impl Reader<'_> {
    fn sql(&mut self, is_value: bool) {
        if is_value {
            self.value(Span::new(0, self.body.len()));
            return;
        }
        for span in segments(self.body).filter_map(|s| s.statement) {
            self.statement(span, span.of(self.body));
        }
    }

    fn plpgsql(&mut self) {
        for tokens in statements(self.body) {
            let Some(first) = tokens.first() else { continue };
            let is_word = first.kind == TokenKind::Word;
            let word =
                if is_word { first.text(self.body).to_ascii_uppercase() } else { String::new() };
            let ends_loop =
                word == "END" && tokens.get(1).is_some_and(|t| t.is_word(self.body, "loop"));
            if ends_loop || BRANCHES.contains(&word.as_str()) {
                self.routine.straight = false;
            }
            let is_assigned =
                tokens.get(1).is_some_and(|t| t.is(self.body, b':') || t.is(self.body, b'='));
            match word.as_str() {
                _ if is_assigned => self.expressions(&tokens),
                "EXECUTE" => self.dynamic(&tokens),
                "PERFORM" => self.blanked(&tokens, &[(0..1, "SELECT ")]),
                word if PLAIN.contains(&word) => self.blanked(&tokens, &into(self.body, &tokens)),
                word if SILENT.contains(&word) => {}
                _ => self.framed(&tokens),
            }
        }
    }

    /// What holds a query, or makes one, somewhere in it.
    fn framed(&mut self, tokens: &[Token]) {
        if position(self.body, tokens, &["EXECUTE"]).is_some() {
            let at = position(self.body, tokens, &["EXECUTE"]).unwrap_or_default();
            self.dynamic(&tokens[at..]);
            return;
        }
        let is = |n: usize, word: &str| tokens.get(n).is_some_and(|t| t.is_word(self.body, word));
        let query = match () {
            () if is(0, "return") && is(1, "query") => Some(2),
            () if is(0, "for") => position(self.body, tokens, &["IN"]).map(|n| n + 1),
            () if is(0, "open") => position(self.body, tokens, &["FOR"]).map(|n| n + 1),
            () => position(self.body, tokens, &["CURSOR"])
                .and_then(|n| Some(n + position(self.body, &tokens[n..], &["FOR", "IS"])? + 1)),
        };
        let begins = |t: &&[Token]| {
            t.first().is_some_and(|t| {
                ["select", "with", "values", "insert", "update", "delete", "merge"]
                    .iter()
                    .any(|w| t.is_word(self.body, w))
            })
        };
        match query.and_then(|n| tokens.get(n..)).filter(begins) {
            Some(query) => self.blanked(query, &[]),
            None => self.expressions(tokens),
        }
    }

    /// Each query in parentheses, as far as it stands in an expression.
    fn expressions(&mut self, tokens: &[Token]) {
        let mut at = 0;
        while at + 1 < tokens.len() {
            let opens = tokens[at].is(self.body, b'(');
            let selects = ["select", "with"].iter().any(|w| tokens[at + 1].is_word(self.body, w));
            if !(opens && selects) {
                at += 1;
                continue;
            }
            let mut depth = 0_usize;
            let close = tokens[at..].iter().position(|t| {
                if t.is(self.body, b'(') {
                    depth += 1;
                } else if t.is(self.body, b')') {
                    depth -= 1;
                }
                depth == 0
            });
            let Some(close) = close.map(|n| at + n).filter(|n| *n > at + 1) else { return };
            self.blanked(&tokens[at + 1..close], &[]);
            at = close + 1;
        }
    }

    /// RETURN of a standard body.
    fn value(&mut self, span: Span) {
        let body = self.body;
        let tokens: Vec<Token> =
            Lexer::new(span.of(body), RULES).filter(|t| !t.is_trivia()).collect();
        self.expressions(&tokens);
    }

    /// EXECUTE of a text that stands there is read; of any other nobody knows what it will be.
    fn dynamic(&mut self, tokens: &[Token]) {
        let constant = tokens.get(1).filter(|t| t.kind == TokenKind::String);
        let is_whole = tokens.get(2).is_none_or(|t| {
            ["using", "into"].iter().any(|w| t.is_word(self.body, w))
                || t.is_word(self.body, "loop")
        });
        let quoted = constant.filter(|_| is_whole).map(|t| (t, t.text(self.body)));
        if let Some((token, quoted)) = quoted.filter(|(_, q)| q.starts_with(['\'', '$'])) {
            let inside = string_body(quoted);
            let start = token.span.start + quote_len(quoted, inside);
            let made = plain(inside, quoted.starts_with('\'')).into_owned();
            let parts: Vec<Span> = segments(&made).filter_map(|s| s.statement).collect();
            for part in parts {
                let span = Span::new(start + part.start, start + part.end);
                self.statement(span, part.of(&made));
            }
            return;
        }
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        self.unjudged(self.place(Span::new(first.span.start, last.span.end)), Why::Dynamic);
    }

    /// A statement of the body with parts of it replaced by as many bytes.
    fn blanked(&mut self, tokens: &[Token], parts: &[(std::ops::Range<usize>, &str)]) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        let span = Span::new(first.span.start, last.span.end);
        let mut made = text(self.body, tokens).to_owned();
        for (range, with) in parts {
            let Some(part) = tokens.get(range.clone()) else { continue };
            let (Some(from), Some(to)) = (part.first(), part.last()) else { continue };
            let (from, to) = (from.span.start - span.start, to.span.end - span.start);
            made.replace_range(from..to, &format!("{with:0$}", to - from));
        }
        self.statement(span, &made);
    }

    /// `made` is as long as what stands at `span` of the body.
    fn statement(&mut self, span: Span, made: &str) {
        let span = self.place(span);
        let Some(body) = parse::fragment(made, span.start) else {
            self.unjudged(span, Why::NotUnderstood);
            return;
        };
        let at = |offset| self.lines.position(self.script, offset);
        let statement = Statement { span, start: at(span.start), end: at(span.end) };
        self.routine.statements.push(Arc::new(Parsed { statement, body, error: None }));
    }

    fn unjudged(&mut self, span: Span, why: Why) {
        self.routine.unjudged.push(Unjudged { span, why });
    }

    const fn place(&self, span: Span) -> Span {
        Span { start: self.base + span.start, end: self.base + span.end }
    }
}

/// INTO and its targets, which are variables: everywhere but behind INSERT and MERGE.
fn into(body: &str, tokens: &[Token]) -> Vec<(std::ops::Range<usize>, &'static str)> {
    let mut from = 0;
    while let Some(at) = position(body, &tokens[from..], &["INTO"]).map(|n| n + from) {
        let before = at.checked_sub(1).map(|n| &tokens[n]);
        if before.is_some_and(|t| t.is_word(body, "insert") || t.is_word(body, "merge")) {
            from = at + 1;
            continue;
        }
        let mut end = at + 1;
        if tokens.get(end).is_some_and(|t| t.is_word(body, "strict")) {
            end += 1;
        }
        loop {
            end += 1;
            while tokens.get(end).is_some_and(|t| t.is(body, b'.')) {
                end += 2;
            }
            if !tokens.get(end).is_some_and(|t| t.is(body, b',')) {
                break;
            }
            end += 1;
        }
        return vec![(at..end.min(tokens.len()), "")];
    }
    Vec::new()
}
