//! Each service's message is held against a recorded one, with somebody's words in it that try to be more than words.

use super::*;

const ALL: [Service; 9] = [
    Service::Slack,
    Service::Discord,
    Service::Teams,
    Service::DingTalk,
    Service::Feishu,
    Service::WeCom,
    Service::Lark,
    Service::GoogleChat,
    Service::Generic,
];

fn message() -> Message {
    Message {
        event: "rollout.failed".into(),
        level: Level::Failure,
        headline: "Rollout failed".into(),
        subject: "Add <!channel> & [win](https://evil.example) *now* @everyone".into(),
        detail: "relation \"orders\" does not exist\nline 3".into(),
        facts: vec![("Stage".into(), "Prod".into()), ("Database".into(), "shop_1".into())],
        link: "https://basalt.example.com/projects/shop/plans/12".into(),
        actor: "users/ann@example.com".into(),
        project_title: "Shop".into(),
        resources: vec!["projects/shop".into(), "projects/shop/plans/12".into()],
        at: Time::parse("2026-11-27T08:00:00Z").unwrap(),
    }
}

fn posted(service: Service, message: &Message, secret: &str) -> Post {
    let envelope = Envelope {
        id: "019ac4b2-0000-7000-8000-000000000001",
        message,
        now: Time::parse("2026-11-27T08:00:05Z").unwrap(),
        secret: &Secret::from(secret),
    };
    post(service, &envelope)
}

#[test]
fn each_service_has_its_shape() {
    for service in ALL {
        let secret = match service {
            Service::Generic => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            Service::DingTalk | Service::Feishu | Service::Lark => "SECabc",
            _ => "",
        };
        let post = posted(service, &message(), secret);
        let body: Value = serde_json::from_str(&post.body).unwrap();
        let mut shown = String::new();
        for (name, value) in &post.query {
            shown += &format!("?{name}={value}\n");
        }
        for (name, value) in &post.headers {
            shown += &format!("{name}: {value}\n");
        }
        shown += &format!("\n{}\n", serde_json::to_string_pretty(&body).unwrap());
        insta::assert_snapshot!(format!("{service:?}").to_lowercase(), shown);
    }
}

#[test]
fn nothing_is_longer_than_a_service_takes() {
    let long = "<@&[*`\"\\é漢 ".repeat(2_000);
    let message = Message {
        subject: long.clone(),
        detail: long.clone(),
        facts: vec![("Reason".into(), long.clone()), ("Database".into(), long)],
        ..message()
    };
    for (service, most) in [
        (Service::Slack, 12_000),
        (Service::Teams, 28_000),
        (Service::DingTalk, 20_000),
        (Service::Feishu, 20_000),
        (Service::Lark, 20_000),
        (Service::GoogleChat, 32_000),
    ] {
        let size = posted(service, &message, "").body.len();
        assert!(size <= most, "{service:?}: {size}");
    }
    let body: Value = serde_json::from_str(&posted(Service::WeCom, &message, "").body).unwrap();
    let content = body["markdown"]["content"].as_str().unwrap();
    assert!(content.len() <= 4_096 && content.ends_with("/plans/12)"), "{}", content.len());
    let body: Value = serde_json::from_str(&posted(Service::Discord, &message, "").body).unwrap();
    let embed = &body["embeds"][0];
    let length = |v: &Value| v.as_str().unwrap().chars().count();
    assert!(length(&embed["title"]) <= 256 && length(&embed["description"]) <= 4_096);
    let fields = embed["fields"].as_array().unwrap();
    let all: usize = fields.iter().map(|f| length(&f["name"]) + length(&f["value"])).sum();
    assert!(all + length(&embed["title"]) + length(&embed["description"]) <= 6_000);
    let body: Value = serde_json::from_str(&posted(Service::Slack, &message, "").body).unwrap();
    for block in body["blocks"].as_array().unwrap() {
        assert!(block["text"]["text"].as_str().is_none_or(|t| t.chars().count() <= 3_000));
    }
}

#[test]
fn an_answer_counts_by_status_and_number_only() {
    assert_eq!(taken(Service::Slack, 200, b"ok"), Ok(()));
    assert_eq!(taken(Service::Slack, 204, b""), Ok(()));
    for (service, status, body) in [
        (Service::Slack, 403, &b"invalid_token"[..]),
        (Service::Generic, 302, b"SECRET"),
        (Service::DingTalk, 200, br#"{"errcode":310000,"errmsg":"SECRET"}"#),
        (Service::WeCom, 200, br#"{"errcode":93000,"errmsg":"SECRET"}"#),
        (Service::Feishu, 200, br#"{"code":19021,"msg":"SECRET"}"#),
    ] {
        let why = taken(service, status, body).unwrap_err();
        assert!(!why.contains("SECRET") && !why.contains("token"), "{why}");
    }
    assert_eq!(taken(Service::Lark, 200, br#"{"code":0,"msg":"success"}"#), Ok(()));
}
