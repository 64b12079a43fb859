//! `basalt check` on each platform: annotations, and the one comment that a second run updates.

use std::time::Instant;

use serde_json::{Value, json};
use testkit::servers;
use testkit::servers::TestDatabase;

use super::forge::{Fault, Forge, Kind, TOKEN};
use super::{AGENT, Job, account};
use crate::shop::{Shop, list, text};

const GOOD: (&str, &str) =
    ("migrations/0001_book.sql", "CREATE TABLE book (id bigint PRIMARY KEY);\n");
/// Line 2 changes what is not there.
const BAD: (&str, &str) =
    ("migrations/0002_pen.sql", "-- Pens\nALTER TABLE pen ADD COLUMN ink text;\n");
const MENDED: (&str, &str) =
    ("migrations/0002_pen.sql", "-- Pens\nALTER TABLE book ADD COLUMN ink text;\n");
const STRAY: (&str, &str) = ("migrations/notes.sql", "SELECT 1;\n");
const COMMIT: &str = "0123456789abcdef";

/// A repository with a mistake in it, checked out by a job for request 7.
fn job(kind: Kind, forge: &Forge) -> Job {
    let job = Job::new(&[GOOD, BAD, STRAY]);
    match kind {
        Kind::Github => {
            let event = json!({"action": "synchronize", "number": 7, "pull_request": {
                "number": 7, "html_url": "https://github.com/team/shop/pull/7",
                "user": {"id": 5, "login": "dev", "type": "User"}}});
            job.write(&[("event.json", &event.to_string())]);
            let event = job.path().join("event.json").display().to_string();
            let summary = job.path().join("summary.md").display().to_string();
            job.with(&[
                ("CI", "true"),
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_API_URL", &forge.url),
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "team/shop"),
                ("GITHUB_EVENT_NAME", "pull_request"),
                ("GITHUB_EVENT_PATH", &event),
                ("GITHUB_STEP_SUMMARY", &summary),
                ("GITHUB_SHA", COMMIT),
                ("GITHUB_RUN_ID", "11"),
                ("GITHUB_TOKEN", TOKEN),
            ])
        }
        Kind::Gitlab => job.with(&[
            ("CI", "true"),
            ("GITLAB_CI", "true"),
            ("CI_API_V4_URL", &format!("{}/api/v4", forge.url)),
            ("CI_PROJECT_ID", "42"),
            ("CI_PROJECT_URL", "https://gitlab.example.com/team/shop"),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_PROJECT_ID", "42"),
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
            ("CI_COMMIT_SHA", COMMIT),
            ("CI_JOB_URL", "https://gitlab.example.com/team/shop/-/jobs/11"),
            ("GITLAB_USER_LOGIN", "dev"),
            ("GITLAB_TOKEN", TOKEN),
        ]),
        Kind::Bitbucket => job.with(&[
            ("CI", "true"),
            ("BITBUCKET_BUILD_NUMBER", "11"),
            ("BYTEBASE_BITBUCKET_API_BASE_URL", &format!("{}/2.0", forge.url)),
            ("BITBUCKET_WORKSPACE", "team"),
            ("BITBUCKET_REPO_OWNER", "team"),
            ("BITBUCKET_REPO_SLUG", "shop"),
            ("BITBUCKET_COMMIT", COMMIT),
            ("BITBUCKET_PR_ID", "7"),
            ("BITBUCKET_ACCESS_TOKEN", TOKEN),
        ]),
        Kind::Azure => job.with(&[
            ("TF_BUILD", "True"),
            ("SYSTEM_TEAMFOUNDATIONSERVERURI", &format!("{}/org/", forge.url)),
            ("SYSTEM_COLLECTIONURI", &format!("{}/org/", forge.url)),
            ("SYSTEM_TEAMPROJECT", "Our shop"),
            ("SYSTEM_TEAMPROJECTID", "42"),
            ("BUILD_REPOSITORY_ID", "r1"),
            ("BUILD_REPOSITORY_PROVIDER", "TfsGit"),
            ("BUILD_REPOSITORY_URI", "https://dev.azure.com/org/shop/_git/shop"),
            ("BUILD_REASON", "PullRequest"),
            ("BUILD_BUILDID", "11"),
            ("BUILD_SOURCEVERSION", COMMIT),
            ("SYSTEM_PULLREQUEST_PULLREQUESTID", "7"),
            ("SYSTEM_ACCESSTOKEN", TOKEN),
        ]),
    }
}

