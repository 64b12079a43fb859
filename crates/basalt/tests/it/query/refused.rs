//! What does not run, and who may not run it.

use serde_json::{Value, json};
use testkit::servers;

use super::{ask, result, results};
use crate::shop::{Shop, list, text};

#[tokio::test]
async fn what_does_more_than_read_is_refused_by_its_line_and_nothing_runs() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    database.execute("CREATE TABLE t (a int)").await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    for (sql, kind, says) in [
        (
            "select 1;\n\ninsert into t values (1)",
            "DML",
            "Statement 2 (line 3) does more than read: INSERT",
        ),
        ("drop table t", "DDL", "Statement 1 (line 1)"),
        ("select set_config('transaction_read_only', 'off', false)", "NON_READ_ONLY", "set_config"),
        ("with x as (delete from t returning a) select * from x", "NON_READ_ONLY", "DELETE"),
        ("select my_own(1)", "NON_READ_ONLY", "may do more than read: of my_own()"),
        ("begin; select 1", "NON_READ_ONLY", "Statement 1"),
    ] {
        let all = results(&shop.ada, &name, sql).await;
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(text(&all[0]["error"]).contains(says), "{all:?}");
        assert_eq!(all[0]["errorReason"], "STATEMENT_REFUSED");
        // WITH is what it writes, by some dialects.
        assert!(
            all[0]["commandError"]["commandType"] == kind || sql.starts_with("with"),
            "{all:?}"
        );
    }
    assert!(database.rows("SELECT a FROM t").await.is_empty());
    let audit = json!({"parent": "projects/shop", "filter": "method == \"/bytebase.v1.SQLService/Query\"", "pageSize": 20});
    let audit =
        shop.ada.json("AuditLogService/SearchAuditLogs", audit).await.expect("the audit log");
    let entries = list(&audit["auditLogs"]);
    assert_eq!(entries.len(), 6, "{audit}");
    let told = |e: &Value| {
        e["severity"] == "ERROR"
            && e["status"]["message"] == "STATEMENT_REFUSED"
            && text(&e["response"]).contains("more than read")
    };
    assert!(entries.iter().all(told), "{audit}");
    let history = shop.ada.json(
        "QueryHistoryService/SearchQueryHistories",
        json!({"parent": "projects/shop", "filter": "status == \"REFUSED\""}),
    );
    assert_eq!(list(&history.await.expect("a page")["queryHistories"]).len(), 6);
}

#[tokio::test]
async fn only_who_may_select_in_the_project_of_the_database_queries_it() {
    let Some(server) = servers::postgres().await else { return };
    let database = server.database().await;
    let shop = Shop::open().await;
    let name = shop.adopt("pg", "test", &database).await;
    let other = json!({"projectId": "other", "project": {"title": "Other"}});
    shop.ada.json("ProjectService/CreateProject", other).await.expect("a project");
    let query = json!({"name": name, "statement": "select 1"});

    let anonymous = ask(&shop.basalt.client(), query.clone()).await.expect_err("a stranger");
    assert_eq!(anonymous.code, "unauthenticated");
    let mallory = shop.member("mallory@example.com", &[]).await;
    let elsewhere =
        shop.member("eve@example.com", &[("projects/other", "roles/projectOwner")]).await;
    for stranger in [&mallory, &elsewhere] {
        let refused = ask(stranger, query.clone()).await.expect_err("not theirs");
        assert_eq!(
            (refused.code.as_str(), refused.reason.as_str()),
            ("permission_denied", "PERMISSION_MISSING")
        );
    }
    let viewer = shop.member("vic@example.com", &[("projects/shop", "roles/projectViewer")]).await;
    let refused = ask(&viewer, query.clone()).await.expect_err("sees the database, not its rows");
    assert!(refused.body.contains("bb.sql.select"), "{}", refused.body);
    let reader =
        shop.member("rita@example.com", &[("projects/shop", "roles/sqlEditorReadUser")]).await;
    result(&reader, query).await;
}
