//! `basalt review` and `basalt parse` on files, as a pipeline runs them: what they say, and with which exit status.

mod database;
mod fix;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::BASALT;

/// What a run said.
struct Said {
    status: i32,
    out: String,
    err: String,
}

/// A folder with the files of a small project; two have findings, one has none, and one is none of SQL.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "db/001_table.sql", "CREATE TABLE book (\n  id bigint,\n  name text\n);\n");
    let changes = "\
-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE the queue is rebuilt every night
TRUNCATE TABLE queue;

ALTER TABLE \"50%, <b>&\" ADD CONSTRAINT positive CHECK (price > 0);
DELETE FROM book;
";
    write(&folder, "db/later/002_change, 50%.sql", changes);
    write(&folder, "db/later/003_clean.sql", CLEAN);
    write(&folder, "db/readme.txt", "no SQL at all");
    write(&folder, "db/.hidden/004.sql", "DELETE FROM hidden;");
    folder
}

const CLEAN: &str = "INSERT INTO book (id, name) VALUES (1, 'a');\n";

fn write(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn run(folder: &Path, args: &[&str], stdin: &[u8]) -> Said {
    let mut child = Command::new(BASALT)
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // It may end without reading.
    let _ = child.stdin.take().expect("its input").write_all(stdin);
    let output = child.wait_with_output().expect("its end");
    Said {
        status: output.status.code().expect("an exit status"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn review(folder: &TempDir, args: &[&str]) -> Said {
    let args = [&["review", "--dialect", "postgres"], args].concat();
    run(folder.path(), &args, b"")
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.out))
}

/// Rule and line of each finding of a file in the JSON report.
fn found(report: &Value, file: usize) -> Vec<(String, u64)> {
    let findings = report["files"][file]["findings"].as_array().expect("findings");
    let of = |f: &Value| {
        (f["rule"].as_str().expect("a text").to_owned(), f["line"].as_u64().unwrap_or(0))
    };
    findings.iter().map(of).collect()
}

#[test]
fn text_shows_the_code_and_counts() {
    let said = review(&project(), &["db"]);
    assert_eq!(said.status, 1, "{}", said.err);
    insta::assert_snapshot!("text", said.out);
    let coloured = review(&project(), &["db", "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}[") && !said.out.contains('\u{1b}'));
}

#[test]
fn json_says_everything() {
    let said = review(&project(), &["db", "--format", "json"]);
    assert_eq!(said.status, 1);
    insta::assert_snapshot!("json", said.out);
    assert!(said.err.contains("3 files reviewed: "), "{}", said.err);
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let said = review(&project(), &["db", "--format", "sarif"]);
    assert_eq!(said.status, 1);
    let log = json(&said);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(run["tool"]["driver"]["name"], "basalt");
    assert!(rules.iter().all(|r| r["id"].is_string() && r["shortDescription"]["text"].is_string()));
    let results = run["results"].as_array().expect("results");
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{}", result["ruleId"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        let region = ["startLine", "startColumn", "endLine", "endColumn"]
            .map(|key| place["region"][key].as_u64().expect("a number"));
        assert!(region.iter().all(|n| *n >= 1) && region[1] <= region[3], "{region:?}");
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
        assert!(!uri.contains([' ', ',']), "{uri}");
    }
    let suppressed: Vec<&Value> = results.iter().filter(|r| !r["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["kind"], "inSource");
    insta::assert_snapshot!("sarif", said.out);
}

#[test]
fn github_gitlab_and_junit_escape_what_is_theirs() {
    let folder = project();
    let github = review(&folder, &["db", "--format", "github"]);
    insta::assert_snapshot!("github", github.out);
    let junit = review(&folder, &["db", "--format", "junit"]);
    insta::assert_snapshot!("junit", junit.out);
    let gitlab = review(&folder, &["db", "--format", "gitlab"]);
    insta::assert_snapshot!("gitlab", gitlab.out);
    assert_eq!([github.status, gitlab.status, junit.status], [1, 1, 1]);
}

#[test]
fn a_fingerprint_of_gitlab_stays_when_lines_move_and_is_its_own() {
    let prints = |text: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder, "a.sql", text);
        let report = json(&review(&folder, &["a.sql", "--format", "gitlab"]));
        let all = report.as_array().expect("a list").iter();
        all.map(|f| f["fingerprint"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let before = prints("DELETE FROM a;\nDELETE FROM a;\n");
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    assert_eq!(before, prints("\n\nDELETE FROM a;\nDELETE FROM a;\n"));
}

#[test]
fn a_clean_folder_is_no_failure_and_an_empty_one_is_said_to_be_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = review(&folder, &["."]);
    assert_eq!(empty.status, 0);
    assert!(empty.err.contains("no .sql file there"), "{}", empty.err);
    assert_eq!(empty.out, "0 files reviewed: 0 errors, 0 warnings\n");
    write(&folder, "clean.sql", CLEAN);
    let clean = review(&folder, &["."]);
    assert_eq!((clean.status, clean.err.as_str()), (0, ""));
    assert_eq!(clean.out, "1 file reviewed: 0 errors, 0 warnings\n");
}

#[test]
fn a_syntax_error_is_one_error_on_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder, "wrong.sql", "SELECT 1;\nCREATE TABEL book (id int);\nDELETE FROM book;\n");
    let said = review(&folder, &["wrong.sql", "--format", "json"]);
    assert_eq!(said.status, 1);
    assert_eq!(found(&json(&said), 0), [("SYNTAX_ERROR".to_owned(), 2)]);
}

#[test]
fn standard_input_is_a_script() {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["review", "-", "--dialect", "PostgreSQL", "--format", "github"];
    let said = run(folder.path(), &args, "\u{feff}DELETE FROM book;".as_bytes());
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(said.out.starts_with("::error file=stdin,line=1,endLine=1,col=1,"), "{}", said.out);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_reviewed() {
    let folder = project();
    write(&folder, "db/latin1.sql", b"SELECT 1;\n-- caf\xe9\n");
    let said = review(&folder, &["db", "gone.sql", "--format", "json"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("db/latin1.sql:2: not UTF-8"), "{}", said.err);
    assert!(said.err.contains("gone.sql: No such file"), "{}", said.err);
    let report = json(&said);
    assert_eq!(report["summary"]["unreadable"], 2);
    assert_eq!(report["summary"]["files"], 3);
}

#[test]
fn wrong_use_is_named() {
    let folder = project();
    for (args, what) in [
        (vec!["review"], "PATH"),
        (vec!["review", "db"], "--dialect postgres"),
        (vec!["review", "db", "--dialect", "postgre"], "postgres"),
        (vec!["review", "db", "--dialect", "redis"], "invalid value"),
        (vec!["review", "db", "--dialect", "postgres", "--format", "xml"], "junit"),
        (vec!["review", "db", "--dialect", "postgres", "--config", "gone.toml"], "gone.toml"),
        (vec!["review", "db", "--dialect", "postgres", "--schema", "gone.sql"], "gone.sql"),
        (vec!["review", "explain", "NAMING_TABEL"], "NAMING_TABLE"),
        (vec!["parse", "db/001_table.sql"], "--dialect"),
        (vec!["parse", "db/001_table.sql", "--dialect", "mysql", "--tree"], "--tree"),
    ] {
        let said = run(folder.path(), &args, b"");
        assert_eq!(said.status, 2, "{args:?}: {}", said.err);
        assert!(said.err.contains(what), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
    }
}

#[test]
fn a_configuration_says_which_rules_and_a_wrong_one_says_where() {
    let folder = project();
    let review = |config: &str| {
        write(&folder, "basalt.toml", config);
        run(folder.path(), &["review", "db", "--config", "basalt.toml", "--format", "json"], b"")
    };
    let own = "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"NAMING_TABLE\"\nlevel = \"ERROR\"\nformat = \"^tech_\"\n";
    let said = review(own);
    assert_eq!(said.status, 1, "{}", said.err);
    assert_eq!(found(&json(&said), 0), [("NAMING_TABLE".to_owned(), 1)]);
    assert_eq!(found(&json(&said), 1), []);

    let built_on = "[review]\ndialect = \"postgres\"\npreset = \"production\"\n[[review.rules]]\nrule = \"statement.where_require_update_delete\"\nlevel = \"OFF\"\n";
    let said = review(built_on);
    assert_eq!(said.status, 1, "{}", said.err);
    let of_change = found(&json(&said), 1);
    assert!(of_change.iter().any(|f| f.0 == "STATEMENT_ADD_CHECK_NOT_VALID"), "{of_change:?}");
    assert!(of_change.iter().all(|f| f.0 != "STATEMENT_WHERE_REQUIRE_UPDATE_DELETE"));

    let mut said = String::new();
    for wrong in [
        "[review\n",
        "dialect = \"postgres\"\n",
        "[review]\ndialect = \"postgres\"\nruels = []\n",
        "[review]\ndialect = \"redis\"\n",
        "[review]\nversion = \"fifteen\"\ndialect = \"postgres\"\n",
        "[review]\ndialect = \"postgres\"\n\n[[review.rules]]\nrule = \"NAMING_TABEL\"\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"TABLE_DISALLOW_TRIGGER\"\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"NAMING_TABLE\"\nlevel = \"FATAL\"\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"NAMING_TABLE\"\nformt = \"a\"\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"NAMING_TABLE\"\nformat = \"(\"\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"TABLE_REQUIRE_PK\"\nnumber = 1\n",
        "[review]\ndialect = \"postgres\"\n[[review.rules]]\nrule = \"COLUMN_REQUIRED\"\nlist = \"id\"\n",
    ] {
        let run = review(wrong);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{wrong}");
        said += &run.err;
    }
    insta::assert_snapshot!("configuration", said);
}

#[test]
fn a_schema_is_what_each_file_is_reviewed_against() {
    let folder = tempfile::tempdir().expect("a folder");
    let dump = "\\restrict x\nCREATE SCHEMA sales;\nCREATE TABLE public.book (\n    id bigint NOT NULL\n);\n\
        COPY public.book (id) FROM stdin;\n1\n\\.\n\
        ALTER TABLE ONLY public.book ADD CONSTRAINT book_pkey PRIMARY KEY (id);\n";
    write(&folder, "dump.sql", dump);
    write(&folder, "db/1.sql", "CREATE TABLE public.book (id bigint PRIMARY KEY);\n");
    write(&folder, "db/2.sql", "ALTER TABLE public.book ADD COLUMN name text;\n");
    write(&folder, "db/3.sql", "ALTER TABLE public.gone ADD COLUMN name text;\n");
    let said = review(&folder, &["db", "--schema", "dump.sql", "--format", "json"]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{}", said.err);
    let report = json(&said);
    let walk = [("BUILTIN_WALK_THROUGH_CHECK".to_owned(), 1)];
    assert_eq!(found(&report, 0), walk);
    assert_eq!(found(&report, 1), []);
    assert_eq!(found(&report, 2), walk);
    write(&folder, "dump.sql", "CREATE TABEL x;\n");
    let said = review(&folder, &["db", "--schema", "dump.sql"]);
    assert_eq!(said.status, 2);
    assert!(said.err.contains("dump.sql:1: this is no schema"), "{}", said.err);
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = run(folder.path(), &["review", "rules", "--dialect", "postgres"], b"");
    assert_eq!(all.status, 0);
    let line = all.out.lines().find(|l| l.contains(" TABLE_REQUIRE_PK "));
    let line = line.expect("the rule").split_whitespace().take(3).collect::<Vec<_>>();
    assert_eq!(line, ["TABLE", "ERROR", "TABLE_REQUIRE_PK"]);
    assert!(all.out.contains(" OFF "), "{}", all.out);
    for rule in all.out.lines().filter_map(|l| l.split_whitespace().nth(2)) {
        let said = run(folder.path(), &["review", "explain", rule], b"");
        assert_eq!(said.status, 0, "{rule}: {}", said.err);
        // What it says to write into basalt.toml is a right configuration.
        let entry = said.out.split("In basalt.toml:").nth(1).expect("an entry");
        write(&folder, "basalt.toml", format!("[review]\ndialect = \"postgres\"\n{entry}"));
        write(&folder, "a.sql", "SELECT id FROM book WHERE id = 1;\n");
        let args = ["review", "a.sql", "--config", "basalt.toml"];
        let said = run(folder.path(), &args, b"");
        assert!(said.status < 2, "{rule}: {}{entry}", said.err);
    }
    let said = run(folder.path(), &["review", "explain", "naming.table"], b"");
    insta::assert_snapshot!("explain", said.out);
}

#[test]
fn many_files_are_reviewed_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 0..200 {
        write(&folder, &format!("db/{n:03}.sql"), "DELETE FROM book;\n");
    }
    let said = review(&folder, &["db", "--format", "github"]);
    let file =
        |l: &str| l.strip_prefix("::error file=").and_then(|l| l.get(..10)).map(String::from);
    let files: Vec<String> = said.out.lines().filter_map(file).collect();
    let named: Vec<String> = (0..200).map(|n| format!("db/{n:03}.sql")).collect();
    assert_eq!(files, named);
}

#[test]
fn parse_shows_statements_kinds_errors_and_trees() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = "-- first\nCREATE TABLE sales.book (id int);\n\nSELEC 1;\nDELETE FROM book;\n";
    write(&folder, "a.sql", script);
    let said = run(folder.path(), &["parse", "a.sql", "--dialect", "postgres"], b"");
    assert_eq!(said.status, 1, "{}", said.err);
    insta::assert_snapshot!("parse", said.out);
    let args = ["parse", "-", "--dialect", "postgres", "--tree"];
    let said = run(folder.path(), &args, b"SELECT 1;");
    assert_eq!(said.status, 0, "{}", said.err);
    insta::assert_snapshot!("tree", said.out);
    let args = ["parse", "-", "--dialect", "mysql"];
    let said = run(folder.path(), &args, b"DELIMITER //\nCREATE TABLE a (b int)//\n");
    assert_eq!((said.status, said.out.as_str()), (0, "2:1  CREATE_TABLE  table a\n"));
}
