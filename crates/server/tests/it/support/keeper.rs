//! A gatekeeper that knows three tokens and keeps what it was asked.

use std::sync::Mutex;

use app::cx::Caller;
use app::gate::{AuditRecord, Credentials, Gatekeeper, Verdict};
use async_trait::async_trait;
use base::{Error, PermissionDenied, Reason, Result};

/// `ann` may do all in `projects/shop` and the workspace, `bob` nothing, `robot` is a service account like ann.
#[derive(Default)]
pub struct FakeKeeper {
    /// `permissions @ resources` of each question.
    pub asked: Mutex<Vec<String>>,
    pub records: Mutex<Vec<AuditRecord>>,
    /// The audit log cannot take records of this verdict.
    pub broken: Mutex<Option<Verdict>>,
    /// Tokens that were good and are no more.
    pub revoked: Mutex<Vec<String>>,
}

impl FakeKeeper {
    /// `VERDICT actor code` of each record so far.
    pub fn log(&self) -> Vec<String> {
        let line = |r: &AuditRecord| {
            let actor = r.actor.name().unwrap_or_else(|| "nobody".into());
            let code = r.code.map_or("ok", base::Code::as_str);
            format!("{} {actor} {code}", r.verdict.as_str())
        };
        self.records.lock().unwrap().iter().map(line).collect()
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Gatekeeper for FakeKeeper {
    async fn authenticate(&self, credentials: &Credentials, _: Option<&str>) -> Result<Caller> {
        let shown = credentials.bearer.as_ref().or(credentials.cookie_access.as_ref());
        let Some(token) = shown.map(|token| token.expose().as_str()) else {
            return Ok(Caller::Anonymous);
        };
        if self.revoked.lock().unwrap().iter().any(|revoked| revoked == token) {
            return Err(Error::new(Reason::NotSignedIn, "your session has ended; sign in again"));
        }
        match token {
            "ann" | "bob" => Ok(Caller::User { email: format!("{token}@example.com") }),
            "robot" => Ok(Caller::ServiceAccount { email: "robot@service.bytebase.com".into() }),
            _ => Err(Error::new(Reason::NotSignedIn, "your session has ended; sign in again")),
        }
    }

    async fn authorize(
        &self,
        caller: &Caller,
        method: &str,
        permissions: &[&str],
        resources: &[String],
    ) -> Result<()> {
        let question = format!("{} @ {}", permissions.join(" "), resources.join(" "));
        self.asked.lock().unwrap().push(question);
        let is_bob = matches!(caller, Caller::User { email } if email.starts_with("bob"));
        let foreign: Vec<String> = resources
            .iter()
            .filter(|name| {
                is_bob || name.starts_with("projects/") && !name.starts_with("projects/shop")
            })
            .cloned()
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        Err(Error::permission(PermissionDenied {
            method: method.to_owned(),
            permissions: permissions.iter().map(|&p| p.to_owned()).collect(),
            resources: foreign,
        }))
    }

    async fn audit(&self, record: AuditRecord) -> Result<()> {
        if *self.broken.lock().unwrap() == Some(record.verdict) {
            return Err(Error::internal("INSERT INTO audit: disk I/O error"));
        }
        self.records.lock().unwrap().push(record);
        Ok(())
    }
}
