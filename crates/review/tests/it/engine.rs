//! What the engine itself promises: syntax errors alone, caps, suppressions, facts of a live target.

use review::{Exception, Input, Live, Payload, RuleType, Status};

use crate::support::{Target, catalog, config, input, owned, run};

#[test]
fn a_syntax_error_is_all_there_is_to_say() {
    let rules = [config(RuleType::StatementDisallowTruncate, Payload::None)];
    let report = run("TRUNCATE a;\nSELCT 1;\nTRUNCATE b;", None, &rules, None);
    let [advice] = &report.advices[..] else { panic!("{report:#?}") };
    assert_eq!(
        (advice.code, advice.status, advice.title.as_str()),
        (201, Status::Error, "Syntax error")
    );
    assert_eq!(advice.start.map(|p| (p.line, p.column)), Some((2, 1)));
}

#[test]
fn too_many_findings_are_counted_not_shown() {
    let rules = [config(RuleType::StatementDisallowTruncate, Payload::None)];
    let report = run(&"TRUNCATE a;\n".repeat(70), None, &rules, None);
    assert_eq!(
        (report.advices.len(), report.warnings_left_out, report.errors_left_out),
        (50, 20, 0)
    );
    assert_eq!(report.advices[49].start.map(|p| p.line), Some(50));
    let rules = [
        config(RuleType::StatementDisallowTruncate, Payload::None),
        config(RuleType::StatementWhereRequireUpdateDelete, Payload::None),
    ];
    let script = "TRUNCATE a;\nDELETE FROM a;\n".repeat(70);
    let report = run(&script, None, &rules, None);
    assert_eq!((report.advices.len(), report.warnings_left_out), (50, 90));
    assert_eq!(report.advices[49].start.map(|p| p.line), Some(50));
    // A comment takes one away: the next moves up.
    let script = format!("-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE a queue\n{script}");
    let report = run(&script, None, &rules, None);
    assert_eq!((report.advices.len(), report.warnings_left_out), (50, 89));
    assert_eq!(report.advices[0].start.map(|p| p.line), Some(3));
    assert_eq!(report.advices[49].start.map(|p| p.line), Some(52));
}

#[test]
fn a_suppression_is_shown_with_its_reason() {
    let rules = [config(RuleType::StatementDisallowTruncate, Payload::None)];
    let script = "TRUNCATE a;\n-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE a queue, empty at night\nTRUNCATE b;\nTRUNCATE c;";
    let report = run(script, None, &rules, None);
    let lines: Vec<_> = report.advices.iter().filter_map(|a| a.start).map(|p| p.line).collect();
    assert_eq!(lines, [1, 4]);
    let [suppressed] = &report.suppressed[..] else { panic!("{report:#?}") };
    assert_eq!(suppressed.reason, "a queue, empty at night");
    assert_eq!(suppressed.advice.start.map(|p| p.line), Some(3));
}

#[test]
fn an_exception_takes_findings_away_and_says_why() {
    let mut rule = config(RuleType::StatementWhereRequireUpdateDelete, Payload::None);
    let excepting = |schema: &str, table: &str, label: &str| Exception {
        schema: schema.into(),
        table: table.into(),
        label: label.into(),
        reason: "a queue".into(),
    };
    let script = "DELETE FROM queue_1;\nDELETE FROM book;\nDELETE FROM tmp.book;\nUPDATE public.queue_2 SET a = 1;\nWITH x AS (DELETE FROM queue_3 RETURNING a) SELECT a FROM x;";
    let mut lines = |exception: Exception| {
        rule.exceptions = vec![exception];
        let report = run(script, None, std::slice::from_ref(&rule), None);
        assert!(report.suppressed.iter().all(|s| s.reason == "a queue"));
        assert_eq!(report.suppressed.len() + report.advices.len(), 5);
        report.advices.iter().filter_map(|a| a.start).map(|p| p.line).collect::<Vec<_>>()
    };
    assert_eq!(lines(excepting("", "queue_*", "")), [2, 3, 5]);
    assert_eq!(lines(excepting("tmp", "", "")), [1, 2, 4, 5]);
    assert_eq!(lines(excepting("public", "book", "")), [1, 3, 4, 5]);
    // The database has no such label.
    assert_eq!(lines(excepting("", "", "tier:cold")), [1, 2, 3, 4, 5]);
}

#[test]
fn a_script_that_is_too_large_is_not_even_parsed() {
    let rules = [config(RuleType::BuiltinStatementMaximumSqlSize, Payload::Number { number: 10 })];
    let report = run("SELCT 1 FROM nowhere", None, &rules, None);
    assert_eq!(report.advices.iter().map(|a| a.code).collect::<Vec<_>>(), [258]);
}

#[test]
fn a_live_target_tells_what_a_script_does_not() {
    let limit = Payload::Number { number: 100 };
    let rules = [
        config(RuleType::StatementAffectedRowLimit, limit.clone()),
        config(RuleType::StatementInsertRowLimit, limit),
        config(RuleType::StatementDmlDryRun, Payload::None),
    ];
    let script = "DELETE FROM huge;\nDELETE FROM small;\nINSERT INTO t SELECT * FROM huge;\nDELETE FROM missing;
CREATE TABLE fresh (missing int);\nINSERT INTO fresh (missing) VALUES (1);";
    let codes = |live: Option<&dyn Live>| {
        let report = run(script, None, &rules, live);
        report.advices.iter().map(|a| (a.code, a.start.map(|p| p.line))).collect::<Vec<_>>()
    };
    assert_eq!(codes(Some(&Target)), [(209, Some(1)), (1101, Some(3)), (208, Some(4))]);
    assert_eq!(codes(None), []);
    let report = run("DELETE FROM asleep", None, &rules[..1], Some(&Target));
    assert_eq!(report.advices[0].content, "Not evaluated: connection refused");
}

