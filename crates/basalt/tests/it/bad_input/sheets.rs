//! Texts that are too large, or no texts.

use serde_json::{Value, json};
use testkit::app::{CallError, read};

use crate::shop::{Shop, text};

const LIMIT: usize = 100 << 20;

#[tokio::test]
async fn a_sheet_of_100_mib_is_taken_and_one_byte_more_is_refused() {
    let shop = Shop::open().await;
    let line = b"INSERT INTO t VALUES (1, 'forty bytes of SQL');\n";
    let sql: Vec<u8> = line.iter().copied().cycle().take(LIMIT).collect();
    let sheet = put(&shop, sql).await.expect("100 MiB");
    assert_eq!(text(&sheet["contentSize"]), LIMIT.to_string());
    let refused = announce(&shop, LIMIT + 1);
    assert!(refused.starts_with("HTTP/1.1 413 "), "{refused}");
    assert!(
        refused.contains("TOO_LARGE") && refused.contains("100 MiB"),
        "what the limit is: {refused}"
    );
}

#[tokio::test]
async fn nul_and_other_encodings_are_refused_on_both_ways_in() {
    let shop = Shop::open().await;
    let cases: [(&[u8], &str); 3] = [
        (b"SELECT 1;\0", "NUL"),
        (b"SELECT '\xff\xfe'", "UTF-8"),
        (b"SELECT 'caf\xe9' AS latin1", "UTF-8"),
    ];
    for (bytes, word) in cases {
        use base64::Engine as _;
        let content = base64::prelude::BASE64_STANDARD.encode(bytes);
        let request = json!({"parent": "projects/shop", "sheet": {"content": content}});
        let by_rpc = shop.ada.json("SheetService/CreateSheet", request).await.expect_err(word);
        let by_put = put(&shop, bytes.to_vec()).await.expect_err(word);
        for error in [by_rpc, by_put] {
            assert_eq!(
                (error.code.as_str(), error.reason.as_str()),
                ("invalid_argument", "NOT_TEXT"),
                "{error:?}"
            );
            assert!(error.message.contains(word), "{}", error.message);
        }
    }
}

async fn put(shop: &Shop, body: Vec<u8>) -> Result<Value, CallError> {
    let answer = read(shop.ada.request("PUT", "/api/projects/shop/sheets").body(body)).await?;
    Ok(serde_json::from_slice(&answer).expect("JSON"))
}

/// The answer to an upload of that size, of which no byte was sent yet.
fn announce(shop: &Shop, size: usize) -> String {
    use std::io::{Read as _, Write as _};
    let address = shop.basalt.url.trim_start_matches("http://");
    let token = shop.ada.token.as_deref().expect("signed in");
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "PUT /api/projects/shop/sheets HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-length: {size}\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
