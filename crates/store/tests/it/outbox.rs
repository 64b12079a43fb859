//! Webhooks, what is on its way to them, and codes by mail.

use std::time::Duration;

use base::Secret;
use store::rows::{Delivery, DeliveryStatus, MailCode, Webhook, WebhookPayload};
use store::{List, mail_codes, outbox, projects, tasks, webhooks};

use crate::support::{a_project, at, rollout, shop};

fn a_webhook(id: &str) -> Webhook {
    Webhook {
        project: "shop".into(),
        id: id.into(),
        kind: "SLACK".into(),
        title: "Ours".into(),
        payload: WebhookPayload {
            events: vec!["issue.created".into()],
            url_masked: "https://hooks.slack.com/…".into(),
            ..WebhookPayload::default()
        },
        version: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn a_delivery(id: &str, target: &str, next_at: i64) -> Delivery {
    Delivery {
        id: id.into(),
        target: target.into(),
        event: "issue.created".into(),
        status: DeliveryStatus::Pending,
        attempts: 0,
        next_at: at(next_at),
        error: String::new(),
        http_status: 0,
        payload: "{}".into(),
        created_at: at(0),
        finished_at: None,
    }
}

store_tests! {
    async fn a_webhook_keeps_its_secrets_apart_and_goes_with_its_project(db: &Db) {
        let mut tx = shop(db).await;
        let mut webhook = a_webhook("w1");
        webhooks::insert(&mut tx, &mut webhook).await.unwrap();
        webhooks::put_url(&mut tx, &webhook, &Secret::from("https://hooks.slack.com/x")).await.unwrap();
        webhook.title = "Renamed".into();
        webhooks::update(&mut tx, &mut webhook, at(1)).await.unwrap();
        let found = webhooks::get(&mut tx, "shop", "w1").await.unwrap().unwrap();
        assert_eq!(found, webhook);
        let secrets = webhooks::secrets_of(&mut tx, &found).await.unwrap();
        assert_eq!((secrets.url.expose().as_str(), secrets.signing.is_empty()), ("https://hooks.slack.com/x", true));
        webhook.version = 1;
        assert!(webhooks::update(&mut tx, &mut webhook, at(2)).await.is_err(), "somebody was faster");
        let target = webhooks::name("shop", "w1");
        outbox::insert(&mut tx, &a_delivery("d1", &target, 0), None).await.unwrap();
        projects::insert(&mut tx, &mut a_project("heir")).await.unwrap();
        assert!(projects::purge(&mut tx, "shop", "heir").await.unwrap());
        assert!(webhooks::of_project(&mut tx, "shop").await.unwrap().is_empty());
        assert!(outbox::get(&mut tx, "d1").await.unwrap().is_none());
        assert!(webhooks::secrets_of(&mut tx, &found).await.unwrap().url.is_empty());
    }

    async fn the_oldest_of_each_target_is_due_and_taken_by_one(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        for (id, target, next) in [("1", "mailto:a@x.org", 0), ("2", "mailto:a@x.org", 0), ("3", "mailto:b@x.org", 0), ("4", "mailto:c@x.org", 9)] {
            outbox::insert(&mut tx, &a_delivery(id, target, next), None).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let due = outbox::due(&mut tx, at(5)).await.unwrap();
        assert_eq!(due.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(outbox::next_due(&mut tx, at(5)).await.unwrap(), Some(at(9)));
        let lease = Duration::from_secs(60);
        assert!(outbox::claim(&mut tx, "1", lease).await.unwrap());
        assert!(!outbox::claim(&mut tx, "1", lease).await.unwrap(), "another has it");
        let mut taken = due[0].clone();
        (taken.status, taken.attempts, taken.finished_at) = (DeliveryStatus::Delivered, 1, Some(at(6)));
        outbox::record(&mut tx, &taken).await.unwrap();
        assert!(!outbox::claim(&mut tx, "1", lease).await.unwrap(), "it is over");
        let page = outbox::list(&mut tx, "mailto:a@x.org", &List::default()).await.unwrap();
        assert_eq!(page.items.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        assert_eq!(page.items[1], taken);
        assert_eq!(outbox::prune(&mut tx, at(7)).await.unwrap(), 1);
    }

    async fn the_text_of_a_mail_is_gone_when_it_is_over(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let mut mail = a_delivery("m", "mailto:a@x.org", 0);
        outbox::insert(&mut tx, &mail, Some(&Secret::from("12345678"))).await.unwrap();
        let text = outbox::mail_text(&mut tx, "m").await.unwrap().unwrap();
        assert_eq!(text.expose(), "12345678");
        (mail.status, mail.finished_at) = (DeliveryStatus::Failed, Some(at(1)));
        outbox::record(&mut tx, &mail).await.unwrap();
        assert!(outbox::mail_text(&mut tx, "m").await.unwrap().is_none());
    }

    async fn a_code_fits_its_address_and_purpose_until_it_is_used(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let row = |email: &str, purpose: &str| MailCode {
            email: email.into(),
            purpose: purpose.into(),
            code_hash: String::new(),
            failures: 0,
            client_ip: "10.0.0.1".into(),
            sent: 1,
            window_at: at(0),
            created_at: at(0),
            expires_at: at(100),
        };
        let code = Secret::from("12345678");
        for (email, purpose) in [("a@x.org", "RESET"), ("a@x.org", "LOGIN"), ("b@x.org", "RESET")] {
            mail_codes::put(&mut tx, &row(email, purpose), Some(&code)).await.unwrap();
        }
        let found = mail_codes::get_for_update(&mut tx, "a@x.org", "RESET").await.unwrap().unwrap();
        assert!(!found.code_hash.contains("12345678") && mail_codes::fits(&tx, &found, &code));
        assert!(!mail_codes::fits(&tx, &found, &Secret::from("12345679")));
        let other = MailCode { purpose: "LOGIN".into(), ..found.clone() };
        assert!(!mail_codes::fits(&tx, &other, &code), "a hash fits its own row");
        mail_codes::failed(&mut tx, &found).await.unwrap();
        mail_codes::used(&mut tx, &found).await.unwrap();
        let found = mail_codes::get_for_update(&mut tx, "a@x.org", "RESET").await.unwrap().unwrap();
        assert_eq!((found.failures, found.code_hash.as_str()), (1, ""));
        assert!(!mail_codes::fits(&tx, &found, &code));
        let asked = |n| (n, "10.0.0.1");
        for ((n, source), found) in [(asked(3), Some(at(0))), (asked(4), None)] {
            let last = mail_codes::nth_of_source(&mut tx, source, at(-1), n).await.unwrap();
            assert_eq!(last, found, "{n}");
        }
        assert_eq!(mail_codes::prune(&mut tx, at(1)).await.unwrap(), 3);
    }

    async fn an_event_of_a_plan_is_told_once_until_it_may_be_told_again(db: &Db) {
        rollout(db, 1).await;
        let mut tx = db.begin().await.unwrap();
        assert!(tasks::any_open(&mut tx, "shop", 1).await.unwrap());
        for (wanted, again) in [(true, false), (false, true), (true, false)] {
            assert_eq!(outbox::tell_once(&mut tx, "shop", 1, "rollout.failed").await.unwrap(), wanted);
            if again {
                outbox::tell_again(&mut tx, "shop", 1).await.unwrap();
            }
        }
    }
}
