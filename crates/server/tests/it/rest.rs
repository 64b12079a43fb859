//! REST: the same rpcs by path, query and JSON, errors as gateways write them, and the document that says so.

use serde_json::json;

use crate::support::Server;
use crate::support::http::{get, request};
use crate::support::real::Real;

const PENDING: &str = include_str!("../../../../proto/UNIMPLEMENTED");

#[tokio::test]
async fn a_call_by_rest_is_the_call_by_connect() {
    let server = Server::start().await;
    let by_rest = get("/v1/projects/shop/plans?pageSize=5")
        .header("authorization", "Bearer ann")
        .send(server.address)
        .await;
    let by_connect =
        server.json("PlanService/ListPlans", r#"{"parent":"projects/shop","pageSize":5}"#).await;
    assert_eq!((by_rest.status, by_rest.json()), (200, by_connect.json()));
    assert_eq!(by_rest.header("content-type"), Some("application/json"));
    server.end().await;
}

#[tokio::test]
async fn refusals_are_written_as_gateways_do() {
    let server = Server::start().await;
    let stranger = get("/v1/projects/shop/plans").send(server.address).await;
    let body = stranger.json();
    assert_eq!((stranger.status, &body["code"]), (401, &json!(16)), "{body}");
    assert_eq!(body["details"][0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
    assert_eq!(body["details"][0]["reason"], "NOT_SIGNED_IN");

    for (verb, path, status, code, words) in [
        ("GET", "/v1/nothing", 404, 12, "nothing at /v1/nothing"),
        ("PUT", "/v1/projects/shop/plans", 405, 3, "use GET, POST"),
        ("GET", "/v1/projects/shop/plans?pagesize=1", 400, 3, "did you mean pageSize?"),
    ] {
        let reply =
            request(verb, path).header("authorization", "Bearer ann").send(server.address).await;
        let body = reply.json();
        assert_eq!((reply.status, &body["code"]), (status, &json!(code)), "{path}: {body}");
        assert!(body["message"].as_str().unwrap().contains(words), "{body}");
    }
    let form = request("POST", "/v1/projects/shop/plans")
        .header("authorization", "Bearer ann")
        .header("content-type", "text/plain")
        .body("{}")
        .send(server.address)
        .await;
    assert_eq!(form.status, 415, "{}", form.text());
    server.end().await;
}

#[tokio::test]
async fn the_document_holds_what_is_served() {
    let server = Server::start().await;
    let document = get("/api/openapi.json").send(server.address).await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let plans = &document["paths"]["/v1/projects/{project}/plans"]["get"];
    assert_eq!(plans["operationId"], "PlanService_ListPlans");
    assert_eq!(plans["x-permission"], "bb.plans.list");
    let names: Vec<_> =
        plans["parameters"].as_array().unwrap().iter().map(|p| &p["name"]).collect();
    assert!(names.contains(&&json!("project")) && names.contains(&&json!("pageSize")), "{names:?}");
    // Every reference leads somewhere.
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.get(name).is_some_and(|s| !s.is_null()), "{name}");
    }
    server.end().await;
}

#[tokio::test]
async fn the_document_says_what_a_body_has_to_be() {
    let server = Real::start().await;
    let document = get("/api/openapi.json").send(server.address).await.json();
    // What the path says is not asked for again, and a body with nothing in it may be left out.
    let undelete = &document["paths"]["/v1/projects/{project}:undelete"]["post"]["requestBody"];
    assert_eq!(undelete["required"], false);
    let body = &undelete["content"]["application/json"]["schema"];
    assert_eq!((&body["properties"], &body["additionalProperties"]), (&json!({}), &json!(false)));
    let run = &document["paths"]["/v1/instances/{instance}/databases:batchSync"]["post"];
    let body = &run["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(
        (&run["requestBody"]["required"], &body["required"]),
        (&json!(true), &json!(["names"]))
    );
    let search = &document["paths"]["/v1/auditLogs:search"]["post"]["requestBody"];
    assert_eq!(search["required"], false, "the parent is for the other path");
    let sheet = &document["components"]["schemas"]["bytebase.v1.CreateSheetRequest"]["required"];
    assert_eq!(sheet, &json!(["sheet"]), "in a batch the parent is said by its path");
    // Answers leave out zero values, so nothing in them is required; of a choice one field at most is there.
    assert!(document["components"]["schemas"]["bytebase.v1.Sheet"]["required"].is_null());
    let policy = &document["components"]["schemas"]["bytebase.v1.Policy"]["allOf"][0]["oneOf"];
    assert_eq!(policy[0]["required"].as_array().map(Vec::len), Some(1), "{policy}");
    // Of the contract, but not of this version.
    let diff = "/v1/instances/{instance}/databases/{database}:diffSchema";
    assert!(document["paths"][diff].is_null() && PENDING.contains("DatabaseService/DiffSchema\n"));
}
