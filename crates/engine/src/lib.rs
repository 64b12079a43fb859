//! The contract between use cases and databases: [`Engine`] connects, [`Session`] works.
//!
//! Invariants: a session is never shared and never reused for another task; TLS is verified unless the data source
//! says otherwise and never falls back to plain text; every address is judged after it was resolved.

pub mod address;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod execute;
pub mod failure;
pub mod proof;
pub mod query;
pub mod registry;
pub mod session;
pub mod settings;
pub mod target;
pub mod tls;
pub mod tunnel;
pub mod units;
pub mod version;

pub use address::Outbound;
pub use execute::{Chunk, Event, ExecuteError, ExecuteOptions, Executed, Observer, execute};
pub use failure::{Failure, FailureKind, StatementFailure};
pub use proof::{
    Finding, FindingLevel, Lock, Mark, Outcome, Progress, Proof, Transaction, Verdict, Witness,
};
pub use query::{Cell, Column, Cut, Flow, Moment, Queried, Reading, Sink, Table, Zoned};
pub use registry::Registry;
pub use session::{
    Cancel, DatabaseInfo, Engine, InstanceInfo, Preflight, Reply, RoleInfo, Row, ServerInfo,
    Session, SessionActivity,
};
pub use settings::{Setting, SettingsRequest};
pub use target::{Ssh, SshAuth, Target, Tls, TlsVerify};
pub use version::version;
