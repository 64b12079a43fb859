//! GET /api/events?topic=NAME…: server-sent events that something changed.
//!
//! An event reaches a stream when a topic is the changed name, lies above it or below it, and the caller may see
//! the resource. A client that was away says the last number it saw; it gets what came since, and a little before,
//! because numbers may become visible out of order. One who was away too long gets `reset`: refetch everything.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;

use app::cx::Caller;
use app::ports::Event;
use axum::extract::{Query, Request, State};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use base::{Error, Result};
use futures_util::stream::{Stream, unfold};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::connect::error;
use crate::router::Edge;
use crate::visitor::Visitor;

/// How far before the last seen number a replay begins.
const OVERLAP: i64 = 100;
/// Longer replays cost more than a refetch.
const MAX_REPLAY: usize = 1_000;
const MAX_TOPICS: usize = 200;
/// What is called, for the gate.
const ROUTE: &str = "GET /api/events";

pub async fn get(
    State(edge): State<Arc<Edge>>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let visitor = Visitor::of(&request);
    match open(edge, &query, request.headers(), &visitor).await {
        Ok(stream) => stream,
        Err(e) => error::response(&e, &visitor.request_id),
    }
}

async fn open(
    edge: Arc<Edge>,
    query: &[(String, String)],
    headers: &HeaderMap,
    visitor: &Visitor,
) -> Result<Response> {
    let caller = edge.gate.signed_in(&visitor.credentials, ROUTE).await?;
    let topics: Vec<String> =
        query.iter().filter(|(name, _)| name == "topic").map(|(_, topic)| topic.clone()).collect();
    if topics.is_empty() || topics.len() > MAX_TOPICS {
        return Err(Error::field(
            "topic",
            format!("name 1 to {MAX_TOPICS} topics: ?topic=projects/shop"),
        ));
    }
    // First listen, then look back: what happens between is seen twice rather than never.
    let live = edge.events.subscribe();
    let mut queue = VecDeque::new();
    let replayed = replay(&edge, last_seen(headers), &mut queue).await?;
    let mut recheck = interval(edge.limits.recheck);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    recheck.reset();
    let heartbeat = KeepAlive::new().interval(edge.limits.heartbeat);
    let watch =
        Watch { edge, caller, visitor: visitor.clone(), topics, live, replayed, queue, recheck };
    let mut response = Sse::new(frames(watch)).keep_alive(heartbeat).into_response();
    // Or nginx would hold events back.
    let off = HeaderValue::from_static("no");
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), off);
    Ok(response)
}

/// Sent by a browser when it reconnects. Not a number: unknown, like one that is long gone.
fn last_seen(headers: &HeaderMap) -> Option<i64> {
    let value = headers.get("last-event-id")?;
    Some(value.to_str().ok().and_then(|text| text.trim().parse().ok()).unwrap_or(-1))
}

/// Queues what the client missed, after the number that the stream stands at. Answers with the numbers queued.
async fn replay(
    edge: &Edge,
    last: Option<i64>,
    queue: &mut VecDeque<Item>,
) -> Result<HashSet<i64>> {
    let bounds = edge.events.bounds().await?;
    let Some(last) = last else {
        queue.push_back(Item::At(bounds.newest));
        return Ok(HashSet::new());
    };
    // `oldest - 1` was pruned, but nothing after it was.
    let known = (bounds.oldest - 1..=bounds.newest).contains(&last);
    let events = match known {
        true => edge.events.after((last - OVERLAP).max(0), MAX_REPLAY + 1).await?,
        false => Vec::new(),
    };
    if !known || events.len() > MAX_REPLAY {
        queue.push_back(Item::Reset(bounds.newest));
        return Ok(HashSet::new());
    }
    queue.push_back(Item::At(last));
    let numbers = events.iter().map(|event| event.id).collect();
    queue.extend(events.into_iter().map(Item::Changed));
    Ok(numbers)
}

/// What the stream will say next.
enum Item {
    /// Nothing new; but this is the number to come back with.
    At(i64),
    Changed(Arc<Event>),
    Reset(i64),
}

/// One open stream.
struct Watch {
    edge: Arc<Edge>,
    caller: Caller,
    visitor: Visitor,
    topics: Vec<String>,
    live: Receiver<Arc<Event>>,
    /// Numbers that came by replay and may come again.
    replayed: HashSet<i64>,
    queue: VecDeque<Item>,
    recheck: Interval,
}

fn frames(watch: Watch) -> impl Stream<Item = Result<Frame, Infallible>> {
    unfold(watch, |mut watch| async move {
        let item = watch.next().await?;
        Some((Ok(frame(&item)), watch))
    })
}

impl Watch {
    /// The next thing to send; `None` ends the stream, and the browser comes back.
    async fn next(&mut self) -> Option<Item> {
        loop {
            let item = match self.queue.pop_front() {
                Some(item) => item,
                None => self.wait().await?,
            };
            let Item::Changed(event) = &item else { return Some(item) };
            if !self.topics.iter().any(|topic| touches(topic, &event.name)) {
                continue;
            }
            match self.edge.events.visible(&self.caller, &event.name).await {
                Ok(true) => return Some(item),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(request_id = %self.visitor.request_id, ?error, "event stream ends");
                    return None;
                }
            }
        }
    }

    async fn wait(&mut self) -> Option<Item> {
        loop {
            tokio::select! {
                () = self.edge.stopping.cancelled() => return None,
                _ = self.recheck.tick() => {
                    let shown = &self.visitor.credentials;
                    self.caller = self.edge.gate.signed_in(shown, ROUTE).await.ok()?;
                }
                received = self.live.recv() => match received {
                    Ok(event) if self.replayed.remove(&event.id) => {}
                    Ok(event) => return Some(Item::Changed(event)),
                    Err(RecvError::Lagged(_)) => {
                        let newest = self.edge.events.bounds().await.ok()?.newest;
                        return Some(Item::Reset(newest));
                    }
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }
}

fn frame(item: &Item) -> Frame {
    match item {
        Item::At(id) => Frame::default().id(id.to_string()),
        Item::Reset(id) => Frame::default().id(id.to_string()).event("reset").data("{}"),
        Item::Changed(event) => {
            let data = json!({ "name": event.name, "kind": event.kind, "etag": event.etag });
            Frame::default().id(event.id.to_string()).event("changed").data(data.to_string())
        }
    }
}

/// Whether a change of `name` can alter what somebody who watches `topic` sees.
fn touches(topic: &str, name: &str) -> bool {
    let below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
    topic == name || below(name, topic) || below(topic, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_felt_above_and_below() {
        assert!(touches("projects/a", "projects/a/plans/1"));
        assert!(touches("projects/a/plans/1", "projects/a"));
        assert!(touches("projects", "projects/a"));
        assert!(!touches("projects/a", "projects/ab"));
        assert!(!touches("projects/a/plans/1", "projects/a/plans/12"));
    }
}
