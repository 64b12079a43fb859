//! The one gate in front of everything that reads or changes data.
//!
//! Order: (the message was read and validated) → authenticate → authorize → first audit record → work → second
//! audit record. What an rpc needs is read from its facts, which come from the proto files.
//! Invariants: work that is marked for audit does not start unless its first record was written, and its caller is
//! not told of success unless the second was; a call that a known caller was denied leaves a record too.

pub mod readonly;
pub mod redact;
pub mod scope;
pub mod validate;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use api::facts::{Auth, RpcFacts};
use app::App;
use app::cx::{Caller, Cx, Remark, Remarks, ResponseHeaders};
use app::gate::{AuditRecord, Credentials, Gatekeeper, Verdict};
use base::{Code, Error, Reason, Result};
use futures_util::FutureExt as _;
use prost_reflect::DynamicMessage;
use tokio_util::sync::CancellationToken;

use crate::visitor::Visitor;
use scope::Scope;

pub struct Gate {
    pub app: Arc<App>,
    pub keeper: Arc<dyn Gatekeeper>,
    /// The server was started with `--readonly`.
    pub readonly: bool,
}

/// One call that wants through.
pub struct Visit {
    pub facts: &'static RpcFacts,
    pub visitor: Visitor,
    /// From [`Gate::identify`].
    pub caller: Result<Caller>,
    pub scope: Scope,
    pub evidence: Evidence,
    pub deadline: Instant,
    /// See [`Cx::gone`].
    pub gone: CancellationToken,
    pub headers: ResponseHeaders,
}

/// What the audit log shows of a request.
pub enum Evidence {
    Message(DynamicMessage),
    /// JSON without secrets.
    Json(String),
}

impl Gate {
    /// Who calls. For an rpc that anybody may call, a stale token is no token: signing in must work with one.
    pub async fn identify(&self, facts: &RpcFacts, credentials: &Credentials) -> Result<Caller> {
        if facts.auth != Auth::Public {
            return self.signed_in(credentials, &facts.path).await;
        }
        match self.authenticate(credentials, None).await {
            Err(e) if e.code() == Code::Unauthenticated => Ok(Caller::Anonymous),
            caller => caller,
        }
    }

    /// Who calls `method`; a stranger is refused.
    pub async fn signed_in(&self, credentials: &Credentials, method: &str) -> Result<Caller> {
        match self.authenticate(credentials, Some(method)).await? {
            Caller::Anonymous => Err(Error::new(
                Reason::NotSignedIn,
                "sign in first: this call came without a token",
            )),
            caller => Ok(caller),
        }
    }

    async fn authenticate(
        &self,
        credentials: &Credentials,
        method: Option<&str>,
    ) -> Result<Caller> {
        let caller = self.keeper.authenticate(credentials, method).await?;
        if let Some(name) = caller.name() {
            tracing::Span::current().record("actor", name);
        }
        Ok(caller)
    }

    /// Lets the call through, or not, and keeps the record.
    pub async fn pass<T, F>(&self, visit: Visit, work: impl FnOnce(Cx) -> F + Send) -> Result<T>
    where
        T: Send,
        F: Future<Output = Result<T>> + Send,
    {
        let Visit { facts, visitor, caller, scope, evidence, deadline, gone, headers } = visit;
        let mut record = Recorder {
            gate: self,
            facts,
            visitor: &visitor,
            actor: caller.as_ref().cloned().unwrap_or(Caller::Anonymous),
            id: self.app.new_id(),
            scope: &scope,
            evidence: Some(evidence),
            request: String::new(),
        };
        let caller = match self.admit(facts, caller, &scope).await {
            Ok(caller) => caller,
            Err(error) => {
                record.denied(&error).await;
                return Err(error);
            }
        };
        if facts.audit {
            record.started().await?;
        }
        let cx = Cx {
            app: Arc::clone(&self.app),
            caller,
            request_id: visitor.request_id.clone(),
            method: &facts.path,
            client_ip: visitor.credentials.client_ip.clone(),
            deadline: Some(deadline),
            gone,
            credentials: Arc::clone(&visitor.credentials),
            response_headers: headers,
            remarks: Remarks::default(),
        };
        let remarks = cx.remarks.clone();
        let outcome = bounded(deadline, async move { work(cx).await }).await;
        if facts.audit {
            record.ended(outcome.as_ref().err(), remarks.take()).await?;
        } else if let Err(error) = &outcome
            && error.code() == Code::PermissionDenied
        {
            record.denied(error).await;
        }
        outcome
    }

