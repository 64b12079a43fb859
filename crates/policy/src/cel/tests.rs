//! What conditions mean, how mistakes are told, and that no text does harm.

use std::time::{Duration, Instant};

use super::*;

fn good(text: &str) -> Program {
    compile(text, &CHANGE_DATABASE).unwrap_or_else(|e| panic!("{}", e.shown(text)))
}

fn bad(text: &str) -> String {
    let error = compile(text, &CHANGE_DATABASE).expect_err(text);
    error.shown(text)
}

fn vars() -> Vars {
    Vars::from([
        ("resource.environment_id", "prod".into()),
        ("resource.database_name", "shop_eu".into()),
        ("resource.db_engine", "POSTGRES".into()),
        ("statement.affected_rows", 120.into()),
        ("statement.text", "ALTER TABLE t ADD c int".into()),
        ("issue.labels", vec!["hotfix".to_owned(), "eu".to_owned()].into()),
    ])
}

#[test]
fn conditions_hold_or_not() {
    for (text, holds) in [
        ("true", true),
        ("resource.environment_id == \"prod\"", true),
        ("resource.environment_id != 'prod'", false),
        ("resource.environment_id in [\"test\", \"prod\"]", true),
        ("!(resource.environment_id in ['test'])", true),
        ("statement.affected_rows > 100 && statement.affected_rows <= 120", true),
        ("statement.affected_rows * 2 == 240 && -statement.affected_rows < 0", true),
        (
            "resource.database_name.startsWith('shop_') && resource.database_name.endsWith('_eu')",
            true,
        ),
        ("resource.database_name.matches('^shop_[a-z]{2}$')", true),
        ("resource.database_name.split('_')[1].upperAscii() == 'EU'", true),
        ("statement.text.lowerAscii().contains('alter table')", true),
        ("'hotfix' in issue.labels", true),
        ("issue.labels.exists(l, l.startsWith('e'))", true),
        ("issue.labels.all(l, size(l) > 2)", false),
        ("issue.labels.exists_one(l, l == 'eu')", true),
        ("issue.labels.filter(l, l != 'eu').size() == 1", true),
        ("issue.labels.map(l, l + '!').join(',') == 'hotfix!,eu!'", true),
        ("issue.labels.map(l, l == 'eu', l + '!') == ['eu!']", true),
        ("statement.affected_rows > 1000 ? false : true", true),
        ("{'a': 1}['a'] == 1 && has({'a': 1}.a)", true),
        (
            "timestamp('2026-01-01T00:00:00Z') + duration('24h') > timestamp('2026-01-01T12:00:00Z')",
            true,
        ),
        ("'%s-%d'.format(['a', 1]) == 'a-1'", true),
        ("resource.database_name.replace('_', '-').substring(0, 4) == 'shop'", true),
    ] {
        assert_eq!(good(text).eval(&vars()), Ok(holds), "{text}");
    }
}

#[test]
fn what_is_not_set_is_no_match_and_says_so() {
    let ask = |text: &str| good(text).eval(&vars());
    let miss = ask("resource.table_name == 'a' && resource.schema_name == 'b'").unwrap_err();
    assert_eq!(miss.to_string(), "resource.schema_name, resource.table_name are not set");
    assert_eq!(
        ask("resource.table_name == 'a'").unwrap_err().to_string(),
        "resource.table_name is not set"
    );
    // What is decided without it is decided.
    assert_eq!(ask("resource.table_name == 'a' || resource.environment_id == 'prod'"), Ok(true));
    assert_eq!(ask("resource.table_name == 'a' && resource.environment_id == 'test'"), Ok(false));
    assert_eq!(
        ask("issue.labels[7] == 'a'").unwrap_err(),
        Miss::Failed("a list has no such place".into())
    );
}

#[test]
fn what_may_hold_is_asked_with_part_of_the_values() {
    let rule = good(
        "resource.environment_id in ['staging', 'prod'] && statement.sql_type == 'DROP_TABLE'",
    );
    let environments = ["test", "staging", "prod"];
    assert_eq!(
        rule.may_hold_for("resource.environment_id", &environments, &Vars::new()),
        ["staging", "prod"]
    );
    assert_eq!(rule.variables(), ["resource.environment_id", "statement.sql_type"]);
    assert!(!good("false").may_hold(&Vars::new()));
}

#[test]
fn mistakes_name_their_place() {
    let all = [
        "resource.enviroment_id == \"prod\"",
        "environment_id == 'prod'",
        "nothing.like == 1",
        "resource.environment_id == 5",
        "resource.environment_id == 'é' || resource.environment_id == 5",
        "statement.affected_rows > \"100\"",
        "resource.environment_id",
        "statement.affected_rows + 'x' == 2",
        "resource.environment_id && true",
        "true && statement.affected_rows",
        "resource.environment_id in 'prod'",
        "resource.environment_id in [1, 2]",
        "resource.database_name.startWith('x')",
        "resource.database_name.startsWith(1)",
        "resource.database_name.startsWith('a', 'b')",
        "statement.affected_rows.startsWith('x')",
        "startsWith(resource.database_name, 'x')",
        "frobnicate(1)",
        "resource.database_name.matches('(')",
        "resource.database_name.matches(resource.table_name)",
        "issue.labels.exists(l, l)",
        "resource.database_name.exists(l, true)",
        "issue.labels.exists(l, x == l)",
        "timestamp('soon') < timestamp('2026-01-01T00:00:00Z')",
        "has(resource.environment_id)",
        "resource.environment_id == 'prod",
        "resource.environment_id ==",
        "resource.environment_id = 'prod'",
        "a b",
        "(true",
        "true)",
        "true &&\n  resource.environment_id == 5",
        "resource.environment_id == #",
        "optional.of(1) == 1",
        "Foo{a: 1}",
        "",
        "x.y.z(1)",
        "'a' ? true : false",
        "true ? 1 : 'a'",
        "-'a' == 'a'",
        "issue.labels.all(1, true)",
    ];
    let said = all.map(|text| format!("{}\n", bad(text))).join("\n");
    insta::assert_snapshot!(said);
}

