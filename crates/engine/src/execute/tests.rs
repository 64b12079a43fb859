//! What is sent and what is told, for each way of running a script and each way in which it ends.

use std::time::Duration;

use super::fake::{Lines, Notes, Target, failure, lock_timeout, lost};
use super::{Chunk, ExecuteError, ExecuteOptions, Executed, execute};
use crate::units::{How, units};

const TRANSACTIONAL: Lines = Lines { transactional: true };
const BY_ITSELF: Lines = Lines { transactional: false };

/// How it ended, in a word, with the statements that stay.
fn ended(result: &Result<Executed, ExecuteError>) -> String {
    match result {
        Ok(done) => format!("done {} rows {}", done.statements, done.rows),
        Err(ExecuteError::Statement { failure, applied }) => {
            format!("failed {} applied {applied}", failure.statement)
        }
        Err(ExecuteError::Commit { applied, .. }) => format!("refused applied {applied}"),
        Err(ExecuteError::Lost { unit, .. }) => {
            format!("lost {}..{}", unit.statements.start, unit.statements.end)
        }
        Err(ExecuteError::Stopped { applied, .. }) => format!("stopped applied {applied}"),
    }
}

/// Runs it; gives how it ended, what was sent, and what was told.
async fn run(
    dialect: &Lines,
    script: &str,
    mut options: ExecuteOptions,
    mut target: Target,
    refuses: &'static str,
) -> (String, Vec<String>, Vec<String>) {
    options.name = "x".to_owned();
    let mut notes = Notes { refuses, ..Notes::default() };
    let result = execute(&mut target, dialect, script, &options, &mut notes).await;
    assert!(target.fails.is_empty(), "never came by: {:?}", target.fails);
    (ended(&result), target.sent, notes.heard)
}

fn cut(dialect: &Lines, script: &str) -> Vec<String> {
    use sql::Dialect as _;
    let statements = dialect.split(script);
    let facts: Vec<_> = statements.iter().map(|s| dialect.classify(s.text(script))).collect();
    let directives = sql::directives(script, &statements);
    let rule = sql::TransactionRule::for_script(dialect, &facts, &directives);
    let how = |how: &How| match how {
        How::Ours => "ours",
        How::Theirs { commits: true } => "theirs",
        How::Theirs { commits: false } => "undone",
        How::Alone => "alone",
        How::Session => "session",
        How::Batch(_) => "batch",
    };
    units(dialect, &facts, &rule, &directives)
        .iter()
        .map(|u| format!("{} {}..{}", how(&u.how), u.statements.start, u.statements.end))
        .collect()
}

#[test]
fn a_script_is_cut_where_it_takes_effect() {
    assert!(cut(&TRANSACTIONAL, "").is_empty());
    assert_eq!(cut(&TRANSACTIONAL, "create a\ninsert b\nset c"), ["ours 0..3"]);
    assert_eq!(
        cut(&TRANSACTIONAL, "set a\nvacuum b\ninsert c\ncreate d\ncall e\nwhat f"),
        ["session 0..1", "alone 1..2", "ours 2..3", "ours 3..4", "alone 4..5", "alone 5..6"]
    );
    assert_eq!(cut(&BY_ITSELF, "insert a\ninsert b"), ["ours 0..2"]);
    assert_eq!(cut(&BY_ITSELF, "create a\ninsert b"), ["alone 0..1", "ours 1..2"]);
    assert_eq!(
        cut(&TRANSACTIONAL, "insert a\nbegin\ninsert b\ncommit\ncommit\nbegin\ninsert c\nrollback"),
        ["ours 0..1", "theirs 1..4", "session 4..5", "undone 5..8"]
    );
    assert_eq!(cut(&TRANSACTIONAL, "begin\ninsert b"), ["undone 0..2"], "never ended");
    assert_eq!(
        cut(&TRANSACTIONAL, "insert a\n-- batch = {\"key\":\"id\"}\nupdate b"),
        ["ours 0..1", "batch 1..2"]
    );
}

#[tokio::test]
async fn one_transaction_begins_proves_and_commits() {
    let (end, sent, heard) =
        run(&TRANSACTIONAL, "create a\ninsert b", ExecuteOptions::default(), Target::default(), "")
            .await;
    assert_eq!(end, "done 2 rows 10");
    assert_eq!(sent, ["BEGIN x-1", "create a", "insert b", "PREPARE", "COMMIT"]);
    assert_eq!(
        heard,
        [
            "start 0..2",
            "begin true",
            "statement 0",
            "end 0 true",
            "statement 1",
            "end 1 true",
            "proof x-1",
            "commit true",
            "unit 0..2 true"
        ]
    );
}

