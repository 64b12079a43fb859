//! A service that keeps repositories, as far as reading a branch and setting commit statuses go: GitHub or GitLab, with their paths,
//! pages, bounds and refusals.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::posted::Posted;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::TOKEN;

/// Entries a page of GitLab: fewer than the real one has, so that few files make pages.
const PAGE: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Github,
    Gitlab,
}

#[derive(Default)]
struct State {
    /// Commit by repository and branch.
    branches: BTreeMap<(String, String), String>,
    /// Files by commit.
    commits: BTreeMap<String, BTreeMap<String, String>>,
    /// What a tree's id stands for: commit and folder.
    trees: BTreeMap<String, (String, String)>,
    blobs: BTreeMap<String, String>,
    /// Status and headers in place of an answer.
    faults: VecDeque<(u16, &'static str)>,
    /// GitHub gives up on deep lists.
    truncates: bool,
    /// Of a classic token.
    scopes: Option<&'static str>,
    token: String,
    seen: Vec<Posted>,
    /// Texts are asked for and never come.
    silent: bool,
    /// Commit and what was told of it, in order.
    told: Vec<(String, Value)>,
    /// Status and headers in place of taking a commit status.
    refuses: VecDeque<(u16, &'static str)>,
    /// Of the token's account at GitLab.
    level: Option<u32>,
}

#[derive(Clone)]
pub struct Host {
    kind: Kind,
    /// `http://127.0.0.1:PORT`
    pub url: String,
    state: Arc<Mutex<State>>,
}

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(value: &Value) -> Self {
        Self { status: 200, headers: String::new(), body: value.to_string().into_bytes() }
    }

    fn says(status: u16, headers: &str) -> Self {
        let body = json!({"message": format!("SECRET ANSWER {TOKEN}")});
        Self { status, headers: headers.to_owned(), ..Self::json(&body) }
    }
}

fn id(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))[..40].to_owned()
}

impl Host {
    pub async fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let host = Self { kind, url, state: Arc::default() };
        host.state().token = TOKEN.to_owned();
        let own = host.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        host
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    /// Adds files to what the branch holds. Gives the commit.
    pub fn push(&self, repository: &str, branch: &str, files: &[(&str, &str)]) -> String {
        let mut state = self.state();
        let key = (repository.to_owned(), branch.to_owned());
        let before = state.branches.get(&key).and_then(|commit| state.commits.get(commit));
        let mut all = before.cloned().unwrap_or_default();
        all.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        let commit = id(&format!("{repository} {branch} {}", state.commits.len()));
        for text in all.values() {
            state.blobs.insert(id(text), text.clone());
        }
        state.commits.insert(commit.clone(), all);
        state.branches.insert(key, commit.clone());
        commit
    }

