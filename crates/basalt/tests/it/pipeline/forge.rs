//! A service that keeps repositories, as far as comments on requests go: the paths, bodies, pages and refusals of the four.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use testkit::posted::Posted;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

/// Fewer than the real ones have, so that few comments make pages.
const PAGE: usize = 10;
pub const TOKEN: &str = "a-good-token";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Github,
    Gitlab,
    Bitbucket,
    Azure,
}

/// What one request meets in place of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    pub status: u16,
    /// Of `Retry-After`, in seconds.
    pub retry_after: Option<u8>,
    /// The request did what it asked for, and only its answer was lost.
    pub done: bool,
}

#[derive(Default)]
struct State {
    comments: Vec<(usize, String)>,
    seen: Vec<Posted>,
    reports: Vec<Posted>,
    /// For requests that write.
    faults: VecDeque<Fault>,
}

#[derive(Clone)]
pub struct Forge {
    kind: Kind,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct Answer {
    status: u16,
    headers: Vec<String>,
    body: Value,
}

impl Forge {
    pub async fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let forge = Self { kind, url, state: Arc::default() };
        let own = forge.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        forge
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    /// A comment of somebody else.
    pub fn chat(&self, n: usize) {
        let mut state = self.state();
        for _ in 0..n {
            let id = state.comments.len() + 1;
            state
                .comments
                .push((id, format!("Looks good to me. <!-- basalt:check projects/shop --> {id}")));
        }
    }

    pub fn fault(&self, faults: &[Fault]) {
        self.state().faults.extend(faults);
    }

    /// Comments that are Basalt's.
    pub fn ours(&self) -> Vec<String> {
        let state = self.state();
        let all = state.comments.iter().map(|(_, body)| body.clone());
        all.filter(|b| b.starts_with("<!-- basalt:") || b.starts_with("[//]: # (basalt:")).collect()
    }

    pub fn seen(&self) -> Vec<Posted> {
        self.state().seen.clone()
    }