#[tokio::test]
async fn what_commits_by_itself_has_a_witness_before_it() {
    let fails = Target::failing(&[("create b", failure("exists"))]);
    let (end, sent, heard) =
        run(&BY_ITSELF, "create a\ncreate b\ncreate c", ExecuteOptions::default(), fails, "").await;
    assert_eq!(end, "failed 1 applied 1");
    assert_eq!(sent, ["create a", "create b"]);
    assert_eq!(heard[0], "start 0..1 witness");
    assert_eq!(heard.last().map(String::as_str), Some("unit 1..2 false"));
}

#[tokio::test]
async fn a_lock_timeout_is_tried_again_as_often_as_there_are_waits() {
    let waits =
        || ExecuteOptions { retry_waits: vec![Duration::ZERO; 2], ..ExecuteOptions::default() };
    let script = "create a\ninsert b";
    let timeouts = |n: usize| Target::failing(&vec![("insert b", lock_timeout()); n]);
    let (end, sent, heard) = run(&TRANSACTIONAL, script, waits(), timeouts(2), "").await;
    assert_eq!(end, "done 2 rows 10", "what was undone does not count");
    let names: Vec<_> = sent.iter().filter(|s| s.starts_with("BEGIN")).collect();
    assert_eq!(names, ["BEGIN x-1", "BEGIN x-2", "BEGIN x-3"], "no name is used twice");
    assert_eq!(heard.iter().filter(|h| h.starts_with("retry")).count(), 2);
    let (end, ..) = run(&TRANSACTIONAL, script, waits(), timeouts(3), "").await;
    assert_eq!(end, "failed 1 applied 0");
    let other = Target::failing(&[("insert b", failure("no such column"))]);
    let (end, sent, _) = run(&TRANSACTIONAL, script, waits(), other, "").await;
    assert_eq!((end.as_str(), sent.len()), ("failed 1 applied 0", 4), "only lock timeouts");
}

#[tokio::test]
async fn goes_on_in_the_middle_with_the_session_set_up_again() {
    let script = "set a\nvacuum b\nset c\ninsert d";
    let options = |from| ExecuteOptions { from, ..ExecuteOptions::default() };
    let (end, sent, heard) = run(&TRANSACTIONAL, script, options(3), Target::default(), "").await;
    assert_eq!(end, "done 1 rows 10");
    assert_eq!(sent, ["set a", "set c", "BEGIN x-1", "insert d", "PREPARE", "COMMIT"]);
    assert!(!heard.contains(&"statement 1".to_owned()));
    let (end, sent, _) = run(&TRANSACTIONAL, script, options(4), Target::default(), "").await;
    assert_eq!((end.as_str(), sent.len()), ("done 0 rows 0", 2), "nothing is left");
    let fails = Target::failing(&[("set c", lost())]);
    assert_eq!(run(&TRANSACTIONAL, script, options(3), fails, "").await.0, "lost 2..3");
    let (end, sent, _) =
        run(&TRANSACTIONAL, "create a\ncreate b", options(1), Target::default(), "").await;
    assert_eq!(end, "done 1 rows 0", "a person said so");
    assert_eq!(sent, ["BEGIN x-1", "create b", "PREPARE", "COMMIT"]);
    let own = "begin\ninsert a\ninsert b\ncommit";
    let (end, sent, _) = run(&TRANSACTIONAL, own, options(2), Target::default(), "").await;
    assert_eq!((end.as_str(), sent.len()), ("failed 2 applied 2", 0), "not inside BEGIN … COMMIT");
}

#[tokio::test]
async fn a_lost_connection_leaves_the_unit_in_question_at_each_step() {
    let script = "vacuum a\ninsert b";
    for (step, unit, told) in [
        ("vacuum a", "lost 0..1", "end 0 false"),
        ("BEGIN x-1", "lost 1..2", "begin false"),
        ("insert b", "lost 1..2", "end 1 false"),
        ("PREPARE", "lost 1..2", "end 1 true"),
        ("COMMIT", "lost 1..2", "commit false"),
    ] {
        let fails = Target::failing(&[(step, lost())]);
        let (end, sent, heard) =
            run(&TRANSACTIONAL, script, ExecuteOptions::default(), fails, "").await;
        assert_eq!((end.as_str(), heard.last().map(String::as_str)), (unit, Some(told)), "{step}");
        assert!(!sent.contains(&"ROLLBACK".to_owned()), "{step}: nobody is there to roll back");
    }
    // Refused, and then the connection breaks: whether the transaction is gone is not known.
    let fails = Target::failing(&[("insert b", failure("no")), ("ROLLBACK", lost())]);
    let (end, _, heard) = run(&TRANSACTIONAL, script, ExecuteOptions::default(), fails, "").await;
    assert_eq!(end, "lost 1..2");
    assert_eq!(heard.last().map(String::as_str), Some("end 1 false"));
}

