//! Fixes: what a machine makes of a script that a rule complains about, and that the rule is content afterwards.

use review::{Fix, Payload, Report, RuleType, Safety, fix};
use schema::Catalog;

use crate::support::{catalog, config, payload, run};

const CATALOG: &str = "
    CREATE TABLE book (id int PRIMARY KEY, name text, author_id int, \"Order\" int);
    CREATE TABLE author (id int PRIMARY KEY);
    CREATE INDEX book_name ON book (name);
";

/// Rule, script, what comes of it, and whether a person has to look.
const FIXED: &[(RuleType, &str, &str, Safety)] = &[
    (
        RuleType::IndexCreateConcurrently,
        "CREATE INDEX i ON book (name);",
        "CREATE INDEX CONCURRENTLY i ON book (name);",
        Safety::Safe,
    ),
    (
        RuleType::IndexCreateConcurrently,
        "DROP INDEX book_name;\nUPDATE book SET name = 'x';",
        "DROP INDEX CONCURRENTLY book_name;\nUPDATE book SET name = 'x';",
        Safety::Look,
    ),
    (
        RuleType::StatementAddCheckNotValid,
        "ALTER TABLE book ADD CONSTRAINT c CHECK (id > 0);",
        "-- txn-mode = off\nALTER TABLE book ADD CONSTRAINT c CHECK (id > 0) NOT VALID;\nALTER TABLE book VALIDATE CONSTRAINT c;",
        Safety::Safe,
    ),
    (
        RuleType::StatementAddForeignKeyNotValid,
        "ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author (id);",
        "-- txn-mode = off\nALTER TABLE book ADD CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES author (id) NOT VALID;\nALTER TABLE book VALIDATE CONSTRAINT book_author_id_fkey;",
        Safety::Safe,
    ),
    (
        RuleType::StatementInsertMustSpecifyColumn,
        "INSERT INTO book AS b VALUES (1, 'x'), (2, 'y');\nINSERT INTO book SELECT 1, 'x', 3, 4;",
        "INSERT INTO book AS b (id, name) VALUES (1, 'x'), (2, 'y');\nINSERT INTO book (id, name, author_id, \"Order\") SELECT 1, 'x', 3, 4;",
        Safety::Safe,
    ),
    (
        RuleType::StatementSelectNoSelectAll,
        "CREATE VIEW v AS SELECT * FROM book WHERE id IN (SELECT * FROM author);",
        "CREATE VIEW v AS SELECT id, name, author_id, \"Order\" FROM book WHERE id IN (SELECT id FROM author);",
        Safety::Look,
    ),
    (
        RuleType::StatementCreateSpecifySchema,
        "CREATE TABLE \"New\" (id int);",
        "CREATE TABLE public.\"New\" (id int);",
        Safety::Safe,
    ),
    (
        RuleType::NamingFullyQualified,
        "DROP TABLE book, author;\nDELETE FROM book;",
        "DROP TABLE public.book, public.author;\nDELETE FROM public.book;",
        Safety::Safe,
    ),
    (
        RuleType::StatementDisallowRmTblCascade,
        "DROP TABLE book CASCADE;\nTRUNCATE book\n  cascade;",
        "DROP TABLE book;\nTRUNCATE book;",
        Safety::Look,
    ),
    (
        RuleType::SecurityDefinerSearchPath,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$ SET search_path = pg_catalog, pg_temp;",
        Safety::Look,
    ),
    (
        RuleType::IndexNoDuplicateColumn,
        "CREATE INDEX i ON book (id, name, id DESC);",
        "CREATE INDEX i ON book (id, name);",
        Safety::Look,
    ),
    (
        RuleType::StatementDisallowAddNotNull,
        "ALTER TABLE book ALTER COLUMN \"Order\" SET NOT NULL",
        "-- txn-mode = off\nALTER TABLE book ADD CONSTRAINT \"book_Order_not_null_check\" CHECK (\"Order\" IS NOT NULL) NOT VALID;\nALTER TABLE book VALIDATE CONSTRAINT \"book_Order_not_null_check\";\nALTER TABLE book ALTER COLUMN \"Order\" SET NOT NULL;\nALTER TABLE book DROP CONSTRAINT \"book_Order_not_null_check\"",
        Safety::Safe,
    ),
    (
        RuleType::StatementMergeAlterTable,
        "ALTER TABLE book ADD COLUMN a int;\nALTER TABLE book ADD COLUMN b int, DROP COLUMN name;",
        "ALTER TABLE book ADD COLUMN a int, ADD COLUMN b int, DROP COLUMN name;",
        Safety::Look,
    ),
];

/// Complaints for which there is no fix: nobody knows the columns, or a word would be lost.
const NOT_FIXED: &[(RuleType, &str)] = &[
    (RuleType::StatementInsertMustSpecifyColumn, "INSERT INTO nowhere VALUES (1);"),
    (RuleType::StatementInsertMustSpecifyColumn, "INSERT INTO book SELECT b.* FROM book b;"),
    (RuleType::StatementSelectNoSelectAll, "SELECT * FROM book, author;"),
    (RuleType::StatementSelectNoSelectAll, "SELECT * FROM book JOIN author USING (id);"),
    (
        RuleType::StatementMergeAlterTable,
        "ALTER TABLE book ADD COLUMN a int;\n-- why\nALTER TABLE book ADD COLUMN b int;",
    ),
    (
        RuleType::StatementMergeAlterTable,
        "ALTER TABLE book ADD COLUMN a int;\nALTER TABLE book RENAME COLUMN a TO b;",
    ),
    (RuleType::IndexCreateConcurrently, "BEGIN;\nCREATE INDEX i ON book (name);\nCOMMIT;"),
];

fn reviewed(rule: RuleType, script: &str, known: &Catalog) -> Report {
    run(script, Some(known), &[config(rule, payload(rule))], None)
}

fn fixes(report: &Report) -> Vec<&Fix> {
    report.advices.iter().filter_map(|a| a.fix.as_ref()).collect()
}

#[test]
fn a_fix_contents_the_rule() {
    let known = catalog(CATALOG);
    for (rule, script, wanted, safety) in FIXED {
        let report = reviewed(*rule, script, &known);
        let fixes = fixes(&report);
        assert_eq!(fixes.len(), report.advices.len(), "{script}: {report:#?}");
        assert!(fixes.iter().all(|f| f.safety == *safety), "{script}: {fixes:#?}");
        let fixed = fix::apply(script, fixes);
        assert_eq!(fixed.text, *wanted);
        assert_eq!(reviewed(*rule, &fixed.text, &known).advices, [], "{}", fixed.text);
    }
}

#[test]
fn where_a_fix_would_be_a_guess_there_is_none() {
    let known = catalog(CATALOG);
    for (rule, script) in NOT_FIXED {
        let report = reviewed(*rule, script, &known);
        assert!(!report.advices.is_empty(), "{script}");
        assert!(fixes(&report).is_empty(), "{script}: {report:#?}");
    }
}

/// Two rules that want the same of a statement, and the forecast that proposes it: it is done once.
#[test]
fn rules_and_forecast_agree() {
    let known = catalog(CATALOG);
    let rules = [
        config(RuleType::StatementAddCheckNotValid, Payload::None),
        config(RuleType::StatementAddForeignKeyNotValid, Payload::None),
    ];
    let script = "ALTER TABLE book ADD CONSTRAINT c CHECK (id > 0), ADD CONSTRAINT f FOREIGN KEY (author_id) REFERENCES author (id);";
    let report = run(script, Some(&known), &rules, None);
    let of_locks = report.locks.iter().filter_map(|l| l.fix.as_ref());
    let all: Vec<&Fix> = fixes(&report).into_iter().chain(of_locks).collect();
    assert_eq!(all.len(), 3, "{report:#?}");
    let fixed = fix::apply(script, all.iter().copied());
    assert_eq!(fixed.made, 3);
    assert_eq!(
        fixed.text,
        "-- txn-mode = off\nALTER TABLE book ADD CONSTRAINT c CHECK (id > 0) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (author_id) REFERENCES author (id) NOT VALID;\nALTER TABLE book VALIDATE CONSTRAINT c;\nALTER TABLE book VALIDATE CONSTRAINT f;"
    );
}