    async fn admit(
        &self,
        facts: &RpcFacts,
        caller: Result<Caller>,
        scope: &Scope,
    ) -> Result<Caller> {
        let caller = caller?;
        if facts.auth == Auth::Iam {
            let permission = facts.permission.as_deref().ok_or_else(|| {
                Error::internal(format!(
                    "{} names no permission, so nobody may call it",
                    facts.path
                ))
            })?;
            let create = scope.upsert.then(|| create_permission(permission)).flatten();
            let permissions: Vec<&str> =
                [Some(permission), create.as_deref()].into_iter().flatten().collect();
            self.keeper.authorize(&caller, &facts.path, &permissions, &scope.resources).await?;
        }
        if self.readonly && !readonly::is_allowed(facts) {
            return Err(Error::new(
                Reason::Readonly,
                "this server was started with --readonly: it shows, but changes nothing",
            ));
        }
        Ok(caller)
    }
}

/// `allow_missing` may create what it was asked to update: `bb.roles.update` → `bb.roles.create`.
fn create_permission(permission: &str) -> Option<String> {
    permission.strip_suffix(".update").map(|stem| format!("{stem}.create"))
}

/// Runs the work until it ends, panics, or the deadline passes.
async fn bounded<T>(deadline: Instant, work: impl Future<Output = Result<T>> + Send) -> Result<T> {
    if deadline <= Instant::now() {
        return Err(too_late());
    }
    let work = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout_at(deadline.into(), work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => {
            Err(Error::internal(format!("a handler panicked: {}", panic_text(&*panic))))
        }
        Err(_) => Err(too_late()),
    }
}

fn too_late() -> Error {
    Error::new(
        Reason::Timeout,
        "the call took longer than its deadline; look at what it did before repeating it",
    )
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}

/// Writes the records of one call.
struct Recorder<'v> {
    gate: &'v Gate,
    facts: &'static RpcFacts,
    visitor: &'v Visitor,
    actor: Caller,
    id: String,
    scope: &'v Scope,
    evidence: Option<Evidence>,
    request: String,
}

impl Recorder<'_> {
    async fn started(&mut self) -> Result<()> {
        self.write(Verdict::Started, None, Remark::default())
            .await
            .map_err(|e| unrecorded("nothing was done, because the audit log cannot be written", e))
    }

    async fn ended(&mut self, error: Option<&Error>, remark: Remark) -> Result<()> {
        let failed = error.is_some() || remark.failed.is_some();
        let verdict = if failed { Verdict::Failed } else { Verdict::Succeeded };
        self.write(verdict, error, remark).await.map_err(|e| {
            unrecorded(
                "the call ran: look at what it did before repeating it; its outcome could not be written to the audit log",
                e,
            )
        })
    }

    /// The call fails anyway, so a lost record is only logged. Strangers leave a record only where calls are
    /// audited: they must not be able to fill the log with reads.
    async fn denied(&mut self, error: &Error) {
        if !self.facts.audit && self.actor.is_anonymous() {
            return;
        }
        if let Err(lost) = self.write(Verdict::Denied, Some(error), Remark::default()).await {
            tracing::error!(request_id = %self.visitor.request_id, error = ?lost, "audit record of a denial lost");
        }
    }

    async fn write(
        &mut self,
        verdict: Verdict,
        error: Option<&Error>,
        remark: Remark,
    ) -> Result<()> {
        let reason = error.map(Error::reason).or(remark.failed);
        match self.evidence.take() {
            Some(Evidence::Message(message)) => self.request = redact::json(message)?,
            Some(Evidence::Json(json)) => self.request = json,
            None => {}
        }
        self.gate
            .keeper
            .audit(AuditRecord {
                id: self.id.clone(),
                request_id: self.visitor.request_id.clone(),
                time: self.gate.app.now(),
                actor: remark.entered.unwrap_or_else(|| self.actor.clone()),
                method: self.facts.path.clone(),
                resources: self.scope.resources.clone(),
                request: self.request.clone(),
                verdict,
                code: error.map(Error::code).or_else(|| reason.map(Reason::code)),
                reason: reason.map(Reason::as_str),
                facts: remark.facts,
                latency: self.visitor.arrived.elapsed(),
                client_ip: self.visitor.credentials.client_ip.clone(),
                user_agent: self.visitor.credentials.user_agent.clone(),
            })
            .await
    }
}

/// What keeps the store from being written is for the caller too, unless it is a mistake of ours.
fn unrecorded(message: &str, cause: Error) -> Error {
    let text = match cause.reason() {
        Reason::StoreUnavailable => format!("{message}: {cause}"),
        _ => format!("{message}; see the server's log"),
    };
    Error::new(Reason::StoreUnavailable, text).with_source(cause)
}
