//! What connect-go 1.21.1 sends, byte for byte: captured once from the real client, kept in vectors/.

use api::bytebase::v1 as pb;
use prost::Message as _;

use crate::support::Server;
use crate::support::http::{Reply, send};

/// Sends a captured request.
async fn replay(server: &Server, vector: &[u8]) -> Reply {
    send(server.address, vector).await
}

fn plan_of(reply: &Reply) -> pb::Plan {
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.header("content-type"), Some("application/proto"));
    pb::Plan::decode(reply.body.as_slice()).unwrap()
}

#[tokio::test]
async fn unary_in_protobuf() {
    let server = Server::start().await;
    for vector in [
        include_bytes!("vectors/unary-proto.bin").as_slice(),
        include_bytes!("vectors/unary-proto-timeout.bin"),
        include_bytes!("vectors/get-proto.txt"),
    ] {
        let plan = plan_of(&replay(&server, vector).await);
        assert_eq!(plan.name, "projects/shop/plans/1");
        assert_eq!(plan.title, "for users/ann@example.com");
    }
    assert_eq!(server.keeper.asked(), ["bb.plans.get @ projects/shop/plans/1"; 3]);
    server.end().await;
}

#[tokio::test]
async fn unary_in_json() {
    let server = Server::start().await;
    for vector in [
        include_bytes!("vectors/unary-json.txt").as_slice(),
        include_bytes!("vectors/get-json.txt"),
    ] {
        let reply = replay(&server, vector).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(
            reply.json(),
            serde_json::json!({
                "name": "projects/shop/plans/1",
                "title": "for users/ann@example.com",
                "description": "127.0.0.1",
            })
        );
    }
    server.end().await;
}

#[tokio::test]
async fn unary_in_gzip() {
    let server = Server::start().await;
    let reply = replay(&server, include_bytes!("vectors/unary-proto-gzip.bin")).await;
    let plan = plan_of(&reply);
    assert_eq!(plan.title, "Add a column");
    assert_eq!(plan.description, "because ".repeat(40));
    server.end().await;
}

#[tokio::test]
async fn empty_messages() {
    let server = Server::start().await;
    for vector in [
        include_bytes!("vectors/empty-proto.bin").as_slice(),
        include_bytes!("vectors/empty-proto-gzip.bin"),
    ] {
        let reply = replay(&server, vector).await;
        let info = pb::ActuatorInfo::decode(reply.body.as_slice()).unwrap();
        assert_eq!(info.total_instance_count, 3);
    }
    let reply = replay(&server, include_bytes!("vectors/empty-json.txt")).await;
    assert_eq!(reply.text(), r#"{"totalInstanceCount":3}"#);
    server.end().await;
}

/// Bytes of the answer in full: status line, headers, details. What a client of the peer parses.
#[tokio::test]
async fn an_error_in_full() {
    let server = Server::start().await;
    let vector = include_bytes!("vectors/unary-proto.bin");
    let bob = String::from_utf8_lossy(vector).replace("Bearer ann", "Bearer bob");
    let reply = replay(&server, bob.as_bytes()).await;
    reply.refused(403, "permission_denied", "PERMISSION_MISSING");
    let detail = &reply.json()["details"][1];
    assert_eq!(detail["type"], "bytebase.v1.PermissionDeniedDetail");
    // method=1, required_permissions=2, resources=3; base64 without padding.
    assert_eq!(
        detail["value"],
        "CiAvYnl0ZWJhc2UudjEuUGxhblNlcnZpY2UvR2V0UGxhbhIMYmIucGxhbnMuZ2V0GhVwcm9qZWN0cy9zaG9wL3BsYW5zLzE"
    );
    assert_eq!(detail["debug"]["method"], "/bytebase.v1.PlanService/GetPlan");
    server.end().await;
}
