//! What we say to other services: outbound only, never asked for anything from outside.
//!
//! - [`http`] and [`mail`] are the only ways out. Both resolve a name, judge every address it has
//!   ([`base::address`]), and connect to what was judged, so that a name cannot point elsewhere a moment later.
//! - [`chat`] is pure: what happened becomes the message of a chat service, or signed JSON for a receiver of one's own.
//! - [`idp`] asks an identity provider who somebody is, by OpenID Connect.
//! - [`vcs`] reads branches of repositories, and tells whether a message is one of their host.
//!
//! Invariants: redirects are not followed, answers are read to a bound, and nothing of an answer's text is given on: it may
//! come from a machine that the caller could not reach.

pub mod chat;
pub mod http;
pub mod idp;
pub mod mail;
pub mod outbound;
pub mod vcs;

pub use outbound::Outbound;
