//! The whole server: use cases on a real store, the real drivers, the real gatekeeper. Runners do not run.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use server::{Config, Parts};
use tokio_util::sync::CancellationToken;

use super::http;

const PASSWORD: &str = "Correct-horse-battery-1";

pub struct Real {
    pub address: SocketAddr,
    pub app: Arc<app::App>,
    stop: CancellationToken,
    dir: tempfile::TempDir,
}

impl Real {
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let store = store::Db::open(store::Options::sqlite(&data)).await.unwrap();
        let outbound = engine::Outbound { own_files: vec![data], ..engine::Outbound::default() };
        let engines = engine::Registry::new(vec![
            Arc::new(driver_postgres::PostgresEngine::new(outbound.clone())),
            Arc::new(driver_mysql::MysqlEngine::new(outbound.clone())),
            Arc::new(driver_sqlite::SqliteEngine::new(outbound)),
        ]);
        let app = Arc::new(app::App {
            store,
            engines,
            clock: Arc::new(base::System),
            rng: Arc::new(base::System),
            config: app::Config::default(),
            token_key: base::Secret::new(vec![7; 32]),
            syncs: app::sync::Budget::default(),
            connections: Arc::default(),
            outside: app::outside::Outside::default(),
        });
        app::workspace::bootstrap(&app).await.unwrap();
        let stop = CancellationToken::new();
        let about = Arc::new(app::actuator::Facts(Arc::clone(&app)));
        let parts = Parts {
            app: Arc::clone(&app),
            gatekeeper: Arc::new(app::access::Keeper(Arc::clone(&app))),
            registry: server::rpc::register(about.clone()),
            about,
            events: Arc::new(app::event::EventStream::start(&app, &stop)),
            logs: Arc::new(server::rpc::live_log::LiveLog(Arc::clone(&app))),
            sheets: Arc::new(app::sheet::Uploads),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(server::serve(listener, Config::default(), parts, stop.clone()));
        Self { address, app, stop, dir }
    }

    /// The first account, which is administrator; gives its token.
    pub async fn admin(&self) -> String {
        let body = json!({"email": "ann@example.com", "password": PASSWORD, "title": "Ann"});
        self.good("AuthService/Signup", "", &body).await;
        self.sign_in("ann@example.com").await
    }

    /// An account that may nothing but what every member may; gives its token.
    pub async fn member(&self, admin: &str, email: &str) -> String {
        let user = json!({"email": email, "password": PASSWORD, "title": email});
        self.good("UserService/CreateUser", admin, &json!({"user": user})).await;
        self.sign_in(email).await
    }

    async fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": PASSWORD});
        let answer = self.good("AuthService/Login", "", &body).await;
        answer["token"].as_str().unwrap().to_owned()
    }

    /// One call; an empty token sends none.
    pub async fn call(&self, rpc: &str, token: &str, body: &Value) -> http::Reply {
        let request = http::post(rpc).body(body.to_string());
        let bearer = format!("Bearer {token}");
        let request =
            if token.is_empty() { request } else { request.header("authorization", &bearer) };
        request.send(self.address).await
    }

    /// One call that must succeed.
    pub async fn good(&self, rpc: &str, token: &str, body: &Value) -> Value {
        let reply = self.call(rpc, token, body).await;
        assert_eq!(reply.status, 200, "{rpc}: {}", reply.text());
        reply.json()
    }

    /// A new folder for a test's files.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir(&path).unwrap();
        path
    }

    /// Where the store is.
    pub fn data(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
