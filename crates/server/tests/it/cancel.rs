//! A client that goes away.

use crate::support::http::post;
use crate::support::{PATIENCE, Server};

#[tokio::test]
async fn a_call_goes_on_when_its_client_has_gone() {
    let server = Server::start().await;
    let call = post("PlanService/CreatePlan")
        .header("authorization", "Bearer ann")
        .body(r#"{"parent":"projects/shop","plan":{"title":"wait"}}"#)
        .open(server.address)
        .await;
    server.plans.began.notified().await;
    drop(call);
    server.plans.go_on.notify_one();
    let recorded = async {
        while server.keeper.log().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, recorded).await.expect("the outcome is recorded");
    assert_eq!(
        server.keeper.log(),
        ["STARTED users/ann@example.com ok", "SUCCEEDED users/ann@example.com ok"]
    );
    server.end().await;
}
