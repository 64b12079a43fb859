//! Mail: written into the outbox with what it tells of, and handed to the SMTP server of the workspace afterwards.

mod relay;
mod texts;

pub(crate) use relay::attempt;
pub use relay::{is_set_up, test};
pub(crate) use texts::{Letter, Review};

use std::collections::BTreeSet;

use base::{Result, Secret};
use store::Conn;
use store::rows::{Delivery, DeliveryStatus};

use crate::app::App;

/// Before the address of a mail, as a target of the outbox.
pub(crate) const SCHEME: &str = "mailto:";
/// The preference by which a person turns mail about approvals off, and its value.
const OF_APPROVALS: &str = "mail.approvals";
const OFF: &str = "off";

/// Puts a letter into the outbox. Without an SMTP server nothing is written: nobody reads it.
pub(crate) async fn post(app: &App, conn: &mut Conn, to: &str, letter: &Letter) -> Result<()> {
    if is_set_up(conn).await? {
        insert(app, conn, to, letter).await?;
    }
    Ok(())
}

/// One letter about an approval to each of some people (`users/{email}`), but for those who want none.
pub(crate) async fn post_to_all(
    app: &App,
    conn: &mut Conn,
    people: &BTreeSet<String>,
    letter: &Letter,
) -> Result<()> {
    if people.is_empty() || !is_set_up(conn).await? {
        return Ok(());
    }
    let silent = store::preferences::owners(conn, OF_APPROVALS, OFF).await?;
    for person in people.iter().filter(|p| !silent.contains(*p)) {
        if let Some(email) = person.strip_prefix("users/") {
            insert(app, conn, email, letter).await?;
        }
    }
    Ok(())
}

async fn insert(app: &App, conn: &mut Conn, to: &str, letter: &Letter) -> Result<()> {
    let now = app.now();
    let delivery = Delivery {
        id: app.new_id(),
        target: format!("{SCHEME}{to}"),
        event: letter.event.to_owned(),
        status: DeliveryStatus::Pending,
        attempts: 0,
        next_at: now,
        error: String::new(),
        http_status: 0,
        payload: String::new(),
        created_at: now,
        finished_at: None,
    };
    let text = Secret::new(format!("{}\n{}", letter.subject, letter.text));
    Ok(store::outbox::insert(conn, &delivery, Some(&text)).await?)
}
