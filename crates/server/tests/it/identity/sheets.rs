//! Sheets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::world::{Expect as _, World};
use crate::support::http::request;

fn sheet(parent: &str, content: &[u8]) -> Value {
    json!({"parent": parent, "sheet": {"content": STANDARD.encode(content)}})
}

#[tokio::test]
async fn the_same_text_is_the_same_sheet() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    let made = world
        .call("SheetService/CreateSheet", sheet("projects/shop", b"SELECT 1;"), &admin)
        .await
        .ok();
    let name = made["name"].as_str().unwrap();
    assert_eq!(name, format!("projects/shop/sheets/{}", base::id::sha256_hex(b"SELECT 1;")));
    assert_eq!((&made["contentSize"], &made["content"]), (&json!("9"), &json!(null)));
    let again = world
        .call("SheetService/CreateSheet", sheet("projects/shop", b"SELECT 1;"), &admin)
        .await
        .ok();
    assert_eq!(again["name"], name);
    let read = world.call("SheetService/GetSheet", json!({"name": name}), &admin).await.ok();
    assert_eq!(STANDARD.decode(read["content"].as_str().unwrap()).unwrap(), b"SELECT 1;");
    // Another project has it only when it was given it.
    world.project(&admin, "other", &[]).await;
    let elsewhere = json!({"name": name.replace("shop", "other")});
    world.call("SheetService/GetSheet", elsewhere, &admin).await.refused(
        404,
        "not_found",
        "RESOURCE_NOT_FOUND",
    );
    let requests = json!([{"sheet": {"content": STANDARD.encode("a")}}, {"sheet": {"content": STANDARD.encode("b")}}]);
    let batch = json!({"parent": "projects/shop", "requests": requests});
    let made = world.call("SheetService/BatchCreateSheets", batch, &admin).await.ok();
    assert!(made["sheets"][1]["name"].as_str().unwrap().ends_with(&base::id::sha256_hex(b"b")));
    world.end().await;
}

#[tokio::test]
async fn a_long_sheet_is_cut_between_characters_unless_asked_for_raw() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    // Two bytes a character from an odd place on, so that the cut at 2 MiB falls into one.
    let text = format!("-{}", "é".repeat(1_500_000));
    let put = request("PUT", "/api/projects/shop/sheets")
        .header("authorization", &format!("Bearer {admin}"));
    let made = put.body(text.as_bytes()).send(world.address).await.ok();
    assert_eq!(made["contentSize"], "3000001");
    let read = async |raw: bool| {
        let body = json!({"name": made["name"], "raw": raw});
        let found = world.call("SheetService/GetSheet", body, &admin).await.ok();
        STANDARD.decode(found["content"].as_str().unwrap()).unwrap()
    };
    let cut = read(false).await;
    assert_eq!(cut.len(), (2 << 20) - 1);
    assert!(text.starts_with(std::str::from_utf8(&cut).unwrap()));
    assert_eq!(read(true).await, text.as_bytes());
    world.end().await;
}

#[tokio::test]
async fn what_is_no_text_is_refused_with_its_place() {
    let (world, admin) = World::start().await;
    world.project(&admin, "shop", &[]).await;
    for (content, place) in
        [(&b"SELECT 1;\n\xff"[..], "byte 10, in line 2"), (b"a\0", "byte 1, in line 1")]
    {
        let reply =
            world.call("SheetService/CreateSheet", sheet("projects/shop", content), &admin).await;
        reply.refused(400, "invalid_argument", "NOT_TEXT");
        assert!(reply.text().contains(place), "{}", reply.text());
    }
    world.call("ProjectService/DeleteProject", json!({"name": "projects/shop"}), &admin).await.ok();
    let deleted =
        world.call("SheetService/CreateSheet", sheet("projects/shop", b"x"), &admin).await;
    deleted.refused(400, "failed_precondition", "RESOURCE_DELETED");
    world.end().await;
}