#[tokio::test]
async fn a_commit_that_is_refused_is_undone() {
    let fails = Target::failing(&[("COMMIT", failure("a deferred constraint"))]);
    let (end, sent, heard) =
        run(&TRANSACTIONAL, "insert a", ExecuteOptions::default(), fails, "").await;
    assert_eq!(
        (end.as_str(), sent.last().map(String::as_str)),
        ("refused applied 0", Some("ROLLBACK"))
    );
    assert_eq!(heard[heard.len() - 3..], ["commit false", "rollback true", "unit 0..1 false"]);
    // What was not rolled back has not ended: it is asked about.
    let fails = Target::failing(&[("COMMIT", failure("no")), ("ROLLBACK", failure("no"))]);
    let (end, _, heard) =
        run(&TRANSACTIONAL, "insert a", ExecuteOptions::default(), fails, "").await;
    assert_eq!(
        (end.as_str(), heard.last().map(String::as_str)),
        ("refused applied 0", Some("rollback false"))
    );
}

#[tokio::test]
async fn a_record_that_fails_never_says_how_the_unit_ended() {
    let own = "begin\ninsert a\ncommit";
    for (script, refuses, end, last) in [
        ("insert a", "start 0..1", "stopped applied 0", "start 0..1"),
        // A transaction may be open: it is rolled back, and that is certain.
        ("insert a", "statement 0", "stopped applied 0", "unit 0..1 false"),
        ("insert a", "end 0 true", "stopped applied 0", "unit 0..1 false"),
        // Whether the proof was recorded is not known: the transaction is left to who asks.
        ("insert a", "proof x-1", "lost 0..1", "proof x-1"),
        // It took effect, whatever is recorded.
        ("insert a", "commit true", "stopped applied 0", "commit true"),
        ("vacuum a", "end 0 true", "stopped applied 0", "end 0 true"),
        (own, "proof x-1", "lost 0..3", "proof x-1"),
        (own, "statement 2", "stopped applied 0", "statement 2"),
        (own, "end 2 true", "stopped applied 0", "end 2 true"),
    ] {
        let (ended, sent, heard) =
            run(&TRANSACTIONAL, script, ExecuteOptions::default(), Target::default(), refuses)
                .await;
        assert_eq!(
            (ended.as_str(), heard.last().map(String::as_str)),
            (end, Some(last)),
            "{refuses}"
        );
        let committed = sent.iter().any(|s| s == "COMMIT" || s == "commit" || s == "vacuum a");
        let told = heard.iter().any(|h| h.ends_with("false"));
        assert!(!(committed && told), "{refuses}: {sent:?} {heard:?}");
    }
}

#[tokio::test]
async fn a_batch_is_a_transaction_a_chunk_and_goes_on_after_the_last() {
    let script = "-- batch = {\"key\":\"id\",\"rows\":10}\nupdate t";
    let chunks = |keys: &[&'static str]| Target {
        chunks: keys.iter().copied().collect(),
        ..Target::default()
    };
    let (end, sent, heard) =
        run(&TRANSACTIONAL, script, ExecuteOptions::default(), chunks(&["10", "20"]), "").await;
    assert_eq!(end, "done 1 rows 20");
    assert_eq!(sent[1], "update t WHERE id IS NOT NULL AND id <= '10'");
    assert_eq!(sent[5], "update t WHERE id > '10' AND id <= '20'");
    let proofs: Vec<_> = heard.iter().filter(|h| h.starts_with("proof")).collect();
    assert_eq!(
        proofs,
        ["proof x-1 chunk 1 to 10 rows 10", "proof x-2 chunk 2 to 20 rows 20"],
        "rows of the chunk are among them"
    );
    let after = Chunk { number: 2, upto: "20".into(), rows: 20, ..Chunk::default() };
    let options = ExecuteOptions { after: Some(after), ..ExecuteOptions::default() };
    let (end, sent, heard) = run(&TRANSACTIONAL, script, options, chunks(&["30"]), "").await;
    assert_eq!(end, "done 1 rows 10");
    assert_eq!(sent[1], "update t WHERE id > '20' AND id <= '30'");
    assert!(heard.contains(&"proof x-1 chunk 3 to 30 rows 30".to_owned()), "{heard:?}");
    // Once more after a lock timeout, the same chunk.
    let waits = ExecuteOptions { retry_waits: vec![Duration::ZERO], ..ExecuteOptions::default() };
    let mut target = chunks(&["10", "10"]);
    target.fails.push_back(("update t WHERE id IS NOT NULL AND id <= '10'", lock_timeout()));
    let (end, ..) = run(&TRANSACTIONAL, script, waits, target, "").await;
    assert_eq!(end, "done 1 rows 10");
}

#[tokio::test]
async fn a_directive_that_cannot_be_read_stops_before_anything() {
    let script = "-- txn-mode = maybe\ninsert a";
    let (end, sent, heard) =
        run(&TRANSACTIONAL, script, ExecuteOptions::default(), Target::default(), "").await;
    assert_eq!((end.as_str(), sent.len(), heard.len()), ("failed 0 applied 0", 0, 0));
}