struct Place {
    shop: Shop,
    target: String,
    agent: Value,
    _database: TestDatabase,
}

async fn place() -> Option<Place> {
    let database = servers::postgres().await?.database().await;
    let shop = Shop::open().await;
    let target = shop.adopt("test", "test", &database).await;
    // Checks go by the catalog.
    shop.ada.json("DatabaseService/SyncDatabase", json!({"name": target})).await.expect("a sync");
    let agent = account(&shop, "ci", &[AGENT]).await;
    Some(Place { shop, target, agent, _database: database })
}

/// What every platform has in common.
async fn one_comment_is_made_and_then_updated(kind: Kind, place: &Place) -> (Job, Forge) {
    let forge = Forge::start(kind).await;
    forge.chat(25);
    let job = job(kind, &forge).of(&place.shop, &place.agent, &[&place.target]);

    let ran = job.run(&["check", "--output", "out/basalt.json"]).await.ended(1);
    ran.says("migrations/notes.sql is left out: its name does not begin with a version");
    ran.says("1 error: 2 files on 1 database");
    let comments = forge.ours();
    let [comment] = comments.as_slice() else { panic!("{comments:?}") };
    let shown = format!("test/{}", place.target.rsplit('/').next().expect("a database"));
    for part in [
        "basalt:check projects/shop",
        "### Basalt: 1 error",
        "2 files on 1 database",
        "**ERROR** `migrations/0002_pen.sql:2` ",
        &format!("(`{shown}`)"),
        &format!("| `migrations/0001_book.sql` | `{shown}` | 0 | LOW | 0 | 0 |"),
        "`migrations/notes.sql`: its name does not begin",
        "Commit `0123456789ab`",
    ] {
        assert!(comment.contains(part), "{part:?} in {comment}");
    }
    let output: Value = serde_json::from_str(&job.read("out/basalt.json")).expect("JSON");
    let results = list(&output["checkResults"]["results"]);
    let advices = list(&results[1]["advices"]);
    assert_eq!(
        (text(&results[1]["file"]).as_str(), text(&advices[0]["status"]).as_str()),
        (BAD.0, "ERROR")
    );
    (job, forge)
}

/// After the platform's own annotations were looked at.
async fn and_then_updated(job: &Job, forge: &Forge) {
    job.write(&[MENDED]);
    let before = forge.seen().len();
    let ran = job.run(&["check"]).await.ended(0);
    ran.says("nothing found: 2 files on 1 database");
    let comments = forge.ours();
    assert_eq!(comments.len(), 1, "{comments:?}");
    assert!(comments[0].contains("### Basalt: nothing found"), "{}", comments[0]);
    let last = &forge.seen()[before..];
    assert!(last.len() > 1 && last.last().is_some_and(|r| r.method != "POST"), "{last:?}");
}

#[tokio::test]
async fn github_gets_annotations_a_comment_and_a_summary() {
    let Some(place) = place().await else { return };
    let (job, forge) = one_comment_is_made_and_then_updated(Kind::Github, &place).await;
    let ran = job.run(&["check"]).await.ended(1);
    ran.says("::error file=migrations/0002_pen.sql,line=2,title=");
    let summary = job.read("summary.md");
    assert!(
        summary.contains("### Basalt: 1 error")
            && summary.contains("https://github.com/team/shop/actions/runs/11"),
        "{summary}"
    );
    // Three pages of others' comments, and the update.
    let asked: Vec<_> = forge.seen().iter().map(|r| format!("{} {}", r.method, r.path)).collect();
    assert!(
        asked.contains(&"GET /repos/team/shop/issues/7/comments?page=3".to_owned()),
        "{asked:?}"
    );
    and_then_updated(&job, &forge).await;
}

#[tokio::test]
async fn gitlab_gets_code_quality_and_a_note() {
    let Some(place) = place().await else { return };
    let (job, forge) = one_comment_is_made_and_then_updated(Kind::Gitlab, &place).await;
    let report: Value = serde_json::from_str(&job.read("bytebase_codequality.json")).expect("JSON");
    let finding = &report[0];
    assert_eq!(finding["location"], json!({"path": BAD.0, "lines": {"begin": 2}}));
    assert_eq!(
        (&finding["severity"], text(&finding["fingerprint"]).len()),
        (&json!("critical"), 64)
    );
    and_then_updated(&job, &forge).await;
    assert_eq!(job.read("bytebase_codequality.json"), "[]\n");
}