    /// Each is met by one request that reads; 200 lets it pass.
    pub fn fault(&self, faults: &[(u16, &'static str)]) {
        self.state().faults.extend(faults);
    }

    /// Each is met by one commit status.
    pub fn refuse(&self, faults: &[(u16, &'static str)]) {
        self.state().refuses.extend(faults);
    }

    /// Commit statuses that were asked to be set, those that were refused among them.
    pub fn told(&self, commit: &str) -> Vec<Value> {
        let state = self.state();
        let about = state.told.iter().filter(|(of, _)| of == commit);
        about.map(|(_, status)| status.clone()).collect()
    }

    /// What is not refused yet is taken.
    pub fn forgive(&self) {
        self.state().refuses.clear();
    }

    pub fn told_nothing(&self) -> bool {
        self.state().told.is_empty()
    }

    pub fn level(&self, level: u32) {
        self.state().level = Some(level);
    }

    pub fn be_silent(&self, silent: bool) {
        self.state().silent = silent;
    }

    pub fn truncate(&self) {
        self.state().truncates = true;
    }

    /// From now on this token opens it, with these scopes.
    pub fn takes(&self, token: &str, scopes: Option<&'static str>) {
        let mut state = self.state();
        (state.token, state.scopes) = (token.to_owned(), scopes);
    }

    /// Paths that were asked for since the last time.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.state().seen).into_iter().map(|posted| posted.path).collect()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(posted) = Posted::read(&mut stream).await else { return };
        let answer = self.answer(&posted);
        if self.state().silent && posted.path.contains("/blobs/") {
            // Until the other side is gone.
            let mut rest = [0; 16];
            while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
            return;
        }
        let head = format!(
            "HTTP/1.1 {} Said\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
            answer.status,
            answer.headers,
            answer.body.len()
        );
        // Who hung up needs no answer.
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&answer.body).await;
        let _ = stream.shutdown().await;
    }

    fn answer(&self, request: &Posted) -> Answer {
        let mut state = self.state();
        state.seen.push(request.clone());
        let reads = request.method == "GET";
        if let Some((status, headers)) =
            reads.then(|| state.faults.pop_front()).flatten().filter(|(status, _)| *status != 200)
        {
            return Answer::says(status, headers);
        }
        let shown = match self.kind {
            Kind::Github => request.header("authorization").trim_start_matches("Bearer "),
            Kind::Gitlab => request.header("private-token"),
        };
        if shown != state.token {
            return Answer::says(401, "");
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        if !reads {
            return take(&mut state, self.kind, path, &request.json());
        }
        let found = match self.kind {
            Kind::Github => github(&mut state, path, query),
            Kind::Gitlab => gitlab(&state, path, query),
        };
        found.unwrap_or_else(|| Answer::says(404, ""))
    }
}

/// Sets the status of a commit.
fn take(state: &mut State, kind: Kind, path: &str, status: &Value) -> Answer {
    let (of, commit) = path.rsplit_once("/statuses/").expect("nothing else is written here");
    let known = match kind {
        Kind::Github => of.starts_with("/api/v3/repos/"),
        Kind::Gitlab => of.starts_with("/api/v4/projects/") && of.matches('/').count() == 4,
    };
    if !known || !state.commits.contains_key(commit) {
        return Answer::says(404, "");
    }
    let same = state.told.iter().rev().find(|(about, _)| about == commit);
    let same = same.is_some_and(|(_, before)| before["state"] == status["state"]);
    state.told.push((commit.to_owned(), status.clone()));
    if let Some((status, headers)) = state.refuses.pop_front() {
        return Answer::says(status, headers);
    }
    if same && kind == Kind::Gitlab {
        let body = json!({"message": "Cannot transition status via :enqueue from :pending"});
        return Answer { status: 400, ..Answer::json(&body) };
    }
    Answer { status: 201, ..Answer::json(&json!({"id": 1})) }
}

fn github(state: &mut State, path: &str, query: &str) -> Option<Answer> {
    let rest = path.strip_prefix("/api/v3/")?;
    if rest == "rate_limit" {
        let scopes = state.scopes.map(|s| format!("x-oauth-scopes: {s}\r\n")).unwrap_or_default();
        return Some(Answer { headers: scopes, ..Answer::json(&json!({})) });
    }
    let mut parts = rest.strip_prefix("repos/")?.splitn(3, '/');
    let repository = format!("{}/{}", parts.next()?, parts.next()?);
    state.branches.keys().find(|(known, _)| *known == repository)?;
    let rest = parts.next().unwrap_or_default();
    if rest.is_empty() {
        return Some(Answer::json(&json!({"full_name": repository})));
    }
    if let Some(branch) = rest.strip_prefix("git/ref/heads/") {
        let commit = state.branches.get(&(repository, branch.to_owned()))?;
        return Some(Answer::json(&json!({"object": {"sha": commit, "type": "commit"}})));
    }
    if let Some(blob) = rest.strip_prefix("git/blobs/") {
        let body = state.blobs.get(blob)?.clone().into_bytes();
        return Some(Answer { body, ..Answer::json(&json!({})) });
    }
    let sha = rest.strip_prefix("git/trees/")?;
    let (commit, folder) = match state.trees.get(sha) {
        Some(tree) => tree.clone(),
        None => (sha.to_owned(), String::new()),
    };
    let files = state.commits.get(&commit)?.clone();
    let below = |path: &str| match folder.as_str() {
        "" => Some(path.to_owned()),
        folder => path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
    };
    let deep = query == "recursive=1";
    let (mut nodes, mut folders) = (Vec::new(), BTreeSet::new());
    for (path, text) in &files {
        let Some(path) = below(path) else { continue };
        match path.split_once('/').filter(|_| !deep) {
            None => {
                nodes
                    .push(json!({"path": path, "mode": "100644", "type": "blob", "sha": id(text)}));
            }
            Some((folder, _)) => {
                folders.insert(folder.to_owned());
            }
        }
    }
    for name in folders {
        let full = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let sha = id(&format!("tree {commit} {full}"));
        state.trees.insert(sha.clone(), (commit.clone(), full));
        nodes.push(json!({"path": name, "mode": "040000", "type": "tree", "sha": sha}));
    }
    // A link is no file, wherever it leads.
    nodes.push(json!({"path": "9_link.sql", "mode": "120000", "type": "blob", "sha": id("link")}));
    let truncated = deep && state.truncates;
    if truncated {
        nodes.truncate(1);
    }
    Some(Answer::json(&json!({"sha": sha, "truncated": truncated, "tree": nodes})))
}

fn gitlab(state: &State, path: &str, query: &str) -> Option<Answer> {
    let rest = path.strip_prefix("/api/v4/")?;
    if rest == "personal_access_tokens/self" {
        let scopes: Vec<&str> = state.scopes?.split(", ").collect();
        return Some(Answer::json(&json!({"scopes": scopes})));
    }
    let mut parts = rest.strip_prefix("projects/")?.splitn(2, '/');
    let repository = parts.next()?.replace("%2F", "/");
    state.branches.keys().find(|(known, _)| *known == repository)?;
    let rest = parts.next().unwrap_or_default();
    if rest.is_empty() {
        let access = state.level.map(|level| json!({"access_level": level}));
        let permissions = json!({"project_access": access, "group_access": null});
        let project = json!({"path_with_namespace": repository, "permissions": permissions});
        return Some(Answer::json(&project));
    }
    if let Some(branch) = rest.strip_prefix("repository/branches/") {
        let commit = state.branches.get(&(repository, branch.replace("%2F", "/")))?;
        return Some(Answer::json(&json!({"name": branch, "commit": {"id": commit}})));
    }
    if let Some(blob) = rest.strip_prefix("repository/blobs/") {
        let body = state.blobs.get(blob.strip_suffix("/raw")?)?.clone().into_bytes();
        return Some(Answer { body, ..Answer::json(&json!({})) });
    }
    let asked: BTreeMap<&str, &str> = query.split('&').filter_map(|p| p.split_once('=')).collect();
    let files =
        (rest == "repository/tree").then(|| state.commits.get(*asked.get("ref")?)).flatten()?;
    let folder = format!("{}/", asked.get("path")?.replace("%2F", "/"));
    let nodes: Vec<Value> = files
        .iter()
        .filter(|(path, _)| path.starts_with(folder.trim_start_matches('/')))
        .map(|(path, text)| json!({"id": id(text), "path": path, "type": "blob", "mode": "100644"}))
        .collect();
    if nodes.is_empty() {
        return None;
    }
    let page: usize = asked.get("page")?.parse().ok()?;
    let here: Vec<_> = nodes.iter().skip((page - 1) * PAGE).take(PAGE).cloned().collect();
    let next = if nodes.len() > page * PAGE { (page + 1).to_string() } else { String::new() };
    Some(Answer { headers: format!("x-next-page: {next}\r\n"), ..Answer::json(&json!(here)) })
}