#[test]
fn what_the_database_does_not_say_stays_unknown() {
    let limit = Payload::Number { number: 100 };
    let rules = [config(RuleType::StatementAffectedRowLimit, limit)];
    let script = "SELECT 1;\nDELETE FROM vague WHERE id = 1;\nDELETE FROM huge;";
    let report = run(script, None, &rules, Some(&Target));
    let told: Vec<_> = report.advices.iter().map(|a| (a.code, a.content.as_str())).collect();
    let unknown =
        "Not evaluated: the database does not say how many rows the statement on line 2 is about";
    assert_eq!(told, [(1, unknown), (209, "About 1000000 rows would change, the limit is 100")]);
}

#[test]
fn a_configuration_may_refuse_suppressions() {
    let rules = [config(RuleType::StatementDisallowTruncate, Payload::None)];
    let script = "-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE a queue\nTRUNCATE a;";
    let report =
        review::review(&Input { refuse_suppression: true, ..input(script, None, &rules, None) });
    let [advice] = &report.advices[..] else { panic!("{report:#?}") };
    assert!(report.suppressed.is_empty() && advice.content.contains("asks to ignore it (a queue)"));
}

#[test]
fn who_owns_a_table_may_change_it() {
    let mut known = catalog("CREATE TABLE mine (id int); CREATE TABLE theirs (id int);");
    owned(&mut known);
    let rules = [config(RuleType::StatementObjectOwnerCheck, Payload::None)];
    let script = "ALTER TABLE mine ADD COLUMN a int;\nDROP TABLE theirs;\nCREATE TABLE new (id int);\nDROP TABLE new;";
    let report = run(script, Some(&known), &rules, Some(&Target));
    let lines: Vec<_> = report.advices.iter().map(|a| (a.code, a.start.map(|p| p.line))).collect();
    assert_eq!(lines, [(238, Some(2))]);
}

#[test]
fn the_walk_through_speaks_first_and_alone() {
    let known = catalog("CREATE TABLE book (id int);");
    let rules = [
        config(RuleType::StatementDisallowTruncate, Payload::None),
        config(RuleType::BuiltinWalkThroughCheck, Payload::None),
    ];
    let script = "TRUNCATE book;\nALTER TABLE book DROP COLUMN name;";
    let report = run(script, Some(&known), &rules, None);
    assert_eq!(
        report.advices.iter().map(|a| (a.code, a.start.map(|p| p.line))).collect::<Vec<_>>(),
        [(405, Some(2))]
    );
    // Without a catalog nobody knows what is there.
    let report = run(script, None, &rules, None);
    assert_eq!(report.advices.iter().map(|a| a.code).collect::<Vec<_>>(), [257]);
}

#[test]
fn a_report_says_for_what_others_wait() {
    let known = catalog("CREATE TABLE book (id int); CREATE TABLE author (id int PRIMARY KEY);");
    let script = "SELECT id FROM book;\nCREATE INDEX i ON book (id);\nCREATE TABLE fresh (id int);\nCREATE INDEX j ON fresh (id);
ALTER TABLE book ADD FOREIGN KEY (id) REFERENCES author (id);";
    let report = run(script, Some(&known), &[], None);
    let shown: Vec<_> = report
        .locks
        .iter()
        .flat_map(|s| {
            s.locks.iter().map(move |l| (s.line, l.relation.as_str(), l.mode, l.blocks_reads))
        })
        .collect();
    assert_eq!(
        shown,
        [
            (2, "book", "SHARE", false),
            (5, "book", "SHARE ROW EXCLUSIVE", false),
            (5, "author", "SHARE ROW EXCLUSIVE", false),
        ]
    );
    assert_eq!(report.locks[0].locks[0].safer, Some("CREATE INDEX CONCURRENTLY"));
}

#[test]
fn locks_of_very_many_statements_are_counted() {
    let known = catalog("CREATE TABLE book (id int);");
    let script: String =
        (0..1_200).map(|n| format!("ALTER TABLE book ADD COLUMN c{n} int;\n")).collect();
    let report = run(&script, Some(&known), &[], None);
    assert_eq!((report.locks.len(), report.locks_left_out), (1_000, 200));
    assert_eq!(report.locks[999].line, 1_000);
}

/// Work grows with the script, not with its square: 4,000 statements of rows, and many tables.
#[test]
fn long_scripts_are_no_harder() {
    // All but the one that says that they are long.
    let rules: Vec<_> = review::RULES
        .iter()
        .filter(|r| r.rule != RuleType::BuiltinStatementMaximumSqlSize)
        .map(|r| config(r.rule, crate::support::payload(r.rule)))
        .collect();
    let rows =
        "INSERT INTO book (id, name) VALUES (1, 'x');\nUPDATE book SET name = 'y' WHERE id = 2;\n"
            .repeat(2_000);
    let tables: String = (0..1_000)
        .map(|n| {
            format!("CREATE TABLE t{n} (id int, a text);\nALTER TABLE t{n} ADD COLUMN b int;\n")
        })
        .collect();
    for script in [rows, tables] {
        let started = std::time::Instant::now();
        let report = run(&script, None, &rules, None);
        assert!(!report.advices.is_empty() && report.advices.len() <= 2 * review::CAP);
        // Unoptimised, on a busy machine.
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
        println!("{} bytes in {:?}", script.len(), started.elapsed());
    }
}
