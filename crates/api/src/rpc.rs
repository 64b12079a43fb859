//! How generated services meet a transport: bytes in, bytes out, under the path on the wire.
//!
//! The generated `register_…_service` functions hand one [`Handler`] per unary rpc to whatever implements
//! [`Register`]. This crate knows neither the caller's context `Cx` nor its error `E`; all it asks is that
//! `E` can be made of a [`Fault`].

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use prost::Message;

/// A collection of handlers, e.g. the server's table of routes.
pub trait Register<Cx, E> {
    /// `path` is `/package.Service/Method` and comes once per rpc.
    fn add(&mut self, path: &'static str, handler: Handler<Cx, E>);
}

/// Decodes a request, calls the service, encodes the response.
pub type Handler<Cx, E> = Box<dyn Fn(Cx, &[u8]) -> Reply<E> + Send + Sync>;

/// The encoded response. Owns all it needs: the request body may be dropped.
pub type Reply<E> = Pin<Box<dyn Future<Output = Result<Vec<u8>, E>> + Send>>;

/// What can go wrong before a handler runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The service has no such method yet. Connect code `unimplemented`.
    Unimplemented { path: &'static str },
    /// The body is not an encoded request. Connect code `invalid_argument`.
    Malformed { path: &'static str, error: prost::DecodeError },
}

/// The error type of a service. Implemented for every type that fits.
pub trait Failure: From<Fault> + Send + 'static {}

impl<E: From<Fault> + Send + 'static> Failure for E {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unimplemented { path } => write!(f, "{path} is not implemented by this server"),
            Self::Malformed { path, error } => write!(f, "request of {path}: {error}"),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unimplemented { .. } => None,
            Self::Malformed { error, .. } => Some(error),
        }
    }
}

/// Body of a generated method that no service has overridden.
pub(crate) fn unimplemented<R: Send, E: Failure>(
    path: &'static str,
) -> std::future::Ready<Result<R, E>> {
    std::future::ready(Err(Fault::Unimplemented { path }.into()))
}

/// Wraps one method of `service` as a [`Handler`] and registers it. Only generated code calls this.
pub(crate) fn add<Cx, E, S, Q, R, F>(
    registry: &mut impl Register<Cx, E>,
    path: &'static str,
    service: &Arc<S>,
    call: fn(Arc<S>, Cx, Q) -> F,
) where
    Cx: Send + 'static,
    E: Failure,
    S: Send + Sync + 'static,
    Q: Message + Default + 'static,
    R: Message + 'static,
    F: Future<Output = Result<R, E>> + Send + 'static,
{
    let service = Arc::clone(service);
    let handler = move |cx: Cx, body: &[u8]| -> Reply<E> {
        match Q::decode(body) {
            Ok(request) => {
                let reply = call(Arc::clone(&service), cx, request);
                Box::pin(async move { reply.await.map(|response| response.encode_to_vec()) })
            }
            Err(error) => {
                Box::pin(std::future::ready(Err(Fault::Malformed { path, error }.into())))
            }
        }
    };
    registry.add(path, Box::new(handler));
}
