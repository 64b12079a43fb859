//! The operation context: who calls, by which call, until when. It comes first in every use case.
//!
//! The transport makes one `Cx` a call, after the gate has let the caller in; runners make theirs with
//! [`Caller::System`]. A clone belongs to the same call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base::name::{ServiceAccountName, UserName, WorkloadIdentityName};
use base::{Error, Reason, Result};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::gate::Credentials;

/// One call on its way through the use cases.
#[derive(Debug, Clone)]
pub struct Cx {
    /// Store, engines, clock, configuration.
    pub app: Arc<App>,
    pub caller: Caller,
    /// In every log line and every internal error of the call: what a user quotes to support.
    pub request_id: String,
    /// Path of the rpc, `/bytebase.v1.PlanService/GetPlan`; of a plain route, the rpc whose permission it asks for.
    pub method: &'static str,
    /// Address of the client, behind the proxies we trust.
    pub client_ip: String,
    /// When the caller stops waiting. The transport drops the call's future then.
    pub deadline: Option<Instant>,
    /// Cancelled when the caller stops waiting for the answer. The call goes on all the same: what it began is brought to an
    /// end, unless its use case looks here.
    pub gone: CancellationToken,
    /// What the caller showed, for the use cases that issue or renew sessions.
    pub credentials: Arc<Credentials>,
    /// Headers to send with the answer, also with a refusal.
    pub response_headers: ResponseHeaders,
    /// For the audit record of the call's end.
    pub remarks: Remarks,
}

impl Cx {
    /// A context of this server itself, for runners and start-up.
    pub fn system(app: &Arc<App>, what: &'static str) -> Self {
        Self {
            app: Arc::clone(app),
            caller: Caller::System,
            request_id: format!("system-{}", app.new_id()),
            method: what,
            client_ip: String::new(),
            deadline: None,
            gone: CancellationToken::new(),
            credentials: Arc::default(),
            response_headers: ResponseHeaders::default(),
            remarks: Remarks::default(),
        }
    }

    pub fn now(&self) -> base::Time {
        self.app.now()
    }

    /// `users/{email}` of a person who calls, for what belongs to a person alone.
    pub fn person(&self) -> Result<String> {
        match &self.caller {
            Caller::User { .. } => Ok(self.caller.name().unwrap_or_default()),
            Caller::Anonymous
            | Caller::ServiceAccount { .. }
            | Caller::WorkloadIdentity { .. }
            | Caller::System => {
                Err(Error::new(Reason::NotAllowed, "only people have this; sign in as one"))
            }
        }
    }
}

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Nobody that we know. Only rpcs marked PUBLIC are reached by it.
    Anonymous,
    User {
        email: String,
    },
    ServiceAccount {
        email: String,
    },
    /// A pipeline, by a token of its CI system.
    WorkloadIdentity {
        email: String,
    },
    /// This server itself: runners.
    System,
}

impl Caller {
    /// Resource name of the caller, for creators, audit rows and logs. `None` for nobody.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Anonymous => None,
            Self::User { email } => Some(UserName::new(email).to_string()),
            Self::ServiceAccount { email } => Some(ServiceAccountName::new(email).to_string()),
            Self::WorkloadIdentity { email } => Some(WorkloadIdentityName::new(email).to_string()),
            Self::System => Some("system".to_owned()),
        }
    }

    pub const fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }
}

/// Headers for the answer, collected while the call runs. `Set-Cookie` may come more than once.
#[derive(Debug, Clone, Default)]
pub struct ResponseHeaders(Arc<Mutex<Vec<(&'static str, String)>>>);

impl ResponseHeaders {
    pub fn add(&self, name: &'static str, value: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((name, value.into()));
    }

    /// Takes out all that was added. For the transport.
    pub fn take(&self) -> Vec<(&'static str, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the audit log is told of a call's answer: facts, and whether an answer that is no error tells of a failure.
#[derive(Debug, Clone, Default)]
pub struct Remarks(Arc<Mutex<Remark>>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    pub failed: Option<Reason>,
    /// Who a call without a caller turned out to be: somebody who signs in.
    pub entered: Option<Caller>,
    pub facts: Vec<(&'static str, String)>,
}

impl Remarks {
    pub fn fact(&self, key: &'static str, value: impl Into<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).facts.push((key, value.into()));
    }

    pub fn failed(&self, reason: Reason) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).failed = Some(reason);
    }

    pub fn entered(&self, caller: Caller) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entered = Some(caller);
    }

    /// Takes out all that was said. For the gate.
    pub fn take(&self) -> Remark {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_have_names() {
        let user = Caller::User { email: "ann@example.com".into() };
        assert_eq!(user.name().as_deref(), Some("users/ann@example.com"));
        let robot = Caller::ServiceAccount { email: "ci@service.bytebase.com".into() };
        assert_eq!(robot.name().as_deref(), Some("serviceAccounts/ci@service.bytebase.com"));
        assert_eq!(Caller::Anonymous.name(), None);
    }

    #[test]
    fn clones_of_a_call_share_its_headers() {
        let headers = ResponseHeaders::default();
        headers.clone().add("set-cookie", "a=1");
        headers.add("set-cookie", "b=2");
        let taken = headers.take();
        assert_eq!(taken, [("set-cookie", "a=1".to_owned()), ("set-cookie", "b=2".to_owned())]);
        assert!(headers.take().is_empty());
    }
}
