//! Spans: where results come from, in one line each: `column=sources`, a star behind what is plain, then what is read, what
//! conditions look at, and what could not be followed.

use schema::Catalog;
use sql::{Dialect as _, QuerySpan, Sources, SpanColumn};
use sql_postgres::DIALECT;

const SCHEMA: &str = "
    CREATE TABLE t (a int, b int, c text);
    CREATE TABLE u (a int, d int);
    CREATE SCHEMA s;
    CREATE TABLE s.x (k int, \"Odd\" int);
    CREATE VIEW v AS SELECT a AS va, b + 1 AS vb FROM t WHERE c = 'x';
    CREATE VIEW w AS SELECT va AS one FROM v;
    CREATE MATERIALIZED VIEW m AS SELECT * FROM u;
    CREATE VIEW named (x, \"Y\") AS SELECT a, b FROM t;
    CREATE MATERIALIZED VIEW kept (z) AS SELECT d FROM u;
    CREATE FUNCTION f(p int) RETURNS int LANGUAGE sql AS $$ SELECT d + p FROM u WHERE a = p $$;
    CREATE FUNCTION rows_of() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
    CREATE FUNCTION outs(IN p int, OUT x int, OUT y int) LANGUAGE plpgsql AS
        $$ BEGIN SELECT b, p INTO x, y FROM t WHERE c = 'y'; END $$;
    CREATE FUNCTION looped() RETURNS TABLE (n int, m int) LANGUAGE plpgsql AS
        $$ DECLARE r record; BEGIN FOR r IN SELECT a AS one, d AS two FROM u LOOP n := r.two; m := n; RETURN NEXT; END LOOP; END $$;
    CREATE FUNCTION made() RETURNS SETOF int LANGUAGE plpgsql AS
        $$ BEGIN RETURN QUERY EXECUTE 'SELECT a FROM t'; END $$;
    CREATE FUNCTION circle() RETURNS int LANGUAGE sql AS 'SELECT circle()';
";

fn catalog() -> Catalog {
    let mut catalog = Catalog { name: "db".into(), ..Catalog::default() };
    for statement in &DIALECT.parse(SCHEMA).statements {
        assert_eq!(statement.error, None);
        DIALECT.apply(&mut catalog, statement).expect("a right statement");
    }
    catalog
}

fn span(catalog: &Catalog, script: &str) -> QuerySpan {
    let parsed = DIALECT.parse(script);
    let statement = parsed.statements.first().expect("a statement");
    DIALECT.span(catalog, statement, statement.span().of(script)).expect("PostgreSQL has spans")
}

fn shown(span: &QuerySpan) -> String {
    let sources = |sources: &Sources| {
        let one = |s: &sql::SourceColumn| {
            let schema =
                if s.schema == "public" { String::new() } else { format!("{}.", s.schema) };
            let column = if s.column.is_empty() { String::new() } else { format!(".{}", s.column) };
            format!("{schema}{}{column}", s.table)
        };
        sources.iter().map(one).collect::<Vec<_>>().join("+")
    };
    let column = |c: &SpanColumn| {
        format!("{}={}{}", c.name, sources(&c.sources), if c.plain { "*" } else { "" })
    };
    let mut text = span.columns.iter().map(column).collect::<Vec<_>>().join(" ");
    if !span.returning.is_empty() {
        let returning: Vec<_> = span.returning.iter().map(column).collect();
        text.push_str(&format!(" returning {}", returning.join(" ")));
    }
    for (word, list) in [("from", &span.relations), ("where", &span.predicates)] {
        if !list.is_empty() {
            text.push_str(&format!(" {word} {}", sources(list)));
        }
    }
    if !span.unresolved.is_empty() {
        text.push_str(&format!(" ? {}", span.unresolved.join("; ")));
    }
    text.trim().to_owned()
}

#[test]
fn spans() {
    let catalog = catalog();
    let mut wrong = Vec::new();
    for (script, expect) in [
        // Names.
        (
            "select a, t.b as x, public.t.c, a::bigint, 1::int from t",
            "a=t.a x=t.b c=t.c a=t.a int4= from t",
        ),
        ("select \"Odd\", x.k from s.x", "Odd=s.x.Odd k=s.x.k from s.x"),
        (
            "select upper(c), a + b, case when a > 1 then b end, coalesce(a, b), array[a], (a, b) from t",
            "upper=t.c ?column?=t.a+t.b case=t.a+t.b coalesce=t.a+t.b array=t.a row=t.a+t.b from t",
        ),
        (
            "select count(*), count(distinct a), sum(a) filter (where b > 1) over (partition by c order by b) from t",
            "count= count=t.a sum=t.a+t.b+t.c from t",
        ),
        (
            "select exists (select 1 from u where d = 1), (select d from u limit 1), array(select a from u)",
            "exists= d=u.d array=u.a from u where u.d",
        ),
        (
            "select c -> 'x', c ->> 'y', c #>> '{a}', c[1], current_date, true, null from t",
            "?column?=t.c ?column?=t.c ?column?=t.c c=t.c current_date= bool= ?column?= from t",
        ),
        // Rows as values.
        ("select t from t", "t=t.a+t.b+t.c from t"),
        (
            "select row_to_json(q), (q).a, q.* from t q",
            "row_to_json=t.a+t.b+t.c a=t.a a=t.a* b=t.b* c=t.c* from t",
        ),
        // Joins.
        ("select * from t join u using (a)", "a=t.a+u.a* b=t.b* c=t.c* d=u.d* from t+u"),
        ("select * from t natural left join u", "a=t.a+u.a* b=t.b* c=t.c* d=u.d* from t+u"),
        (
            "select u.*, x.b from t x cross join u where x.c = u.d",
            "a=u.a* d=u.d* b=t.b from t+u where t.c+u.d",
        ),
        (
            "select * from t, lateral (select d + t.b as e from u where u.a = t.a) q",
            "a=t.a* b=t.b* c=t.c* e=t.b+u.d from t+u where t.a+u.a",
        ),
        ("select z from t as q (x, y, z)", "z=t.c from t"),
        // Names that a view gives.
        ("select x, \"Y\", z from named, kept", "x=t.a Y=t.b z=u.d from kept+named"),
        // Queries in queries.
        (
            "with x as (select a from t), y (n) as (select * from x) select n, x.a from y, x",
            "n=t.a a=t.a from t",
        ),
        ("with t as (select d as a from u) select * from t", "a=u.d from u"),
        ("select a from t union select d from u", "a=t.a+u.d from t+u"),
        ("select * from u union all select a, b from t", "a=t.a+u.a d=t.b+u.d from t+u"),
        (
            "with recursive r (x, y) as (select a, b from t union all select y, x from r) select x from r",
            "x=t.a+t.b from t",
        ),
        ("select * from (values (1, 'a'), (2, 'b')) as q (n, s)", "n= s= "),
        ("values (1, 2)", "column1= column2="),
        ("table u", "a=u.a* d=u.d* from u"),
        ("select b from t group by b having max(a) > 1 order by b", "b=t.b from t where t.a"),
        // Conditions.
        (
            "select 1 from t where a in (select d from u where u.a = 1) and b = 1",
            "?column?= from t+u where t.b+u.a",
        ),
        ("select a from t where b = (select max(d) from u)", "a=t.a from t+u where t.b"),
        (
            "select a from t where not exists (select 1 from u where u.a = t.b)",
            "a=t.a from t+u where t.b+u.a",
        ),
        // Views and functions.
        ("select * from v", "va=t.a vb=t.b from v"),
        ("select one from w where one > 1", "one=t.a from w where t.a"),
        ("select * from m", "a=u.a* d=u.d* from m"),
        ("select f(b) from t", "f=t.b+u.d from t+u"),
        ("select * from f(1)", "f=u.d from u"),
        ("select * from f(1) as g", "g=u.d from u"),
        ("select c from rows_of()", "c=t.c from t"),
        ("select x, y from u, outs(u.d)", "x=t.b y=u.d from t+u where t.c"),
        ("select * from looped()", "n=u.d m=u.d from u"),
        ("select * from generate_series(1, 3) g", "g="),
        ("select * from unnest(array[1]) with ordinality as q (v, n)", "v= n="),
        ("select * from t, jsonb_each(c) as e", "a=t.a* b=t.b* c=t.c* key=t.c value=t.c from t"),
        ("select p.* from t, jsonb_to_record(c) as p (x int, y text)", "x=t.c y=t.c from t"),
        // What changes rows.
        ("insert into t (a) select d from u returning a, b + 1", "returning a=t.a ?column?=t.b"),
        (
            "update t set a = d from u where t.b = u.a returning u.d, t.*",
            "returning d=u.d a=t.a* b=t.b* c=t.c*",
        ),
        ("delete from t where a = 1", ""),
        // What cannot be followed.
        ("select a, z from t", "a=t.a z= from t ? column \"z\" is in no relation of its FROM"),
        ("select a from t, nowhere", "from t ? relation \"nowhere\" is not in the catalog"),
        (
            "select * from made()",
            "made= ? function \"public.made\" runs a query that it makes up: EXECUTE",
        ),
        (
            "select circle()",
            "circle= ? function \"public.circle\" is defined by itself, or nested too deep",
        ),
        ("select t.a, relname from t, pg_class", "a=t.a relname= from t"),
    ] {
        let found = shown(&span(&catalog, script));
        if found != expect.trim() {
            wrong.push(format!("{script}\n  found  {found}\n  expect {expect}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn positions_are_those_of_the_script() {
    let script = "select 1;\n\n  -- é\n  select true, trim(leading from c), c[1] from t";
    let parsed = DIALECT.parse(script);
    let second = &parsed.statements[1];
    let span = DIALECT.span(&catalog(), second, second.span().of(script)).expect("a span");
    assert_eq!(shown(&span), "bool= ltrim=t.c c=t.c from t");
}

#[test]
fn size_harms_nobody() {
    let catalog = catalog();
    let nested = |n: usize| (0..n).fold("t".to_owned(), |q, _| format!("(select *, * from {q}) q"));
    let recursive = (0..6).fold("select a, b, c from t".to_owned(), |q, n| {
        format!("with recursive r{n} (a, b, c) as ({q} union select b, c, a from r{n}) select * from r{n}")
    });
    for script in [
        format!("select * from {}", nested(40)),
        format!("select {}1{}", "abs(".repeat(140), ")".repeat(140)),
        format!("select {}a{} from t", "f(".repeat(100), ")".repeat(100)),
        format!("select 1 from t where {}", vec!["a = 1"; 5_000].join(" or ")),
        recursive,
    ] {
        span(&catalog, &script);
    }
}
