//! `--fix`: what it writes, what it leaves alone, and what it says afterwards.

use super::*;

const SCHEMA: &str = "CREATE TABLE public.book (id int PRIMARY KEY, name text);\n";
const INDEX: &str = "CREATE INDEX book_name ON book (name);\n";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "schema/dump.sql", SCHEMA);
    write(&folder, "db/1.sql", INDEX);
    write(
        &folder,
        "db/2.sql",
        "\u{feff}INSERT INTO book VALUES (1, 'é');\nDROP TABLE book CASCADE;\n",
    );
    write(&folder, "db/3.sql", CLEAN);
    folder
}

fn text_of(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a text")
}

fn fix(folder: &TempDir, args: &[&str]) -> Said {
    review(folder, &[&["db", "--schema", "schema/dump.sql"], args].concat())
}

#[test]
fn what_is_safe_is_written_and_what_is_left_is_said() {
    let folder = folder();
    let said = fix(&folder, &["--fix"]);
    assert_eq!(
        text_of(&folder, "db/1.sql"),
        "CREATE INDEX CONCURRENTLY book_name ON book (name);\n"
    );
    // The mark at the beginning stays, and what asks for a look is left alone.
    assert_eq!(
        text_of(&folder, "db/2.sql"),
        "\u{feff}INSERT INTO book (id, name) VALUES (1, 'é');\nDROP TABLE book CASCADE;\n"
    );
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(said.out.contains("2 fixes made; --fix=all mends "), "{}", said.out);
    assert!(!said.out.contains("INDEX_CREATE_CONCURRENTLY"), "{}", said.out);
    let names = fs::read_dir(folder.path().join("db")).expect("a folder").count();
    assert_eq!(names, 3, "nothing is left aside");
}

#[test]
fn all_is_more_than_safe_and_twice_is_no_more_than_once() {
    let folder = folder();
    fix(&folder, &["--fix=all"]);
    let once = text_of(&folder, "db/2.sql");
    assert!(once.ends_with("DROP TABLE book;\n"), "{once}");
    let again = fix(&folder, &["--fix=all"]);
    assert_eq!(text_of(&folder, "db/2.sql"), once);
    assert!(!again.out.contains("made"), "{}", again.out);
}

#[test]
fn a_difference_changes_nothing() {
    let folder = folder();
    let said = fix(&folder, &["--fix", "--diff"]);
    insta::assert_snapshot!("diff", said.out);
    assert_eq!(text_of(&folder, "db/1.sql"), INDEX);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("3 files reviewed: "), "{}", said.err);
    let clean = review(&folder, &["db/3.sql", "--fix", "--diff"]);
    assert_eq!((clean.status, clean.out.as_str()), (0, ""));
    let stdin = run(
        folder.path(),
        &["review", "-", "--dialect", "postgres", "--fix", "--diff"],
        INDEX.as_bytes(),
    );
    assert!(stdin.out.starts_with("--- a/stdin\n+++ b/stdin\n"), "{}", stdin.out);
}

#[test]
fn what_a_comment_declines_is_not_made() {
    let folder = folder();
    let kept = format!("-- basalt:ignore INDEX_CREATE_CONCURRENTLY the table is empty\n{INDEX}");
    write(&folder, "db/1.sql", &kept);
    fix(&folder, &["--fix=all"]);
    assert_eq!(text_of(&folder, "db/1.sql"), kept);
}

#[test]
fn wrong_use_is_said() {
    let folder = folder();
    let stdin =
        run(folder.path(), &["review", "-", "--dialect", "postgres", "--fix"], INDEX.as_bytes());
    assert_eq!(stdin.status, 2);
    assert!(stdin.err.contains("for standard input use --fix --diff"), "{}", stdin.err);
    let diff = fix(&folder, &["--diff"]);
    assert_eq!(diff.status, 2);
    assert!(diff.err.contains("--fix"), "{}", diff.err);
}

/// Programs make the fixes by what the report says, and come to the same text.
#[test]
fn reports_carry_the_edits() {
    let folder = folder();
    let report = json(&fix(&folder, &["--format", "json"]));
    let finding = &report["files"][1]["findings"].as_array().expect("findings").iter();
    let insert = finding.clone().find(|f| f["rule"] == "STATEMENT_INSERT_MUST_SPECIFY_COLUMN");
    let fix_of = &insert.expect("a finding")["fix"];
    assert_eq!((&fix_of["safe"], &fix_of["title"]), (&true.into(), &"Name the columns".into()));
    let edit = &fix_of["edits"][0];
    let at = |key: &str| edit[key].as_u64().expect("a number");
    assert_eq!((at("start"), at("end"), at("line"), at("column")), (16, 16, 1, 17));
    assert_eq!(edit["text"], " (id, name)");
    assert_eq!(report["files"][0]["locks"][0]["fix"]["title"], "Create the index CONCURRENTLY");
    let sarif = json(&fix(&folder, &["--format", "sarif"]));
    let results = sarif["runs"][0]["results"].as_array().expect("results").iter();
    let fixed: Vec<&Value> = results.filter_map(|r| r["fixes"].get(0)).collect();
    assert!(!fixed.is_empty());
    let replacement = &fixed[0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], " CONCURRENTLY");
    assert_eq!(replacement["deletedRegion"]["startColumn"], 13);
}
