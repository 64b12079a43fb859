//! What stands in the bodies of functions, procedures and blocks.

use review::{Payload, RuleConfig, RuleType, Safety};

use crate::support::{catalog, config, payload, run};

fn rules(types: &[RuleType]) -> Vec<RuleConfig> {
    types.iter().map(|ty| config(*ty, payload(*ty))).collect()
}

/// Codes and lines of the findings.
fn found(script: &str, rules: &[RuleConfig]) -> Vec<(i32, u32)> {
    let known = catalog(
        "CREATE TABLE public.book (id int, name text, CONSTRAINT pk_book PRIMARY KEY (id));",
    );
    let report = run(script, Some(&known), rules, None);
    report.advices.iter().map(|a| (a.code, a.start.map_or(0, |p| p.line))).collect()
}

const FUNCTION: &str =
    "CREATE FUNCTION sweep(limit_id int) RETURNS SETOF book LANGUAGE plpgsql AS $f$
DECLARE
  n int := (SELECT count(*) FROM book WHERE name LIKE '%x');
  c CURSOR FOR SELECT * FROM book;
BEGIN
  -- Everything of it.
  DELETE FROM book;
  IF n > 3 THEN
    UPDATE book SET name = 'a' WHERE id = limit_id RETURNING id INTO n;
  ELSE
    INSERT INTO book VALUES (1, 'b');
  END IF;
  PERFORM * FROM book WHERE id = n;
  SELECT id INTO STRICT n FROM book WHERE id = 1;
  FOR r IN SELECT * FROM book WHERE id = 2 LOOP
    TRUNCATE book;
  END LOOP;
  GRANT SELECT ON book TO PUBLIC;
  RETURN QUERY SELECT * FROM book WHERE id = 3;
END
$f$;";

#[test]
fn statements_of_a_function_are_found_on_their_lines() {
    let star = rules(&[RuleType::StatementSelectNoSelectAll]);
    assert_eq!(found(FUNCTION, &star), [(203, 4), (203, 13), (203, 15), (203, 19)]);
    let filter = rules(&[RuleType::StatementWhereRequireUpdateDelete]);
    assert_eq!(found(FUNCTION, &filter), [(202, 7)]);
    let columns = rules(&[RuleType::StatementInsertMustSpecifyColumn]);
    assert_eq!(found(FUNCTION, &columns), [(1107, 11)]);
    let like = rules(&[RuleType::StatementWhereNoLeadingWildcardLike]);
    assert_eq!(found(FUNCTION, &like), [(204, 3)]);
    let truncate = rules(&[RuleType::StatementDisallowTruncate]);
    assert_eq!(found(FUNCTION, &truncate).iter().map(|f| f.1).collect::<Vec<_>>(), [16]);
    let public = rules(&[RuleType::SecurityGrantToPublic]);
    assert_eq!(found(FUNCTION, &public).iter().map(|f| f.1).collect::<Vec<_>>(), [18]);
}

#[test]
fn bodies_in_sql_are_read_whatever_they_are_quoted_with() {
    let star = rules(&[RuleType::StatementSelectNoSelectAll]);
    for body in [
        "LANGUAGE sql AS $$\nSELECT * FROM book\n$$",
        "AS '\nSELECT * FROM book WHERE name = ''it''\n' LANGUAGE 'sql'",
        "BEGIN ATOMIC\nSELECT * FROM book;\nEND",
        "RETURN (\nSELECT * FROM book)",
    ] {
        let script = format!("CREATE FUNCTION f() RETURNS int {body};\nSELECT 1;");
        assert_eq!(found(&script, &star), [(203, 2)], "{script}");
    }
    // Edits of a body whose quotes are doubled would go wrong.
    let known = catalog("CREATE TABLE public.book (id int);");
    let has_fix = |script: &str| {
        let report = run(script, Some(&known), &star, None);
        report.advices[0].fix.as_ref().map(|f| f.safety)
    };
    let dollars = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT * FROM book$$";
    assert_eq!(has_fix(dollars), Some(Safety::Look));
    assert_eq!(has_fix(&dollars.replace("$$", "'")), None);
}

