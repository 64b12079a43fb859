//! What became of the messages of a webhook.

use base::name::{DeliveryName, WebhookName};
use base::page::Page;
use base::{Error, Result};
use integrations::chat::Message;
use store::rows::{Delivery, DeliveryStatus};
use store::{Filter, outbox};

use crate::cx::Cx;
use crate::filter::Ask;

/// Newest first.
pub async fn deliveries(cx: &Cx, parent: &str, ask: &Ask) -> Result<Page<Delivery>> {
    let name = WebhookName::parse("parent", parent)?;
    let mut conn = cx.app.store.read().await?;
    super::of(&mut conn, &name).await?;
    let args = ask.page(Filter::All, &[])?;
    Ok(outbox::list(&mut conn, &name.to_string(), &args).await?)
}

/// At once, with all attempts ahead. What was taken is not sent again.
pub async fn retry(cx: &Cx, name: &str) -> Result<Delivery> {
    let name = DeliveryName::parse("name", name)?;
    let target = WebhookName::new(&name.project, &name.webhook).to_string();
    let mut tx = cx.app.store.begin().await?;
    let found = outbox::get(&mut tx, &name.delivery).await?;
    let mut delivery =
        found.filter(|d| d.target == target).ok_or_else(|| Error::not_found(&name))?;
    if delivery.status == DeliveryStatus::Delivered {
        return Err(Error::field("name", "the receiver took this message; it is not sent again"));
    }
    delivery.status = DeliveryStatus::Pending;
    (delivery.attempts, delivery.next_at, delivery.finished_at) = (0, cx.now(), None);
    outbox::record(&mut tx, &delivery).await?;
    tx.commit().await?;
    Ok(delivery)
}

/// One line of what a message says.
pub fn title(delivery: &Delivery) -> String {
    let message = serde_json::from_str::<Message>(&delivery.payload);
    message.map_or_else(|_| delivery.event.clone(), |m| m.title())
}
