//! A server with the real application over a SQLite store of its own, and a clock that tests turn.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use app::access::Keeper;
use app::actuator::Facts;
use app::sheet::Uploads;
use app::{App, Config};
use base::{Clock, Secret, Time};
use serde_json::{Value, json};
use server::Parts;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::fakes::{FakeEvents, FakeLogs};
use crate::support::http::{Reply, post};

pub const ADMIN: &str = "admin@example.com";
pub const PASSWORD: &str = "correct horse battery";

/// Stands still until a test turns it.
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub app: Arc<App>,
    pub clock: Arc<TestClock>,
    pub address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<std::io::Result<()>>,
    dir: tempfile::TempDir,
}

impl World {
    /// With nobody in it.
    pub async fn empty() -> Self {
        Self::with(Config::default()).await
    }

    /// With an administrator; also gives a token of theirs.
    pub async fn start() -> (Self, String) {
        let world = Self::empty().await;
        let body = json!({"email": ADMIN, "password": PASSWORD, "title": "Admin"});
        world.call("AuthService/Signup", body, "").await.ok();
        let token = world.token(ADMIN, PASSWORD).await;
        (world, token)
    }

    pub async fn with(config: Config) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = store::Db::open(store::Options::sqlite(dir.path())).await.unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000_000_000)));
        let app = Arc::new(App {
            store,
            engines: engine::Registry::default(),
            clock: clock.clone(),
            rng: Arc::new(base::System),
            config,
            token_key: Secret::new(vec![7; 32]),
            syncs: Default::default(),
            connections: Arc::default(),
            outside: app::outside::Outside::default(),
        });
        app::workspace::bootstrap(&app).await.unwrap();
        let about = Arc::new(Facts(app.clone()));
        let parts = Parts {
            app: app.clone(),
            gatekeeper: Arc::new(Keeper(app.clone())),
            registry: server::rpc::register(about.clone()),
            about,
            events: Arc::new(FakeEvents::default()),
            logs: Arc::new(FakeLogs::default()),
            sheets: Arc::new(Uploads),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let config = server::Config::default();
        let task = tokio::spawn(server::serve(listener, config, parts, stop.clone()));
        Self { app, clock, address, stop, task, dir }
    }

    /// Where the store is.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    pub fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.clock.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Calls an rpc with a token; an empty one is none.
    pub async fn call(&self, rpc: &str, body: Value, token: &str) -> Reply {
        let mut request = post(rpc).body(body.to_string());
        if !token.is_empty() {
            request = request.header("authorization", &format!("Bearer {token}"));
        }
        request.send(self.address).await
    }

    /// Calls an rpc as a browser.
    pub async fn browse(&self, rpc: &str, body: Value, jar: &Jar) -> Reply {
        post(rpc).body(body.to_string()).header("cookie", &jar.header()).send(self.address).await
    }

    pub async fn login(&self, email: &str, password: &str) -> Reply {
        self.call("AuthService/Login", json!({"email": email, "password": password}), "").await
    }

    pub async fn token(&self, email: &str, password: &str) -> String {
        self.login(email, password).await.ok()["token"].as_str().unwrap().to_owned()
    }

    /// A browser session.
    pub async fn jar(&self, email: &str) -> Jar {
        let body = json!({"email": email, "password": PASSWORD, "web": true});
        let reply = self.call("AuthService/Login", body, "").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        Jar::default().with(&reply)
    }

    /// A new user with the usual password, and a token.
    pub async fn user(&self, admin: &str, email: &str) -> String {
        let user = json!({"email": email, "password": PASSWORD, "title": email});
        self.call("UserService/CreateUser", json!({"user": user}), admin).await.ok();
        self.token(email, PASSWORD).await
    }

    /// A new project whose only owners are these, beside whoever made it.
    pub async fn project(&self, admin: &str, id: &str, owners: &[&str]) {
        let body = json!({"projectId": id, "project": {"title": id}});
        self.call("ProjectService/CreateProject", body, admin).await.ok();
        let members: Vec<_> = owners.iter().map(|o| format!("user:{o}")).collect();
        self.bind(admin, &format!("projects/{id}"), "roles/projectOwner", json!(members)).await;
    }

    /// Adds a binding to a policy.
    pub async fn bind(&self, admin: &str, resource: &str, role: &str, members: Value) {
        let service =
            if resource.starts_with("projects/") { "ProjectService" } else { "WorkspaceService" };
        let read = json!({"resource": resource});
        let mut policy = self.call(&format!("{service}/GetIamPolicy"), read, admin).await.ok();
        let binding = json!({"role": role, "members": members});
        match policy["bindings"].as_array_mut() {
            Some(bindings) => bindings.push(binding),
            None => policy["bindings"] = json!([binding]),
        }
        let write = json!({"resource": resource, "policy": policy});
        self.call(&format!("{service}/SetIamPolicy"), write, admin).await.ok();
    }

    pub async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(crate::support::PATIENCE, self.task)
            .await
            .expect("stops")
            .unwrap()
            .unwrap();
    }
}

/// What a test expects of an answer.
pub trait Expect {
    /// The body of a success.
    fn ok(&self) -> Value;
    /// Paths of the wrong fields.
    fn fields(&self) -> Vec<String>;
    /// Reasons of the blockers.
    fn blockers(&self) -> Vec<String>;
}

impl Expect for Reply {
    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    #[track_caller]
    fn fields(&self) -> Vec<String> {
        self.refused(400, "invalid_argument", "INVALID_FIELD");
        listed(self, "fieldViolations", "field")
    }

    #[track_caller]
    fn blockers(&self) -> Vec<String> {
        self.refused(400, "failed_precondition", "BLOCKED");
        listed(self, "violations", "type")
    }
}

/// `name` of each entry of the list `list` in any detail of an error.
fn listed(reply: &Reply, list: &str, name: &str) -> Vec<String> {
    let json = reply.json();
    let details = json["details"].as_array().cloned().unwrap_or_default();
    let all = details.iter().filter_map(|d| d["debug"][list].as_array().cloned()).flatten();
    all.map(|v| v[name].as_str().unwrap_or_default().to_owned()).collect()
}

/// The cookies of a browser.
#[derive(Debug, Clone, Default)]
pub struct Jar(Vec<(String, String)>);

impl Jar {
    /// As it is after this answer.
    pub fn with(mut self, reply: &Reply) -> Self {
        for cookie in reply.all("set-cookie") {
            let pair = cookie.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.0.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
        self
    }

    /// Nothing of a session is in it; the browser may be remembered.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(name, _)| name == "known-device")
    }

    fn header(&self) -> String {
        self.0.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ")
    }
}

impl Jar {
    /// Only the cookie of this name.
    pub fn only(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(n, _)| n == name).cloned().collect())
    }

    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}
