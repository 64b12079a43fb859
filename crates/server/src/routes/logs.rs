//! GET /api/logs/{taskRun}?from=N: the log of a task run as server-sent events, from entry N on, until it is over.
//!
//! Each entry is `event: entry` with its number as id; `event: done` says that no more will come. A browser that
//! reconnects goes on after the last number it saw. Behind the gate, with the permission of
//! RolloutService.GetTaskRunLog, asked for again from time to time.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use api::facts::RpcFacts;
use app::cx::ResponseHeaders;
use app::ports::{LogEntry, LogPage};
use axum::extract::{Path, Query, Request, State};
use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use base::name::TaskRunName;
use base::{Error, Result};
use futures_util::stream::{Stream, unfold};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::connect::error;
use crate::gate::scope::Scope;
use crate::gate::{Evidence, Visit};
use crate::router::Edge;
use crate::visitor::Visitor;

const RPC: &str = "/bytebase.v1.RolloutService/GetTaskRunLog";

#[derive(Deserialize)]
pub struct Start {
    /// Number of the first entry to send.
    #[serde(default)]
    from: i64,
}

pub async fn get(
    State(edge): State<Arc<Edge>>,
    Path(task_run): Path<String>,
    Query(start): Query<Start>,
    request: Request,
) -> Response {
    let visitor = Visitor::of(&request);
    match open(edge, task_run, &start, request.headers(), &visitor).await {
        Ok(stream) => stream,
        Err(e) => error::response(&e, &visitor.request_id),
    }
}

async fn open(
    edge: Arc<Edge>,
    task_run: String,
    start: &Start,
    headers: &HeaderMap,
    visitor: &Visitor,
) -> Result<Response> {
    TaskRunName::parse("task_run", &task_run)?;
    if start.from < 0 {
        return Err(Error::field("from", "entries are numbered from 0"));
    }
    let mut recheck = interval(edge.limits.recheck);
    recheck.set_missed_tick_behavior(MissedTickBehavior::Delay);
    recheck.reset();
    let heartbeat = KeepAlive::new().interval(edge.limits.heartbeat);
    let mut tail = Tail {
        edge,
        task_run,
        visitor: visitor.clone(),
        next: after_last_seen(headers).unwrap_or(start.from),
        queue: VecDeque::new(),
        stage: Stage::Running,
        recheck,
    };
    tail.pass().await?;
    // Read before the stream begins, so that an unknown run is an error and not an empty stream.
    let page = tail.edge.logs.page(&tail.task_run, tail.next).await?;
    tail.take(page);
    let mut response = Sse::new(frames(tail)).keep_alive(heartbeat).into_response();
    // Or nginx would hold entries back.
    let off = HeaderValue::from_static("no");
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), off);
    Ok(response)
}

fn after_last_seen(headers: &HeaderMap) -> Option<i64> {
    let last: i64 = headers.get("last-event-id")?.to_str().ok()?.trim().parse().ok()?;
    (last >= 0).then_some(last + 1)
}

enum Item {
    Entry(LogEntry),
    Done,
}

#[derive(PartialEq, Eq)]
enum Stage {
    Running,
    /// The queue holds the last entries.
    Over,
    /// `done` was sent.
    Told,
}

/// One open stream.
struct Tail {
    edge: Arc<Edge>,
    task_run: String,
    visitor: Visitor,
    /// Number of the entry that is not read yet.
    next: i64,
    queue: VecDeque<LogEntry>,
    stage: Stage,
    recheck: Interval,
}

fn frames(tail: Tail) -> impl Stream<Item = Result<Frame, Infallible>> {
    unfold(tail, |mut tail| async move {
        match tail.next().await {
            Ok(item) => item.map(|item| (Ok(frame(&item)), tail)),
            Err(error) => {
                tracing::warn!(request_id = %tail.visitor.request_id, ?error, "log stream ends");
                None
            }
        }
    })
}

impl Tail {
    async fn next(&mut self) -> Result<Option<Item>> {
        loop {
            if let Some(entry) = self.queue.pop_front() {
                return Ok(Some(Item::Entry(entry)));
            }
            match self.stage {
                Stage::Running => {}
                Stage::Over => {
                    self.stage = Stage::Told;
                    return Ok(Some(Item::Done));
                }
                Stage::Told => return Ok(None),
            }
            tokio::select! {
                () = self.edge.stopping.cancelled() => return Ok(None),
                _ = self.recheck.tick() => self.pass().await?,
                grown = self.edge.logs.grown(&self.task_run, self.next) => {
                    grown?;
                    let page = self.edge.logs.page(&self.task_run, self.next).await?;
                    self.take(page);
                }
            }
        }
    }

    fn take(&mut self, page: LogPage) {
        if let Some(last) = page.entries.last() {
            self.next = last.number + 1;
        }
        self.queue.extend(page.entries);
        if page.done {
            self.stage = Stage::Over;
        }
    }

    async fn pass(&self) -> Result<()> {
        let facts: &'static RpcFacts = api::facts::rpc(RPC).expect("the rpc is in the contract");
        let visit = Visit {
            facts,
            visitor: self.visitor.clone(),
            caller: self.edge.gate.identify(facts, &self.visitor.credentials).await,
            scope: Scope { resources: vec![self.task_run.clone()], upsert: false },
            evidence: Evidence::Json(serde_json::json!({ "parent": self.task_run }).to_string()),
            deadline: Instant::now() + self.edge.limits.call,
            gone: CancellationToken::new(),
            headers: ResponseHeaders::default(),
        };
        self.edge.gate.pass(visit, |_| async { Ok(()) }).await
    }
}

fn frame(item: &Item) -> Frame {
    match item {
        Item::Entry(entry) => {
            Frame::default().id(entry.number.to_string()).event("entry").data(&entry.json)
        }
        Item::Done => Frame::default().event("done").data("{}"),
    }
}
