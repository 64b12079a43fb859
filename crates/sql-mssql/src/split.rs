//! Cuts a script into statements, also where no semicolon stands between them.
//!
//! T-SQL's statements begin with reserved words, so one of those ends the statement before it unless that statement can
//! go on with it ([`state::State`]). A GO line ends everything and is a segment without a statement. Routines and
//! triggers reach to the end of their batch.

mod state;

use base::Span;
use sql::lex::{Lexer, TokenKind};
use sql::segment::{self, Segment};

use crate::RULES;
use crate::batch::go_at;
use state::{Next, State};

pub(crate) fn segments(script: &str) -> impl Iterator<Item = Segment> {
    segment::stepping(script, RULES, |lexer, start| next(script, lexer, start))
}

fn next(script: &str, lexer: &mut Lexer<'_>, start: usize) -> Option<Segment> {
    let mut statement: Option<Span> = None;
    let mut state = State::default();
    let mut only_blanks = true;
    let closed = |end, statement| Some(Segment { whole: Span::new(start, end), statement });
    loop {
        match &mut statement {
            // Within a statement most words are names, and decide nothing.
            Some(begun) => {
                if let Some(passed) = lexer.skip_words(state::matters) {
                    begun.end = passed;
                    state.pass();
                }
            }
            None => lexer.skip_blanks(),
        }
        let Some(token) = lexer.next() else { break };
        only_blanks &= token.kind == TokenKind::Blank;
        if token.is_trivia() {
            continue;
        }
        if let Some(go) = go_at(script, &token) {
            return match statement {
                Some(before) => closed(before.end, statement),
                None => closed(go.span.end, None),
            };
        }
        // The token after the one that was just read.
        let following = || lexer.clone().find(|t| !t.is_trivia());
        match state.see(script, &token, following) {
            Next::Ends => return closed(token.span.end, statement),
            Next::Begins => return closed(statement.map_or(start, |s| s.end), statement),
            Next::Goes => {
                let first = statement.map_or(token.span.start, |s| s.start);
                statement = Some(Span::new(first, token.span.end));
            }
        }
    }
    match statement {
        Some(statement) => closed(statement.end, Some(statement)),
        None if only_blanks => None,
        None => closed(script.len(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        segments(script).filter_map(|s| s.statement).map(|s| s.of(script)).collect()
    }

    #[test]
    fn each_of_these_is_one_statement() {
        for one in [
            "insert into t (a) select 1 union all select 2 except select 3",
            "insert t exec p @a = 1",
            "insert into t output inserted.id into @x values (1)",
            "with a as (select 1 b), c as (select 2) update a set b = 2",
            "create view v with schemabinding as with x as (select 1 a) select a from x with check option",
            "declare c cursor local for select a from t for update of a",
            "set @c = cursor for select 1",
            "merge t using u on t.a = u.a when matched then update set b = 1 when not matched then insert (a) values (1) when not matched by source then delete",
            "if exists (select 1) select 2 else if @a = 1 begin select 3; select 4 end else print 'x'",
            "if @a = 1 select 1; else select 2",
            "while @i < 3 begin set @i = @i + 1 if @i = 2 break end",
            "begin try select 1; select case when 1 = 1 then 2 end end try begin catch throw end catch",
            "begin select 1; begin tran; commit; select 2 end",
            "grant select, insert, update, delete, execute on t to u with grant option",
            "alter table t with check add constraint c foreign key (a) references u (a) on delete cascade on update set null",
            "alter table t drop column if exists a",
            "alter table t alter column a int not null",
            "alter database d set recovery simple",
            "select a from t order by a offset 1 rows fetch next 5 rows only",
            "create procedure p as set nocount on; select 1; update t set a = 1 select 2",
            "create or alter trigger tr on t after insert, update as if update(a) print 'x'",
            "create partition function f (int) as range left for values (1, 2)",
            "bulk insert t from 'x'",
            "drop table if exists t",
            "update t set a = case when b = 1 then 2 else 3 end from u where u.c = t.c",
            "select @insert, [select], t.[delete], #drop.a from #drop",
            "execute as user = 'x'",
            "create user u for login l",
            "update statistics t",
            "disable trigger a on b",
        ] {
            for script in [format!("{one}\nGO\nselect 9"), format!("{one}; \ngo\nselect 9")] {
                let found = texts(&script);
                let first = found.first().map(|f| f.trim_end_matches(';'));
                assert_eq!((found.len(), first), (2, Some(one)), "{found:#?}");
            }
        }
    }

    #[test]
    fn words_begin_statements() {
        let script = "use d declare @a int = 1 set @a = 2 select 1 update t set a = 1 set @a = 3
            insert t values (1) select 2 exec p if @a = 1 select 3 else select 4 print 'x'
            delete t where a = 1 drop table t begin tran select 5 commit
            disable trigger a on b grant select on t to u select 6
            alter table t add a int drop table u begin select 7 end select 8";
        let found = texts(script);
        let heads: Vec<_> = found.iter().map(|s| s.split(' ').next().unwrap_or("")).collect();
        assert_eq!(
            heads,
            [
                "use", "declare", "set", "select", "update", "set", "insert", "select", "exec",
                "if", "print", "delete", "drop", "begin", "select", "commit", "disable", "grant",
                "select", "alter", "drop", "begin", "select"
            ],
            "{found:#?}"
        );
    }

    #[test]
    fn segments_cover_the_script() {
        let script = "-- a\nselect 1 -- b\nselect 2;;\ngo 2\n/* c */\n";
        let whole: Vec<_> = segments(script).map(|s| s.whole.of(script)).collect();
        assert_eq!(whole, ["-- a\nselect 1", " -- b\nselect 2;", ";", "\ngo 2", "\n/* c */\n"]);
    }
}
