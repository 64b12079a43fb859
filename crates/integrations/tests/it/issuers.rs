//! Issuers of tokens of CI systems, and how often they are asked for their keys.

use std::time::Duration;

use base::Time;
use integrations::http::Http;
use integrations::idp::{Expected, Issuers};
use integrations::outbound::Outbound;
use serde_json::json;
use testkit::issuer::{self, Issuer};

const DESCRIPTION: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn one_that_does_not_tell_its_keys_is_not_asked_again_at_once() {
    let issuer = Issuer::start().await;
    let http = Http::new(Outbound { allow_private: true, ..Outbound::default() });
    let expected =
        Expected { issuer: issuer.url.clone(), audiences: Vec::new(), subject: "ann".to_owned() };
    let now = base::Clock::now(&base::System);
    let token =
        issuer::honest(&json!({"iss": issuer.url, "sub": "ann", "exp": now.seconds() + 3_600}));
    let issuers = Issuers::default();
    let check = async |at: Time| {
        let checked = issuers.check(&http, &token, &expected, at).await;
        checked.map(|found| found.subject).map_err(|e| e.to_string())
    };
    issuer.tell(|says| says.moved = Some((DESCRIPTION, "http://127.0.0.1:9/".to_owned())));
    let why = check(now).await.expect_err("it does not tell");
    assert!(why.contains("does not tell its keys"), "{why}");
    for _ in 0..5 {
        assert_eq!(check(now).await, Err(why.clone()));
    }
    assert_eq!(issuer.asked(DESCRIPTION), 1);
    // It is back, and asked again after a while.
    issuer.tell(|says| says.moved = None);
    let later = now.plus(Duration::from_secs(31));
    assert_eq!(check(later).await, Ok("ann".to_owned()));
    assert_eq!((issuer.asked(DESCRIPTION), issuer.asked("/keys")), (2, 1));
    assert_eq!(check(later).await, Ok("ann".to_owned()));
    assert_eq!(issuer.asked("/keys"), 1);
}
