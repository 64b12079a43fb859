//! Passwords in SQL are in its sheet only: not in the log, the error, or the changelog.

use app::changelog;
use base::name::ChangelogName;
use policy::rollout::TaskStatus;
use testkit::servers::{Product, Server};

use crate::rollouts::{Shop, on_both};

on_both!(a_password_is_shown_nowhere);

async fn a_password_is_shown_nowhere(server: &Server) {
    let shop = Shop::open(server).await;
    // The server quotes what it does not understand.
    let statement = match server.product {
        Product::Postgres => "CREATE ROLE nobody PASSWORD 'hunter2word' 'hunter2word'",
        Product::MariaDb | Product::MySql => {
            "CREATE USER nobody nobody IDENTIFIED BY 'hunter2word'"
        }
    };
    let script = format!("-- txn-mode = off\nCREATE TABLE a (id int);\n{statement};");
    let rollout = shop.rollout(&script).await;
    shop.run(&rollout, "test").await.unwrap();
    shop.becomes(&rollout, "test", TaskStatus::Failed).await;
    let run = shop.latest(&rollout, "test").await;
    assert!(run.detail.starts_with("Statement 2 of 2 failed"), "{}", run.detail);
    assert!(run.detail.contains("***"), "the server quoted it: {}", run.detail);
    let log = format!("{run:?} {:?}", shop.log(&rollout, "test").await);
    assert!(!log.contains("hunter"), "{log}");
    assert!(log.contains("'***'"), "{log}");
    let id = run.payload.changelog.unwrap();
    let name = ChangelogName::new("t", &shop.test.name, &id).to_string();
    let texts = changelog::get(&shop.cx, &name, true).await.unwrap().texts.unwrap();
    assert!(!texts.statement.contains("hunter"), "{}", texts.statement);
    assert!(texts.statement.starts_with("-- txn-mode = off\nCREATE TABLE a (id int);\nCREATE "));
    assert!(texts.statement.contains("'***'"), "{}", texts.statement);
}
