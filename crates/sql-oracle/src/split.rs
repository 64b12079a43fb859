//! Cuts a script into statements where Oracle's own client would.
//!
//! A semicolon ends a statement and is no part of it. A PL/SQL unit ends with the semicolon of its last END, which is part
//! of it ([`units`]). A slash alone on its line ends either. Line commands of the client (`SET`, `PROMPT`, `@file`) are
//! segments without a statement, their line break included; `EXEC` is one that has a statement. In the midst of a
//! statement such words are SQL.

mod client;
mod units;

use base::Span;
use sql::lex::{Lexer, Token, TokenKind};
use sql::segment::{self, Segment};

use crate::RULES;
use units::Unit;

pub(crate) fn segments(script: &str) -> impl Iterator<Item = Segment> {
    segment::stepping(script, RULES, |lexer, start| next(script, lexer, start))
}

fn next(script: &str, lexer: &mut Lexer<'_>, start: usize) -> Option<Segment> {
    let closed = |end, statement| Some(Segment { whole: Span::new(start, end), statement });
    let mut statement: Option<Span> = None;
    let mut unit = Unit::default();
    let mut only_blanks = true;
    loop {
        // A statement of SQL has begun: until its end only quotes, comments and slashes matter.
        if unit.is_plain()
            && let Some(begun) = &mut statement
            && let Some(passed) = lexer.skip_plain()
        {
            begun.end = passed;
        }
        let Some(token) = lexer.next() else { break };
        only_blanks &= token.kind == TokenKind::Blank;
        if token.is_trivia() {
            continue;
        }
        if statement.is_none()
            && let Some(end) = client::command(script, &token)
        {
            return closed(end, None);
        }
        if statement.is_none()
            && let Some((statement, end)) = client::execute(script, &token)
        {
            return closed(end, Some(statement));
        }
        if is_slash(script, &token) {
            return match statement {
                Some(before) => closed(before.end, statement),
                None => closed(token.span.end, None),
            };
        }
        if token.is(script, b';') && !unit.holds() {
            return closed(token.span.end, statement);
        }
        unit.see(script, &token);
        statement =
            Some(Span::new(statement.map_or(token.span.start, |s| s.start), token.span.end));
        if unit.is_done() {
            return closed(token.span.end, statement);
        }
    }
    (!only_blanks).then_some(Segment { whole: Span::new(start, script.len()), statement })
}

/// `/` alone on its line.
fn is_slash(script: &str, token: &Token) -> bool {
    let blank = [' ', '\t', '\r'];
    token.is(script, b'/') && {
        let before = script[..token.span.start].trim_end_matches(blank);
        let after = script[token.span.end..].trim_start_matches(blank);
        (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        segments(script).filter_map(|s| s.statement).map(|s| s.of(script)).collect()
    }

    #[test]
    fn units_end_with_their_last_end() {
        for unit in [
            "begin null; end;",
            "declare a int := case when 1 = 1 then 2 end; begin if a = 1 then null; end if; loop exit; end loop; end;",
            "<<l>> begin case a when 1 then null; else null; end case; end l;",
            "create or replace procedure p (a in int) is b int; procedure q; procedure q is begin null; end q; begin q; end p;",
            "create function f return int as begin return 1; exception when others then raise; end;",
            "create or replace editionable package p as type t is record (a int); cursor c is select 1 from dual; procedure q; function f return int; end p;",
            "create package body p is procedure q is begin null; end; function f return int is begin return 1; end f; begin null; end p;",
            "create or replace trigger t before insert on x for each row declare a int; begin null; end;",
            "create trigger t for insert on x compound trigger a int; before statement is begin null; end before statement; after each row is begin null; end after each row; end t;",
            "create type body t as member function f return int is begin return 1; end; end;",
            "create type t as object (a int, member function f return int);",
            "create function f (a int) return int as language java name 'x';",
            "create procedure p as external name \"x\" library l;",
            "create function f return int is begin for r in (select 1 from dual) loop return r.a; end loop; end;",
        ] {
            for script in
                [format!("{unit}\n/\nselect 9 from dual;"), format!("{unit}\nselect 9 from dual")]
            {
                let found = texts(&script);
                assert_eq!(found, [unit, "select 9 from dual"], "{found:#?}");
            }
        }
    }

    #[test]
    fn the_client_s_words_are_sql_in_a_statement() {
        let script = "SET ECHO OFF\nREM it's\nupdate t\nset a = 1\nwhere b = q'[;']';\nset role x;\n\
            exec p('a;b');\nexec_x;\nselect a\nfrom t\nstart with b = 1\n/\ncol a format -\n a9\nhost ls; rm\nselect 1/\n2 from dual;";
        assert_eq!(
            texts(script),
            [
                "update t\nset a = 1\nwhere b = q'[;']'",
                "set role x",
                "exec p('a;b')",
                "exec_x",
                "select a\nfrom t\nstart with b = 1",
                "select 1/\n2 from dual"
            ]
        );
    }

    #[test]
    fn segments_cover_the_script() {
        let script = "-- a\nselect 1 from dual ;\nset echo off\n/\nbegin null; end;\n/\n";
        let whole: String = segments(script).map(|s| s.whole.of(script)).collect();
        assert_eq!(whole, script.trim_end());
    }
}
