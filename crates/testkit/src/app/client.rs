//! Calls of the API, in JSON or in protobuf.

use std::sync::Once;

use prost::Message;
use serde_json::Value;

/// Someone who calls. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub url: String,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<String>,
}

/// What the server answered instead of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    pub status: u16,
    /// Connect code, e.g. `permission_denied`.
    pub code: String,
    /// Reason of the `google.rpc.ErrorInfo` in the details; empty if there is none.
    pub reason: String,
    pub message: String,
    /// The whole body.
    pub body: String,
}

impl Client {
    pub fn new(url: &str) -> Self {
        static TLS: Once = Once::new();
        // Another part of the test may have installed one, which serves as well.
        TLS.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        Self { http, url: url.to_owned(), token: None }
    }

    /// Signs in; later calls carry the token.
    pub async fn sign_in(&mut self, email: &str, password: &str) {
        let login = serde_json::json!({"email": email, "password": password});
        let answer = self.json("AuthService/Login", login).await.expect("signs in");
        self.token = Some(answer["token"].as_str().expect("Login answers with a token").to_owned());
    }

    /// Calls `Service/Method` of package bytebase.v1, or `basalt.v1.Service/Method`, in JSON.
    pub async fn json(&self, method: &str, request: Value) -> Result<Value, CallError> {
        let body = self.post(method, "application/json", request.to_string().into_bytes()).await?;
        Ok(serde_json::from_slice(&body).expect("an answer in JSON"))
    }

    /// Calls `Service/Method` of package bytebase.v1 in protobuf.
    pub async fn proto<R: Message + Default>(
        &self,
        method: &str,
        request: &impl Message,
    ) -> Result<R, CallError> {
        let body = self.post(method, "application/proto", request.encode_to_vec()).await?;
        Ok(R::decode(body.as_slice()).expect("an answer in protobuf"))
    }

    /// A request to any path, with the token.
    pub fn request(&self, verb: &str, path: &str) -> reqwest::RequestBuilder {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).expect("an HTTP verb");
        let request = self.http.request(verb, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn post(&self, method: &str, codec: &str, body: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let path = match method.starts_with("basalt.v1.") {
            true => format!("/{method}"),
            false => format!("/bytebase.v1.{method}"),
        };
        let request = self.request("POST", &path);
        read(
            request
                .header("content-type", codec)
                .header("connect-protocol-version", "1")
                .body(body),
        )
        .await
    }
}

/// Sends a request; an answer with another status than 2xx is an error.
pub async fn read(request: reqwest::RequestBuilder) -> Result<Vec<u8>, CallError> {
    let response = request.send().await.expect("the server answers");
    let status = response.status();
    let body = response.bytes().await.expect("the whole answer").to_vec();
    if status.is_success() { Ok(body) } else { Err(CallError::of(status.as_u16(), &body)) }
}

impl CallError {
    /// Of an answer with such a status.
    pub fn of(status: u16, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let details = json["details"].as_array().cloned().unwrap_or_default();
        let info = details.iter().find(|detail| detail["type"] == "google.rpc.ErrorInfo");
        Self {
            status,
            code: text(&json["code"]),
            reason: info.map(|info| text(&info["debug"]["reason"])).unwrap_or_default(),
            message: text(&json["message"]),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}
