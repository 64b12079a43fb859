//! Wrong host, port, password, TLS name: what went wrong, of which kind, and nothing is kept.

use serde_json::{Value, json};
use testkit::servers;

use crate::shop::{Shop, instance};

#[tokio::test]
async fn a_connection_that_fails_says_of_which_kind() {
    let (Some(pg), Some(my)) = (servers::postgres().await, servers::mariadb().await) else {
        return;
    };
    let shop = Shop::open().await;
    for server in [pg, my] {
        let database = server.database().await;
        let right = instance("test", &database);
        test_connection(&shop, &right).await.expect("the right address works");

        let wrong = with(&right, &json!({"host": "no-such-host.invalid"}));
        refused(&shop, &wrong, "CONNECTION_NETWORK", &["no-such-host.invalid"]).await;
        let wrong = with(&right, &json!({"port": "1"}));
        refused(&shop, &wrong, "CONNECTION_NETWORK", &["refused", "host and port"]).await;
        let wrong = with(&right, &json!({"password": "not-the-password"}));
        refused(&shop, &wrong, "CONNECTION_AUTH", &[&server.user]).await;
        let wrong = with(&right, &json!({"useSsl": true}));
        refused(&shop, &wrong, "CONNECTION_TLS", &["certificate"]).await;
        let ca =
            std::fs::read_to_string(&server.ca_file).expect("the authority of the test servers");
        let trusted = with(&right, &json!({"useSsl": true, "sslCa": ca}));
        test_connection(&shop, &trusted).await.expect("the right authority is trusted");
        // The certificate is for 127.0.0.1 and localhost; this spelling leads to the same server.
        let wrong = with(&trusted, &json!({"host": "127.1"}));
        refused(&shop, &wrong, "CONNECTION_TLS", &["certificate names this host"]).await;
    }
    let kept = shop.ada.json("InstanceService/ListInstances", json!({})).await.expect("a list");
    assert_eq!(kept, json!({}), "a test of a connection keeps nothing");
}

#[tokio::test]
async fn a_port_that_is_no_number_names_the_field() {
    let Some(pg) = servers::postgres().await else { return };
    let shop = Shop::open().await;
    let database = pg.database().await;
    let wrong = with(&instance("test", &database), &json!({"port": "54x2"}));
    let error = test_connection(&shop, &wrong).await.expect_err("not a port");
    assert_eq!(error.reason, "INVALID_FIELD");
    assert!(error.message.contains("port"), "{}", error.message);
}

fn with(instance: &Value, changes: &Value) -> Value {
    let mut instance = instance.clone();
    for (key, value) in changes.as_object().expect("an object") {
        instance["dataSources"][0][key] = value.clone();
    }
    instance
}

async fn test_connection(shop: &Shop, instance: &Value) -> Result<Value, testkit::app::CallError> {
    let request = json!({"instanceId": "candidate", "instance": instance, "validateOnly": true});
    shop.ada.json("InstanceService/CreateInstance", request).await
}

async fn refused(shop: &Shop, instance: &Value, reason: &str, words: &[&str]) {
    let error = test_connection(shop, instance).await.expect_err(reason);
    assert!(error.reason.starts_with(reason), "expected {reason}: {error:?}");
    for word in words {
        assert!(error.message.contains(word), "{word} should be in: {}", error.message);
    }
    let password = instance["dataSources"][0]["password"].as_str().expect("a password");
    assert!(
        password.len() < 8 || !error.body.contains(password),
        "the password is nobody's business: {}",
        error.body
    );
}
