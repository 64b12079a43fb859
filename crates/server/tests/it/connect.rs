//! The protocol: what is tolerated, what is refused, and how.

use std::io::Read as _;

use api::bytebase::v1 as pb;
use flate2::read::GzDecoder;
use prost::Message as _;

use crate::support::http::{get, post, request};
use crate::support::{Server, short_limits};

const GET_PLAN: &str = "/bytebase.v1.PlanService/GetPlan";
const PLAN_1: &str = r#"{"name":"projects/shop/plans/1"}"#;

#[tokio::test]
async fn json_is_tolerant() {
    let server = Server::start().await;
    for (content_type, body) in [
        ("application/json", r#"{"name":"projects/shop/plans/1","hm":{"x":[1,{"y":null}]}}"#),
        ("application/json; charset=utf-8", PLAN_1),
        ("APPLICATION/JSON;charset=\"UTF-8\"", PLAN_1),
    ] {
        let reply = request("POST", GET_PLAN)
            .header("authorization", "Bearer ann")
            .header("content-type", content_type)
            .body(body)
            .send(server.address)
            .await;
        assert_eq!(reply.status, 200, "{content_type}: {}", reply.text());
    }
    // No body at all is an empty message.
    let reply = server.json("ActuatorService/GetActuatorInfo", "").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    server.end().await;
}

#[tokio::test]
async fn wrong_requests_say_what_is_wrong() {
    let server = Server::start().await;
    let call = |content_type: &str| {
        request("POST", GET_PLAN)
            .header("authorization", "Bearer ann")
            .header("content-type", content_type)
    };
    let to = server.address;
    for content_type in ["text/plain", "application/grpc", "application/connect+proto", ""] {
        let reply = call(content_type).body(PLAN_1).send(to).await;
        reply.refused(415, "invalid_argument", "MALFORMED_REQUEST");
    }
    let reply = call("application/json").body("{\"name\":").send(to).await;
    reply.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    let reply = call("application/proto").body(b"\x0a\x40ab").send(to).await;
    reply.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    let reply =
        call("application/json").header("content-encoding", "br").body(PLAN_1).send(to).await;
    reply.refused(501, "unimplemented", "NOT_IMPLEMENTED");
    let reply =
        call("application/json").header("content-encoding", "gzip").body(PLAN_1).send(to).await;
    reply.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    let reply = call("application/json")
        .header("connect-protocol-version", "2")
        .body(PLAN_1)
        .send(to)
        .await;
    reply.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    let reply =
        call("application/json").header("connect-timeout-ms", "soon").body(PLAN_1).send(to).await;
    reply.refused(400, "invalid_argument", "MALFORMED_REQUEST");
    let reply =
        call("application/json").body(r#"{"name":"projects/shop/plans/1\u0000"}"#).send(to).await;
    reply.refused(400, "invalid_argument", "NOT_TEXT");
    assert!(server.keeper.asked().is_empty(), "nothing of this reached the gate's second question");
    server.end().await;
}

#[tokio::test]
async fn unknown_rpcs_are_unimplemented() {
    let server = Server::start().await;
    for path in ["/bytebase.v1.PlanService/Explode", "/bytebase.v1.X/Y", "/basalt.v1.Search/Search"]
    {
        let reply = request("POST", path).body("{}").send(server.address).await;
        reply.refused(404, "unimplemented", "NOT_IMPLEMENTED");
    }
    // In the contract, with a trait method that nobody has written yet.
    let reply = server.json("PlanService/RunPlanChecks", PLAN_1).await;
    reply.refused(501, "unimplemented", "NOT_IMPLEMENTED");
    let reply = request("DELETE", GET_PLAN)
        .header("authorization", "Bearer ann")
        .send(server.address)
        .await;
    reply.refused(405, "invalid_argument", "MALFORMED_REQUEST");
    server.end().await;
}

#[tokio::test]
async fn get_is_for_rpcs_without_effect() {
    let server = Server::start().await;
    let create = get("/bytebase.v1.PlanService/CreatePlan?encoding=json&message=%7B%7D")
        .header("authorization", "Bearer ann")
        .send(server.address)
        .await;
    create.refused(405, "invalid_argument", "MALFORMED_REQUEST");
    let list = get("/bytebase.v1.PlanService/ListPlans?encoding=json&message=%7B%22parent%22%3A%22projects%2Fshop%22%7D")
        .header("authorization", "Bearer ann")
        .send(server.address)
        .await;
    assert_eq!(list.json()["plans"][0]["name"], "projects/shop/plans/1");
    server.end().await;
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_take_it() {
    let server = Server::start().await;
    for (accept, packed) in
        [("gzip", true), ("br, gzip;q=0.2", true), ("gzip;q=0", false), ("br", false)]
    {
        let reply = post("PlanService/GetPlan")
            .header("authorization", "Bearer ann")
            .header("accept-encoding", accept)
            .body(r#"{"name":"projects/shop/plans/big"}"#)
            .send(server.address)
            .await;
        assert_eq!(reply.header("content-encoding") == Some("gzip"), packed, "{accept}");
        let mut text = String::new();
        if packed {
            assert!(reply.body.len() < 1000);
            GzDecoder::new(reply.body.as_slice()).read_to_string(&mut text).unwrap();
        } else {
            text.push_str(reply.text());
        }
        assert!(text.starts_with(r#"{"description":"big big"#), "{accept}");
        assert_eq!(text.len(), 40_000 + r#"{"description":""}"#.len());
    }
    server.end().await;
}

#[tokio::test]
async fn errors_carry_their_details_and_never_a_cause() {
    let server = Server::start().await;
    let absent = server.get_plan("absent").await;
    absent.refused(404, "not_found", "RESOURCE_NOT_FOUND");
    let blocked = server.get_plan("blocked").await;
    blocked.refused(400, "failed_precondition", "BLOCKED");
    let violations = &blocked.json()["details"][1]["debug"]["violations"];
    assert_eq!(violations.as_array().unwrap().len(), 2, "all blockers, not the first");
    for plan in ["internal", "panic"] {
        let reply = server.get_plan(plan).await;
        reply.refused(500, "internal", "INTERNAL");
        let id = reply.header("x-request-id").unwrap();
        assert!(reply.text().contains(id), "the id leads to the log");
        for cause in ["disk", "SELECT", "cat", "panick"] {
            assert!(!reply.text().contains(cause), "{}", reply.text());
        }
    }
    server.end().await;
}

#[tokio::test]
async fn a_deadline_ends_the_call() {
    let server = Server::start().await;
    for timeout in ["20", "0"] {
        let reply = post("PlanService/GetPlan")
            .header("authorization", "Bearer ann")
            .header("connect-timeout-ms", timeout)
            .body(r#"{"name":"projects/shop/plans/slow"}"#)
            .send(server.address)
            .await;
        reply.refused(504, "deadline_exceeded", "TIMEOUT");
    }
    server.end().await;
}

#[tokio::test]
async fn a_call_without_deadline_ends_too() {
    let limits = server::Limits { call: std::time::Duration::from_millis(50), ..short_limits() };
    let server = Server::with(server::Config { limits, ..Default::default() }).await;
    server.get_plan("slow").await.refused(504, "deadline_exceeded", "TIMEOUT");
    server.end().await;
}

#[tokio::test]
async fn a_connection_is_used_again_after_an_error() {
    let server = Server::start().await;
    let call =
        || post("PlanService/GetPlan").header("authorization", "Bearer ann").body(PLAN_1).bytes();
    let bad = post("PlanService/GetPlan").header("authorization", "Bearer ann").body("{").bytes();
    let mut connection = crate::support::http::Connection::open(server.address).await;
    for (bytes, status) in [(call(), 200), (bad, 400), (call(), 200)] {
        connection.write(&bytes).await;
        assert_eq!(connection.reply().await.status, status);
    }
    server.end().await;
}

#[tokio::test]
async fn http2_without_tls() {
    use http_body_util::{BodyExt as _, Full};
    use hyper_util::rt::{TokioExecutor, TokioIo};

    let server = Server::start().await;
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    let driver = tokio::spawn(connection);
    let body = pb::GetPlanRequest { name: "projects/shop/plans/1".into() }.encode_to_vec();
    let request = hyper::Request::post(format!("http://basalt.test{GET_PLAN}"))
        .header("content-type", "application/proto")
        .header("authorization", "Bearer ann")
        .body(Full::new(bytes::Bytes::from(body)))
        .unwrap();
    let response = client.send_request(request).await.unwrap();
    assert_eq!(response.version(), hyper::Version::HTTP_2);
    assert_eq!(response.status(), 200);
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(pb::Plan::decode(bytes).unwrap().title, "for users/ann@example.com");
    drop(client);
    driver.await.unwrap().unwrap();
    server.end().await;
}
