//! What comes at each chat service, held against the shape that its documentation gives.

use serde_json::{Value, json};

use super::{add, release, shop};
use crate::receiver::Receiver;

/// What must be there, by JSON pointer, and of which kind.
const SHAPES: [(&str, &[(&str, Is)]); 8] = [
    (
        "SLACK",
        &[
            ("/text", Is::Text(3_000)),
            ("/blocks/0/type", Is::Word("header")),
            ("/blocks/0/text/type", Is::Word("plain_text")),
            ("/blocks/0/text/text", Is::Text(150)),
            ("/blocks/1/type", Is::Word("section")),
            ("/blocks/1/text/type", Is::Word("mrkdwn")),
            ("/blocks/2/fields/0/type", Is::Word("mrkdwn")),
            ("/blocks/3/elements/0/type", Is::Word("button")),
            ("/blocks/3/elements/0/url", Is::Link),
        ],
    ),
    (
        "DISCORD",
        &[
            ("/embeds/0/title", Is::Text(256)),
            ("/embeds/0/color", Is::Number),
            ("/embeds/0/url", Is::Link),
            ("/embeds/0/timestamp", Is::Text(40)),
            ("/embeds/0/fields/0/name", Is::Text(256)),
            ("/embeds/0/fields/0/value", Is::Text(1_024)),
            ("/allowed_mentions/parse", Is::Empty),
        ],
    ),
    (
        "TEAMS",
        &[
            ("/type", Is::Word("message")),
            ("/attachments/0/contentType", Is::Word("application/vnd.microsoft.card.adaptive")),
            ("/attachments/0/content/type", Is::Word("AdaptiveCard")),
            ("/attachments/0/content/version", Is::Word("1.4")),
            ("/attachments/0/content/body/0/type", Is::Word("TextBlock")),
            ("/attachments/0/content/body/2/type", Is::Word("FactSet")),
            ("/attachments/0/content/body/2/facts/0/title", Is::Text(100)),
            ("/attachments/0/content/actions/0/type", Is::Word("Action.OpenUrl")),
            ("/attachments/0/content/actions/0/url", Is::Link),
        ],
    ),
    (
        "DINGTALK",
        &[
            ("/msgtype", Is::Word("markdown")),
            ("/markdown/title", Is::Text(200)),
            ("/markdown/text", Is::Text(20_000)),
        ],
    ),
    ("FEISHU", FEISHU),
    ("LARK", FEISHU),
    ("WECOM", &[("/msgtype", Is::Word("markdown")), ("/markdown/content", Is::Text(4_096))]),
    (
        "GOOGLE_CHAT",
        &[
            ("/cardsV2/0/cardId", Is::Text(100)),
            ("/cardsV2/0/card/header/title", Is::Text(200)),
            ("/cardsV2/0/card/sections/0/widgets/0/decoratedText/topLabel", Is::Text(100)),
            ("/cardsV2/0/card/sections/0/widgets/0/decoratedText/text", Is::Text(2_000)),
        ],
    ),
];

const FEISHU: &[(&str, Is)] = &[
    ("/msg_type", Is::Word("interactive")),
    ("/timestamp", Is::Text(12)),
    ("/sign", Is::Text(44)),
    ("/card/header/title/tag", Is::Word("plain_text")),
    ("/card/header/title/content", Is::Text(200)),
    ("/card/elements/0/tag", Is::Word("div")),
    ("/card/elements/0/text/tag", Is::Word("plain_text")),
    ("/card/elements/2/tag", Is::Word("action")),
    ("/card/elements/2/actions/0/url", Is::Link),
];

#[derive(Clone, Copy)]
enum Is {
    Word(&'static str),
    /// Not empty, with at most so many characters.
    Text(usize),
    Number,
    Link,
    Empty,
}

fn fits(value: Option<&Value>, is: Is) -> bool {
    let Some(value) = value else { return false };
    let text = value.as_str();
    match is {
        Is::Word(word) => text == Some(word),
        Is::Text(most) => text.is_some_and(|t| !t.is_empty() && t.chars().count() <= most),
        Is::Number => value.is_number(),
        Is::Link => text.is_some_and(|t| t.starts_with("https://b.example/projects/shop")),
        Is::Empty => value.as_array().is_some_and(Vec::is_empty),
    }
}

#[tokio::test]
async fn each_service_gets_what_it_documents() {
    let receiver = Receiver::start().await;
    let host = receiver.url.trim_start_matches("http://").trim_end_matches("/hook").to_owned();
    let shop = shop(&["--webhook-host", &host]).await;
    for (service, _) in SHAPES {
        let mut webhook = json!({
            "type": service,
            "title": service,
            "url": format!("http://{host}/{service}"),
            "notificationTypes": ["RELEASE_CREATED"],
        });
        if matches!(service, "DINGTALK" | "FEISHU" | "LARK") {
            webhook["signingSecret"] = json!("SECabc");
        }
        add(&shop.ada, webhook).await.expect(service);
    }
    release(&shop).await;
    let seen = receiver.wait(SHAPES.len()).await;
    for (service, shape) in SHAPES {
        let posted = seen.iter().find(|p| p.path.split('?').next() == Some(&format!("/{service}")));
        let posted = posted.unwrap_or_else(|| panic!("{service} got nothing"));
        assert!(posted.header("content-type").starts_with("application/json"), "{service}");
        let body = posted.json();
        for (pointer, is) in shape {
            assert!(fits(body.pointer(pointer), *is), "{service} {pointer}: {body:#}");
        }
        if service == "DINGTALK" {
            assert!(posted.path.contains("?timestamp=") && posted.path.contains("&sign="));
        }
    }
}
