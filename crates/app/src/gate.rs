//! What the gate in front of all calls asks of the use cases: who is this, may they, write it down.
//!
//! The transport decides *when* to ask (crates/server/src/gate.rs); the answers are decided here. Invariant:
//! a call that changes something and is marked for audit does not start before its first record is durable.

use std::time::Duration;

use async_trait::async_trait;
use base::{Code, Result, Secret, Time};

use crate::cx::Caller;

/// Cookie with the access token of a browser session.
pub const ACCESS_COOKIE: &str = "access-token";
/// Cookie with the refresh token of a browser session.
pub const REFRESH_COOKIE: &str = "refresh-token";

/// Cookie that remembers a browser somebody signed in with: see crate::auth.
pub const DEVICE_COOKIE: &str = "known-device";

/// Cookie of a browser that is on its way to an identity provider and back.
pub const SIGN_ON_COOKIE: &str = "sign-on";

/// Answers the gate's three questions.
#[async_trait]
pub trait Gatekeeper: Send + Sync {
    /// Who shows these credentials. The bearer token goes before the cookie.
    ///
    /// No credentials at all: `Ok(Caller::Anonymous)`. A token that is expired, revoked or not ours:
    /// `NOT_SIGNED_IN`; nothing else may be answered so, because clients then sign in and repeat the call.
    ///
    /// `method` is what is called, unless that is for everybody: who has first to change the password or to set up a second
    /// factor is refused all else, with `PASSWORD_CHANGE_REQUIRED` or `SECOND_FACTOR_REQUIRED`.
    async fn authenticate(&self, credentials: &Credentials, method: Option<&str>)
    -> Result<Caller>;

    /// Whether `caller` has all `permissions` on each of the `resources`.
    ///
    /// A resource is what the request says, unparsed: a name of any kind, perhaps with `-` for "all", or one that
    /// does not exist. Names below `projects/*` count as their project, a database as the project it is in,
    /// everything else as the workspace. A lacking permission is `Error::permission` with `method` in it.
    async fn authorize(
        &self,
        caller: &Caller,
        method: &str,
        permissions: &[&str],
        resources: &[String],
    ) -> Result<()>;

    /// Writes one record durably, or fails; then the call fails too.
    async fn audit(&self, record: AuditRecord) -> Result<()>;
}

/// What a caller shows with a call.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// From `Authorization: Bearer`.
    pub bearer: Option<Secret>,
    pub cookie_access: Option<Secret>,
    pub cookie_refresh: Option<Secret>,
    pub cookie_device: Option<Secret>,
    pub cookie_sign_on: Option<Secret>,
    /// The one-time token from the log, sent by the first sign-up as `Basalt-Setup-Token`.
    pub setup_token: Option<Secret>,
    pub client_ip: String,
    pub user_agent: String,
    /// The browser reached us over TLS, so cookies can be `Secure`.
    pub https: bool,
}

impl Credentials {
    /// Whether the caller shows anything that could say who they are.
    pub const fn is_empty(&self) -> bool {
        self.bearer.is_none() && self.cookie_access.is_none()
    }

    /// Whether a browser shows a session, valid or not: the refresh cookie alone can renew one.
    pub const fn has_session(&self) -> bool {
        self.cookie_access.is_some() || self.cookie_refresh.is_some()
    }
}

/// One line of the audit log. A call that runs has two with the same id: `Started`, then its outcome. A refused
/// call has one.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    /// Same for both records of a call.
    pub id: String,
    pub request_id: String,
    pub time: Time,
    pub actor: Caller,
    /// Path of the rpc: `/bytebase.v1.PlanService/CreatePlan`.
    pub method: String,
    /// Names as the request gave them.
    pub resources: Vec<String>,
    /// The request as JSON without secrets, at most 64 KiB; a longer one is cut and says so.
    pub request: String,
    pub verdict: Verdict,
    /// Why it failed or was refused; `None` for `Started` and `Succeeded`.
    pub code: Option<Code>,
    /// UPPER_SNAKE, with `code`.
    pub reason: Option<&'static str>,
    /// What the use case has to say about its answer.
    pub facts: Vec<(&'static str, String)>,
    /// From arrival until this record.
    pub latency: Duration,
    pub client_ip: String,
    pub user_agent: String,
}

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Allowed, and about to run.
    Started,
    Succeeded,
    /// Ran, and answered with an error.
    Failed,
    /// Refused by the gate: it did not run.
    Denied,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "STARTED",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Denied => "DENIED",
        }
    }
}
