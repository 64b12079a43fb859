//! Drafts and preferences: kept for the person whose they are, and for nobody else.

use serde_json::{Value, json};
use testkit::app::Client;

use crate::shop::{Shop, list, text};

const PLACE: &str = "plan:projects/shop/plans/1";

async fn save(client: &Client, value: &str, etag: &str) -> Value {
    let draft = json!({"place": PLACE, "value": value, "etag": etag});
    client.json("basalt.v1.DraftService/SaveDraft", draft).await.expect("an answer")
}

async fn get(client: &Client) -> Value {
    let place = json!({"place": PLACE});
    client.json("basalt.v1.DraftService/GetDraft", place).await.expect("an answer")["draft"].clone()
}

#[tokio::test]
async fn a_draft_is_found_in_another_browser_and_not_overwritten_by_an_older_one() {
    let shop = Shop::open().await;
    let ada = &shop.ada;
    let mut other = shop.basalt.client();
    other.sign_in("ada@example.com", "correct-horse-9").await;
    assert_eq!(get(ada).await, Value::Null);
    let first = save(ada, r#"{"sql":"SELECT 1"}"#, "").await;
    assert_eq!((&first["saved"], &first["draft"]["value"]), (&json!(true), &Value::Null));
    let found = get(&other).await;
    assert_eq!(text(&found["value"]), r#"{"sql":"SELECT 1"}"#);
    assert_eq!(found["etag"], first["draft"]["etag"]);

    let second = save(&other, "2", &text(&found["etag"])).await;
    assert_eq!(second["saved"], true);
    // The first browser goes on from what it knows; it is given the newer one.
    for etag in [text(&found["etag"]), String::new()] {
        let late = save(ada, "3", &etag).await;
        assert_eq!(late["saved"], Value::Null);
        assert_eq!(
            (text(&late["draft"]["value"]), &late["draft"]["etag"]),
            ("2".to_owned(), &second["draft"]["etag"])
        );
    }
    let listed = ada.json("basalt.v1.DraftService/ListDrafts", json!({"prefix": "plan:"})).await;
    let listed = list(&listed.expect("a list")["drafts"]);
    assert_eq!((listed.len(), &listed[0]["value"]), (1, &Value::Null));

    let delete = async |etag: &str| {
        let request = json!({"place": PLACE, "etag": etag});
        ada.json("basalt.v1.DraftService/DeleteDraft", request).await.expect("an answer");
        get(ada).await
    };
    // Only the version that was read: the newer one stays.
    assert_ne!(delete(&text(&found["etag"])).await, Value::Null);
    assert_eq!(delete(&text(&second["draft"]["etag"])).await, Value::Null);
    let gone = save(&other, "4", &text(&second["draft"]["etag"])).await;
    assert_eq!((&gone["saved"], &gone["draft"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn strangers_see_neither_drafts_nor_preferences_and_both_go_with_the_person() {
    let shop = Shop::open().await;
    let bob = shop.member("bob@example.com", &[("projects/shop", "roles/projectOwner")]).await;
    save(&bob, "1", "").await;
    let theme = json!({"values": {"theme": "dark"}});
    let service = "basalt.v1.PreferenceService";
    bob.json(&format!("{service}/UpdatePreferences"), theme.clone()).await.expect("kept");
    let preferences = async |client: &Client| {
        client.json(&format!("{service}/GetPreferences"), json!({})).await.expect("an answer")
    };
    assert_eq!(preferences(&bob).await, theme);
    // Not even an administrator.
    assert_eq!(get(&shop.ada).await, Value::Null);
    assert_eq!(preferences(&shop.ada).await, json!({}));
    let prefix = shop.ada.json("basalt.v1.DraftService/ListDrafts", json!({})).await;
    assert_eq!(prefix.expect("a list"), json!({}));
    let anonymous = shop.basalt.client();
    let refused = anonymous.json("basalt.v1.DraftService/GetDraft", json!({"place": PLACE})).await;
    assert_eq!(refused.expect_err("refused").status, 401);

    let user = json!({"name": "users/bob@example.com"});
    shop.ada.json("UserService/DeleteUser", user.clone()).await.expect("gone");
    shop.ada.json("UserService/UndeleteUser", user).await.expect("back");
    let mut bob = shop.basalt.client();
    bob.sign_in("bob@example.com", "battery-staple-9").await;
    assert_eq!(get(&bob).await, Value::Null);
    assert_eq!(preferences(&bob).await, json!({}));
}

#[tokio::test]
async fn a_service_account_has_neither() {
    let shop = Shop::open().await;
    let account = json!({"parent": "workspaces/default", "serviceAccountId": "ci",
        "serviceAccount": {"title": "CI"}});
    let account = shop.ada.json("ServiceAccountService/CreateServiceAccount", account).await;
    let account = account.expect("an account");
    let mut ci = shop.basalt.client();
    ci.sign_in(&text(&account["email"]), &text(&account["serviceKey"])).await;
    for (rpc, request) in [
        ("DraftService/GetDraft", json!({"place": PLACE})),
        ("DraftService/SaveDraft", json!({"place": PLACE, "value": "1"})),
        ("PreferenceService/GetPreferences", json!({})),
    ] {
        let error = ci.json(&format!("basalt.v1.{rpc}"), request).await.expect_err("refused");
        assert_eq!((&*error.code, &*error.reason), ("permission_denied", "NOT_ALLOWED"), "{rpc}");
    }
}

#[tokio::test]
async fn both_have_limits() {
    let shop = Shop::open().await;
    let draft = async |place: &str, value: &str| {
        let request = json!({"place": place, "value": value});
        shop.ada.json("basalt.v1.DraftService/SaveDraft", request).await
    };
    for value in ["", "{", "\"\0\""] {
        let error = draft(PLACE, value).await.expect_err("no JSON");
        assert_eq!(error.code, "invalid_argument", "{value:?}");
    }
    let most = format!("\"{}\"", "x".repeat((1 << 20) - 2));
    assert_eq!(draft("large:0", &most).await.expect("fits")["saved"], true);
    let error = draft(PLACE, &format!("{most} ")).await.expect_err("too large");
    assert_eq!(error.reason, "TOO_LARGE");
    for n in 1..16 {
        draft(&format!("large:{n}"), &most).await.expect("fits");
    }
    let error = draft("large:16", "1").await.expect_err("more than 16 MiB");
    assert_eq!(error.reason, "TOO_LARGE");
    assert!(error.message.contains("16 MiB"), "{}", error.message);

    let preferences = async |values: Value| {
        shop.ada
            .json("basalt.v1.PreferenceService/UpdatePreferences", json!({"values": values}))
            .await
    };
    let error = preferences(json!({"theme": "da\0rk", "": "1"})).await.expect_err("NUL");
    assert!(error.message.contains("values[\"theme\"]"), "{}", error.message);
    let error = preferences(json!({"theme": format!("\"{}\"", "x".repeat(1 << 16))})).await;
    assert_eq!(error.expect_err("too large").reason, "TOO_LARGE");
    let many: serde_json::Map<_, _> = (0..200).map(|n| (format!("k{n}"), json!("1"))).collect();
    preferences(many.into()).await.expect("fit");
    let error = preferences(json!({"one more": "1"})).await.expect_err("too many");
    assert_eq!(error.reason, "TOO_LARGE");
    let request = json!({"values": {"one more": "1"}, "remove": ["k7"]});
    let all = shop.ada.json("basalt.v1.PreferenceService/UpdatePreferences", request).await;
    assert!(all.expect("one for another")["values"].get("k7").is_none());
}
