//! Where MySQL and MariaDB have blocks: in routines, triggers, events, and in `BEGIN NOT ATOMIC`.

use sql::blocks::BlockRules;

pub(super) static BLOCKS: BlockRules = BlockRules {
    with_body: &["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"],
    without_body: &[
        "TABLE",
        "VIEW",
        "INDEX",
        "DATABASE",
        "SCHEMA",
        "USER",
        "ROLE",
        "UNIQUE",
        "FULLTEXT",
        "SPATIAL",
        "TEMPORARY",
        "SEQUENCE",
        "SERVER",
        "LOGFILE",
        "TABLESPACE",
        "UNDO",
        "RESOURCE",
    ],
    scripting: &[],
    declare: false,
    after_begin: &["NOT"],
};

#[cfg(test)]
mod tests {
    use sql::{Dialect as _, Statement};

    fn split(script: &str) -> Vec<Statement> {
        crate::DIALECT.split(script)
    }

    fn count(script: &str) -> usize {
        split(script).len()
    }

    #[test]
    fn bodies_hold_their_semicolons() {
        for body in [
            "create procedure p() begin if a then select if(1, 2, 3); end if; select 1; end",
            "create procedure if not exists p() begin select 1; end",
            "create definer=`a`@`b` procedure p(a int) begin declare exit handler for not found begin end; \
             case a when 1 then select 1; else begin end; end case; end",
            "create function f() returns int deterministic begin \
             return case when 1 then if(1, 2, 3) else repeat('a', 2) end; end",
            "create trigger t before insert on x for each row if new.a is null then set new.a = 1; end if",
            "create trigger t before insert on x for each row begin set new.a = if(new.b, 1, 2); end",
            "create procedure p() begin l1: while a do set a = 1; end while l1; repeat set b = 2; until b end repeat; \
             l2: loop leave l2; end loop; if a then drop table if exists t; elseif b then select 1; else select 2; end if; end",
            "create event e on schedule every 1 day do begin select 1; end",
            "alter event e do begin select 1; select 2; end",
            "begin not atomic select 1; select 2; end",
            "create procedure p() begin for i in 1..3 do select i; end for; end",
            "create procedure p() begin declare c cursor for select case a when 1 then 2 end from t; open c; end",
        ] {
            let script = format!("{body} ; select 9;");
            let found = split(&script);
            assert_eq!(
                found.len(),
                2,
                "{:#?}",
                found.iter().map(|s| s.text(&script)).collect::<Vec<_>>()
            );
            assert_eq!(found[0].text(&script), body);
        }
    }

    #[test]
    fn other_statements_do_not() {
        assert_eq!(count("begin; select 1; end; commit"), 4);
        assert_eq!(count("create table event (begin int, `if` int); select 1"), 2);
        assert_eq!(count("create function f() returns int return if(1, 2, 3); select 1"), 2);
        assert_eq!(
            count("create function f() returns int return case 1 when 1 then 2 end; select 1"),
            2
        );
        assert_eq!(count("create function f returns string soname 'x.so'; select 1"), 2);
        assert_eq!(
            count(
                "create event e on schedule every if(1, 2, 3) day do select repeat('a', 2); select 1"
            ),
            2
        );
        assert_eq!(count("drop procedure if exists p; drop trigger t; select 1"), 3);
        assert_eq!(
            count("create trigger t before insert on x for each row set new.a = 1; select 1"),
            2
        );
    }
}
