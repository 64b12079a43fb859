//! Calls of the API: Connect, protobuf, HTTP.
//!
//! Sign-in is lazy: a service account signs in at the first call, and once more when its token has expired on the way. A token that was
//! just made and is refused ends the command. Faults that pass are tried again, within bounds; a call that makes something only when the server
//! cannot have seen it.

mod error;
mod identity;
mod role;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::bytebase::v1::{ExchangeTokenRequest, ExchangeTokenResponse, LoginRequest, LoginResponse};
use prost::Message;
use reqwest::header::{HeaderMap, RETRY_AFTER};

pub use error::CallError;
pub use identity::Proof;

use crate::failure::Result;
use crate::http;

/// Attempts at one call, the first included.
const ATTEMPTS: u32 = 3;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// An answer that is longer is not one of ours.
const LONGEST_ANSWER: usize = 256 << 20;

/// Who calls.
#[derive(Clone)]
pub enum Credentials {
    /// A token that somebody made: used as it is, never renewed.
    Token(String),
    ServiceAccount {
        email: String,
        secret: String,
    },
    /// The platform proves which repository this is.
    Identity {
        email: String,
        proof: Proof,
    },
    None,
}

pub struct Remote {
    http: reqwest::Client,
    url: String,
    credentials: Credentials,
    token: Mutex<Option<String>>,
    headers: HeaderMap,
    /// Before the second attempt; doubled before each later one.
    delay: Duration,
}

/// Whether a call can be sent twice without harm.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    Always,
    IfUnseen,
}

impl Remote {
    pub fn new(
        url: &str,
        credentials: Credentials,
        headers: HeaderMap,
        timeout: Duration,
        delay: Duration,
    ) -> Result<Self> {
        let token = match &credentials {
            Credentials::Token(token) => Some(token.clone()),
            _ => None,
        };
        Ok(Self {
            http: http::client(timeout, None)?,
            url: url.trim_end_matches('/').to_owned(),
            credentials,
            token: Mutex::new(token),
            headers,
            delay,
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// A call that changes nothing, or the same thing however often it is made.
    pub async fn read<A: Message + Default>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<A, CallError> {
        self.call(method, request, Repeat::Always).await
    }

    /// What all pages of a list hold, in its order. `request` asks for the page of a token; `page` takes an answer apart: what it holds, and
    /// the token of the next page, which is empty at the end.
    pub async fn pages<Q: Message, A: Message + Default, T>(
        &self,
        method: &str,
        request: impl Fn(String) -> Q,
        page: impl Fn(A) -> (Vec<T>, String),
    ) -> Result<Vec<T>, CallError> {
        let (mut all, mut token) = (Vec::new(), String::new());
        loop {
            let (some, next) = page(self.read(method, &request(token)).await?);
            all.extend(some);
            if next.is_empty() {
                return Ok(all);
            }
            token = next;
        }
    }

    /// A call that makes something.
    pub async fn make<A: Message + Default>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<A, CallError> {
        self.call(method, request, Repeat::IfUnseen).await
    }

    async fn call<A: Message + Default>(
        &self,
        method: &str,
        request: &impl Message,
        repeat: Repeat,
    ) -> Result<A, CallError> {
        let body = request.encode_to_vec();
        let (mut attempt, mut signed_in) = (1, false);
        if self.can_sign_in() && self.token.lock().unwrap_or_else(PoisonError::into_inner).is_none()
        {
            self.sign_in().await?;
            signed_in = true;
        }
        loop {
            let error = match self.once(method, body.clone()).await {
                Ok(answer) => return decode(method, &answer),
                Err(error) => error,
            };
            if error.is_unauthenticated() && !signed_in && self.can_sign_in() {
                self.sign_in().await?;
                signed_in = true;
                continue;
            }
            let again = error.is_transient() && (repeat == Repeat::Always || error.is_unseen);
            if !again || attempt == ATTEMPTS {
                return Err(error);
            }
            tokio::time::sleep(self.pause(attempt, &error)).await;
            attempt += 1;
        }
    }

    const fn can_sign_in(&self) -> bool {
        matches!(
            self.credentials,
            Credentials::ServiceAccount { .. } | Credentials::Identity { .. }
        )
    }

    async fn sign_in(&self) -> Result<(), CallError> {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut attempt = 1;
        let token = loop {
            match self.new_token().await {
                Ok(token) => break token,
                Err(error) if error.is_transient() && attempt < ATTEMPTS => {
                    tokio::time::sleep(self.pause(attempt, &error)).await;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        };
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        Ok(())
    }

    async fn new_token(&self) -> Result<String, CallError> {
        match &self.credentials {
            Credentials::ServiceAccount { email, secret } => {
                let method = "AuthService/Login";
                let (email, password) = (email.clone(), secret.clone());
                let request = LoginRequest { email, password, ..LoginRequest::default() };
                let answer = self.once(method, request.encode_to_vec()).await?;
                decode::<LoginResponse>(method, &answer).map(|a| a.token)
            }
            Credentials::Identity { email, proof } => {
                let method = "AuthService/ExchangeToken";
                // A proof counts once: each attempt has its own where the platform gives more than one.
                let token = proof.token(&self.http).await?;
                let request = ExchangeTokenRequest { token, email: email.clone() };
                let answer = self.once(method, request.encode_to_vec()).await?;
                decode::<ExchangeTokenResponse>(method, &answer).map(|a| a.access_token)
            }
            Credentials::Token(token) => Ok(token.clone()),
            Credentials::None => Ok(String::new()),
        }
    }

    fn pause(&self, attempt: u32, error: &CallError) -> Duration {
        let own = self.delay * 2_u32.pow(attempt - 1);
        error.retry_after.map_or(own, |s| Duration::from_secs(s.into())).min(LONGEST_WAIT)
    }

    async fn once(&self, method: &str, body: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let package = if method.starts_with("basalt.v1.") { "" } else { "bytebase.v1." };
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut request = self
            .http
            .post(format!("{}/{package}{method}", self.url))
            .headers(self.headers.clone())
            .header("content-type", "application/proto")
            .header("connect-protocol-version", "1")
            .body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let mut response = request.send().await.map_err(|e| self.unanswered(method, &e))?;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.parse().ok());
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| self.unanswered(method, &e))? {
            answer.extend_from_slice(&piece);
            if answer.len() > LONGEST_ANSWER {
                return Err(unreadable(method));
            }
        }
        if status.is_success() {
            Ok(answer)
        } else {
            Err(CallError::of(method, status.as_u16(), &answer, retry_after))
        }
    }

    fn unanswered(&self, method: &str, error: &reqwest::Error) -> CallError {
        CallError {
            method: method.to_owned(),
            code: if error.is_timeout() { "deadline_exceeded" } else { "unavailable" }.to_owned(),
            message: format!("{}: {}", self.url, http::reason(error)),
            is_unseen: error.is_connect(),
            ..CallError::default()
        }
    }
}

fn decode<A: Message + Default>(method: &str, answer: &[u8]) -> Result<A, CallError> {
    A::decode(answer).map_err(|_| unreadable(method))
}

fn unreadable(method: &str) -> CallError {
    CallError {
        method: method.to_owned(),
        code: "internal".to_owned(),
        message: "the answer is none of this API; is the address right?".to_owned(),
        ..CallError::default()
    }
}