#[tokio::test]
async fn bitbucket_gets_a_report_with_annotations_and_a_comment() {
    let Some(place) = place().await else { return };
    let (job, forge) = one_comment_is_made_and_then_updated(Kind::Bitbucket, &place).await;
    let reports = forge.reports();
    let [report, annotations] = reports.as_slice() else { panic!("{reports:?}") };
    assert_eq!((report.method.as_str(), &report.json()["result"]), ("PUT", &json!("FAILED")));
    let annotation = &annotations.json()[0];
    assert_eq!(
        (&annotation["path"], &annotation["line"], &annotation["severity"]),
        (&json!(BAD.0), &json!(2), &json!("HIGH"))
    );
    assert!(!forge.ours()[0].contains("<details>"), "no HTML there");
    and_then_updated(&job, &forge).await;
    assert_eq!(forge.reports().last().expect("a report").json()["result"], "PASSED");
}

#[tokio::test]
async fn azure_gets_issues_of_the_run_and_a_comment() {
    let Some(place) = place().await else { return };
    let (job, forge) = one_comment_is_made_and_then_updated(Kind::Azure, &place).await;
    let ran = job.run(&["check"]).await.ended(1);
    ran.says("##vso[task.logissue type=error;sourcepath=migrations/0002_pen.sql;linenumber=2;");
    and_then_updated(&job, &forge).await;
}

#[tokio::test]
async fn what_a_forge_refuses_is_said_and_what_passes_is_tried_again() {
    let Some(place) = place().await else { return };
    for kind in [Kind::Github, Kind::Gitlab, Kind::Bitbucket, Kind::Azure] {
        let forge = Forge::start(kind).await;
        let job = job(kind, &forge).of(&place.shop, &place.agent, &[&place.target]);
        let fault = |status, retry_after, done| Fault { status, retry_after, done };

        // The report of a commit comes first on Bitbucket, and meets none of these.
        let skipped = if kind == Kind::Bitbucket { 2 } else { 0 };
        let fine = vec![fault(200, None, true); skipped];
        // A limit of requests, then a comment whose answer is lost: it is there once all the same.
        forge.fault(
            &[fine.clone(), vec![fault(429, Some(1), false), fault(502, None, true)]].concat(),
        );
        let began = Instant::now();
        job.run(&["check"]).await.ended(1);
        assert!(began.elapsed().as_secs() >= 1, "{kind:?}: Retry-After is kept");
        assert_eq!(forge.ours().len(), 1, "{kind:?}");

        // It may not comment: said, with what is missing; the check's own status stays.
        forge.fault(&[fine.clone(), vec![fault(403, None, false)]].concat());
        let before = forge.seen().len();
        let ran = job.run(&["check"]).await.ended(1);
        ran.says("does not let the token comment (not now); ");
        let writes = forge.seen()[before..].iter().filter(|r| r.method != "GET").count();
        assert_eq!(writes, skipped + 1, "{kind:?}: a refusal is not repeated");

        // For ever down: given up.
        forge.fault(&[fine, vec![fault(500, None, false); 4]].concat());
        job.run(&["check"]).await.ended(1).says("failed with HTTP status 500");

        // A wrong token.
        let token = match kind {
            Kind::Github => "GITHUB_TOKEN",
            Kind::Gitlab => "GITLAB_TOKEN",
            Kind::Bitbucket => "BITBUCKET_ACCESS_TOKEN",
            Kind::Azure => "SYSTEM_ACCESSTOKEN",
        };
        let job = job.with(&[(token, "expired")]);
        let before = forge.seen().len();
        job.run(&["check"]).await.ended(1).says("does not accept the token");
        let asked = forge.seen().len() - before;
        assert!(asked <= 1 + skipped, "{kind:?}: {asked} requests with a token that is refused");

        // None.
        let job = job.with(&[(token, "")]);
        job.run(&["check"])
            .await
            .ended(1)
            .says(&format!("no comment was written: {token} is not set; "));
    }
}