#[test]
fn a_block_is_reviewed_as_what_it_does() {
    let script = "CREATE TABLE fresh (id int, name text, CONSTRAINT pk_fresh PRIMARY KEY (id));
DO $$
BEGIN
  CREATE TABLE shelf (id int);
  CREATE INDEX idx_fresh_name ON fresh (name);
  CREATE INDEX idx_book_name ON book (name);
END $$;
DROP TABLE shelf;";
    let keys = rules(&[RuleType::TableRequirePk]);
    assert_eq!(found(&script.replace("DROP TABLE shelf;", ""), &keys), [(601, 4)]);
    assert_eq!(found(script, &keys), []);
    // What the script made before is known inside, and what the block made behind it.
    let index = rules(&[RuleType::IndexCreateConcurrently]);
    assert_eq!(found(script, &index).iter().map(|f| f.1).collect::<Vec<_>>(), [6]);
    let breaks = rules(&[RuleType::SchemaBackwardCompatibility]);
    assert_eq!(found(script, &breaks), []);
    let known = catalog("CREATE TABLE public.book (id int, name text);");
    let report = run(script, Some(&known), &[], None);
    assert_eq!(
        report.locks.iter().map(|l| (l.line, l.fix.is_some())).collect::<Vec<_>>(),
        [(6, false)]
    );
}

#[test]
fn a_block_fails_where_it_is_sure_to() {
    let walk = rules(&[RuleType::BuiltinWalkThroughCheck]);
    let plain = "SELECT 1;\nDO $$ BEGIN\n  ALTER TABLE book DROP COLUMN nothing;\nEND $$;";
    assert_eq!(found(plain, &walk), [(405, 3)]);
    for body in [
        "IF EXISTS (SELECT 1 FROM x WHERE a = 1) THEN ALTER TABLE book DROP COLUMN nothing; END IF;",
        "ALTER TABLE book DROP COLUMN nothing; EXCEPTION WHEN undefined_column THEN NULL;",
        "LOOP ALTER TABLE book DROP COLUMN nothing; END LOOP;",
    ] {
        assert_eq!(found(&format!("DO $$ BEGIN {body} END $$;"), &walk), [], "{body}");
    }
    let later = "DO $$ BEGIN IF true THEN ALTER TABLE book ADD COLUMN a int; END IF; END $$;\nALTER TABLE book DROP COLUMN a;";
    assert_eq!(found(later, &walk), []);
    // Only when it is called.
    let function = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN DROP TABLE nothing; END $$;";
    assert_eq!(found(function, &walk), []);
}

#[test]
fn what_nobody_can_judge_is_said() {
    let rules = rules(&[RuleType::StatementDisallowTruncate]);
    let script = "DO $$
BEGIN
  EXECUTE 'TRUNCATE ' || quote_ident('book');
  EXECUTE 'TRUNCATE book';
  EXECUTE format('TRUNCATE %I', 'book') USING 1;
  RETURN QUERY EXECUTE q;
  FOR r IN EXECUTE q LOOP NULL; END LOOP;
END $$;
CREATE FUNCTION py() RETURNS int LANGUAGE plpython3u AS $$ import os $$;
CREATE FUNCTION c() RETURNS int LANGUAGE c AS 'lib', 'name';";
    let report = run(script, None, &rules, None);
    let lines: Vec<_> = report.advices.iter().filter_map(|a| a.start).map(|p| p.line).collect();
    assert_eq!(lines, [4]);
    let told: Vec<_> = report.not_judged.iter().map(|n| (n.line, n.why.as_str())).collect();
    let dynamic = "It makes its SQL when it runs: no rule can look at that";
    let python = "The body is in plpython3u, which no rule reads";
    assert_eq!(told, [(3, dynamic), (5, dynamic), (6, dynamic), (7, dynamic), (9, python)]);
}

#[test]
fn comments_take_findings_away_inside_bodies_too() {
    let rules = rules(&[RuleType::StatementDisallowTruncate]);
    let script = "-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE all of it
DO $$ BEGIN TRUNCATE a; TRUNCATE b; END $$;
DO $$ BEGIN
  TRUNCATE c;
  -- basalt:ignore STATEMENT_DISALLOW_TRUNCATE a queue
  TRUNCATE d;
  TRUNCATE e;
END $$;";
    let report = run(script, None, &rules, None);
    let lines: Vec<_> = report.advices.iter().filter_map(|a| a.start).map(|p| p.line).collect();
    assert_eq!(lines, [4, 7]);
    let reasons: Vec<_> = report.suppressed.iter().map(|s| s.reason.as_str()).collect();
    assert_eq!(reasons, ["all of it", "all of it", "a queue"]);
}

#[test]
fn rules_about_the_script_leave_bodies_alone() {
    let rules = rules(&[
        RuleType::StatementDisallowCommit,
        RuleType::StatementMergeAlterTable,
        RuleType::StatementDmlDryRun,
    ]);
    let script = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;
DO $$ BEGIN ALTER TABLE a ADD b int; ALTER TABLE a ADD c int; DELETE FROM missing WHERE id = v; END $$;";
    let report = run(script, None, &rules, Some(&crate::support::Target));
    assert_eq!(report.advices, []);
    let none = config(RuleType::StatementDisallowCommit, Payload::None);
    assert_eq!(run("COMMIT;", None, &[none], None).advices.len(), 1);
}
