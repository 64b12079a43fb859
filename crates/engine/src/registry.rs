//! The engines this binary has: filled once, by an explicit list in crates/basalt/src/engines.rs.

use std::sync::Arc;

use base::{EngineKind, Error, Reason};

use crate::session::Engine;

#[derive(Clone, Default)]
pub struct Registry {
    engines: Vec<Arc<dyn Engine>>,
}

impl Registry {
    pub fn new(engines: Vec<Arc<dyn Engine>>) -> Self {
        Self { engines }
    }

    /// The driver of a kind, or an error that says what there is.
    pub fn get(&self, kind: EngineKind) -> Result<&Arc<dyn Engine>, Error> {
        self.engines.iter().find(|e| e.kinds().contains(&kind)).ok_or_else(|| {
            let have: Vec<_> = self.kinds().map(EngineKind::title).collect();
            Error::new(
                Reason::EngineUnsupported,
                format!(
                    "this server cannot connect to {}; it can to {}",
                    kind.title(),
                    have.join(", ")
                ),
            )
        })
    }

    pub fn kinds(&self) -> impl Iterator<Item = EngineKind> {
        self.engines.iter().flat_map(|e| e.kinds().iter().copied())
    }
}