    pub fn reports(&self) -> Vec<Posted> {
        self.state().reports.clone()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(posted) = Posted::read(&mut stream).await else { return };
        let answer = self.answer(&posted);
        let body = answer.body.to_string();
        let headers: String = answer.headers.iter().map(|h| format!("{h}\r\n")).collect();
        let text = format!(
            "HTTP/1.1 {} Said\r\ncontent-type: application/json\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
            answer.status,
            body.len()
        );
        // Who hung up needs no answer.
        let _ = stream.write_all(text.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    fn answer(&self, request: &Posted) -> Answer {
        let mut state = self.state();
        state.seen.push(request.clone());
        let given = match self.kind {
            Kind::Gitlab => request.header("private-token").to_owned(),
            _ => request.header("authorization").trim_start_matches("Bearer ").to_owned(),
        };
        if given != TOKEN {
            return refuse(401, "Bad credentials");
        }
        let writes = request.method != "GET";
        let fault = if writes { state.faults.pop_front() } else { None };
        if let Some(fault) = fault
            && !fault.done
        {
            return failed(fault);
        }
        let answer = self.respond(&mut state, request);
        fault.map_or(answer, failed)
    }

    fn respond(&self, state: &mut State, request: &Posted) -> Answer {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let page: usize = query
            .split('&')
            .find_map(|q| q.strip_prefix("page="))
            .map_or(1, |n| n.parse().expect("a page"));
        let here = format!("{}{path}", self.url);
        let (from, to) = ((page - 1) * PAGE, page * PAGE);
        let shown: Vec<_> = state.comments.iter().skip(from).take(PAGE).cloned().collect();
        let more = state.comments.len() > to;
        match (self.kind, request.method.as_str(), path) {
            (Kind::Github, "GET", "/repos/team/shop/issues/7/comments") => {
                let list = shown.iter().map(|(id, body)| json!({"id": id, "body": body})).collect();
                let link = format!(
                    "link: <{here}?page={}>; rel=\"next\", <{here}?page=9>; rel=\"last\"",
                    page + 1
                );
                Answer {
                    status: 200,
                    headers: if more { vec![link] } else { Vec::new() },
                    body: list,
                }
            }
            (Kind::Github, "POST", "/repos/team/shop/issues/7/comments") => {
                add(state, text(&request.json()["body"]))
            }
            (Kind::Github, "PATCH", path)
                if path.starts_with("/repos/team/shop/issues/comments/") =>
            {
                change(state, path, text(&request.json()["body"]))
            }
            (Kind::Gitlab, "GET", "/api/v4/projects/42/merge_requests/7/notes") => {
                let list = shown
                    .iter()
                    .map(|(id, body)| json!({"id": id, "body": body, "system": false}))
                    .collect();
                let next = if more {
                    format!("x-next-page: {}", page + 1)
                } else {
                    "x-next-page: ".to_owned()
                };
                Answer { status: 200, headers: vec![next], body: list }
            }
            (Kind::Gitlab, "POST", "/api/v4/projects/42/merge_requests/7/notes") => {
                add(state, text(&request.json()["body"]))
            }
            (Kind::Gitlab, "PUT", path)
                if path.starts_with("/api/v4/projects/42/merge_requests/7/notes/") =>
            {
                change(state, path, text(&request.json()["body"]))
            }
            (Kind::Bitbucket, "GET", "/2.0/repositories/team/shop/pullrequests/7/comments") => {
                let of = |(id, body): &(usize, String)| json!({"id": id, "content": {"raw": body}, "deleted": false});
                let mut body = json!({"values": shown.iter().map(of).collect::<Vec<_>>()});
                if more {
                    body["next"] = json!(format!("{here}?page={}", page + 1));
                }
                Answer { status: 200, headers: Vec::new(), body }
            }
            (Kind::Bitbucket, "POST", "/2.0/repositories/team/shop/pullrequests/7/comments") => {
                add(state, text(&request.json()["content"]["raw"]))
            }
            (Kind::Bitbucket, "PUT", path)
                if path.starts_with("/2.0/repositories/team/shop/pullrequests/7/comments/") =>
            {
                change(state, path, text(&request.json()["content"]["raw"]))
            }
            (Kind::Bitbucket, "PUT" | "POST", path)
                if path.contains("/commit/0123456789abcdef/reports/basalt") =>
            {
                state.reports.push(request.clone());
                Answer { status: 200, headers: Vec::new(), body: json!({}) }
            }
            (Kind::Azure, "GET", "/org/42/_apis/git/repositories/r1/pullRequests/7/threads") => {
                let of = |(id, body): &(usize, String)| json!({"id": id, "comments": [{"id": 1, "content": body}]});
                let mut all: Vec<_> = state.comments.iter().map(of).collect();
                all.insert(0, json!({"id": 99, "isDeleted": true, "comments": [{"id": 1, "content": "<!-- basalt:check projects/shop -->"}]}));
                Answer {
                    status: 200,
                    headers: Vec::new(),
                    body: json!({"value": all, "count": all.len()}),
                }
            }
            (Kind::Azure, "POST", "/org/42/_apis/git/repositories/r1/pullRequests/7/threads") => {
                add(state, text(&request.json()["comments"][0]["content"]))
            }
            (Kind::Azure, "PATCH", path)
                if path
                    .starts_with("/org/42/_apis/git/repositories/r1/pullRequests/7/threads/") =>
            {
                change(
                    state,
                    path.trim_end_matches("/comments/1"),
                    text(&request.json()["content"]),
                )
            }
            (_, method, path) => {
                refuse(404, &format!("{method} {path} is no path of {:?}", self.kind))
            }
        }
    }
}

fn add(state: &mut State, body: String) -> Answer {
    let id = state.comments.len() + 1;
    state.comments.push((id, body));
    Answer { status: 201, headers: Vec::new(), body: json!({"id": id}) }
}

fn change(state: &mut State, path: &str, body: String) -> Answer {
    let id = path.rsplit('/').next().and_then(|id| id.parse().ok());
    match state.comments.iter_mut().find(|(n, _)| Some(*n) == id) {
        Some(comment) => {
            comment.1 = body;
            Answer { status: 200, headers: Vec::new(), body: json!({"id": id}) }
        }
        None => refuse(404, "no such comment"),
    }
}

fn refuse(status: u16, message: &str) -> Answer {
    Answer { status, headers: Vec::new(), body: json!({"message": message}) }
}

fn failed(fault: Fault) -> Answer {
    let headers = fault.retry_after.map(|s| format!("retry-after: {s}")).into_iter().collect();
    Answer { headers, ..refuse(fault.status, "not now") }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