#[test]
fn no_text_overflows_the_stack_or_the_clock() {
    let n = 100_000;
    let hostile = [
        "(".repeat(n),
        ")".repeat(n),
        format!("{}true{}", "(".repeat(n), ")".repeat(n)),
        format!("a{}", ".b".repeat(n)),
        format!("{}true", "!".repeat(n)),
        format!("{}1", "-".repeat(n)),
        format!("{}1", "[".repeat(n)),
        format!("1{} == 1", " + 1".repeat(n)),
        format!("true{}", " ? true : true".repeat(n)),
        format!("true{}", " && true ? true : true".repeat(n)),
        "a(".repeat(n),
        "a[".repeat(n),
        "{1:".repeat(n),
        format!("1{}", " in [1]".repeat(n)),
        "'".repeat(n),
        "\"\"\"".repeat(n),
        "x".repeat(10 << 20),
        "\\".repeat(n),
    ];
    let began = Instant::now();
    for text in &hostile {
        for cut in [text.len(), 60_000, 2_000, 300] {
            let cut = cut.min(text.len());
            let _ = compile(&text[..cut], &CHANGE_DATABASE);
        }
    }
    // What passes is asked on a small part of the 2 MiB that a thread of the server has.
    let asked = std::thread::Builder::new().stack_size(1 << 20).spawn(ask_all_depths);
    let passed = asked.unwrap().join().unwrap();
    assert!(passed > 50, "{passed}");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

fn ask_all_depths() -> usize {
    let mut passed = 0;
    for depth in 1..200 {
        for text in [
            format!("{}true{}", "(".repeat(depth), ")".repeat(depth)),
            format!("{}true", "!".repeat(depth)),
            format!("{}1{} == 1", "[".repeat(depth), "]".repeat(depth)),
            format!("1{} == 1", " + 1".repeat(depth)),
            format!("true{}", " ? true : true".repeat(depth)),
            format!("resource.database_name{} == ''", ".trim()".repeat(depth)),
            format!("resource{} == ''", ".a".repeat(depth)),
            format!("issue.labels{}", "[0]".repeat(depth)),
            format!(
                "{}issue.labels{} == issue.labels",
                "(".repeat(depth),
                ".filter(x, true))".repeat(depth)
            ),
            format!("{}true{}", "issue.labels.all(x, ".repeat(depth), ")".repeat(depth)),
        ] {
            if let Ok(program) = compile(&text, &CHANGE_DATABASE) {
                passed += 1;
                let _ = program.eval(&vars());
                let _ = write(program.tree());
            }
        }
    }
    passed
}

#[test]
fn what_could_grow_without_bound_is_refused() {
    for text in [
        format!("'aaaaaaaaaa'{} == ''", ".replace('a', 'aaaaaaaaaa')".repeat(9)),
        format!("['a']{}.size() == 1", ".map(x, x + x)".repeat(30)),
        "issue.labels.all(a, issue.labels.all(b, issue.labels.all(c, issue.labels.all(d, a == d))))".to_owned(),
        "statement.text.replace('a', statement.text) == ''".to_owned(),
        "statement.text.indexOf(statement.text + 'a') == 1".to_owned(),
        "resource.table_name.matches('(a{1000}){1000}')".to_owned(),
    ] {
        let error = compile(&text, &CHANGE_DATABASE).expect_err(&text);
        assert!(error.message.contains("too "), "{text}: {error}");
    }
}

#[test]
fn an_end_is_found_where_it_binds() {
    let end = |text: &str| compile(text, &IAM_BINDING).unwrap().end().map(|t| t.to_string());
    let t = "request.time < timestamp(\"2026-12-31T00:00:00Z\")";
    let at = Some("2026-12-31T00:00:00Z".to_owned());
    assert_eq!(end(t), at);
    assert_eq!(end(&format!("resource.environment_id == 'prod' && {t}")), at);
    assert_eq!(end(&format!("resource.environment_id == 'prod' || {t}")), None);
    assert_eq!(end("timestamp('2026-12-31T00:00:00Z') >= request.time"), at);
    assert_eq!(end(&format!("!({t})")), None);
    assert_eq!(end("request.time > timestamp('2026-12-31T00:00:00Z')"), None);
}

#[test]
fn trees_become_the_text_they_were() {
    for text in [
        "a.b == \"x\" && (c || d) && !e",
        "a in [1, 2u, 3.0, -4, null, b\"\\xff\"]",
        "(a + b) * c - (d - e) - f",
        "-(-1) == 1",
        "(a ? b : c) ? d : e ? f : g",
        "a.b(c, \"\\\"\\\\\\n\").d[0] == {\"k\": [1]}.k",
        "a.exists(x, x > 1) || b.all(y, y) || c.filter(z, z).map(w, w + 1) == d.map(v, v, v + 1)",
        "a.exists_one(x, x)",
        "has(a.b) && (-1).c == (a - b).c",
        "a == b == c",
    ] {
        let tree = read(text).unwrap();
        let written = write(&tree);
        assert_eq!(written, text);
    }
}
