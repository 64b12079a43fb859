//! WebhookService: what became of the messages of a webhook.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::webhook;

use super::convert::{value, webhook as wire};
use super::{Error, Result};

pub struct Webhooks;

impl pb::WebhookService<Cx, Error> for Webhooks {
    async fn list_deliveries(
        &self,
        cx: Cx,
        request: pb::ListDeliveriesRequest,
    ) -> Result<pb::ListDeliveriesResponse> {
        let ask = Ask::new(String::new(), request.page_size, request.page_token);
        let page = webhook::deliveries(&cx, &request.parent, &ask).await?;
        let (deliveries, next_page_token) = value::page(page, wire::delivery);
        Ok(pb::ListDeliveriesResponse { deliveries, next_page_token })
    }

    async fn retry_delivery(
        &self,
        cx: Cx,
        request: pb::RetryDeliveryRequest,
    ) -> Result<pb::Delivery> {
        Ok(wire::delivery(webhook::retry(&cx, &request.name).await?))
    }
}
