//! The handlers: one file a service. Each method converts the request, calls one use case of `app`, converts back.
//!
//! Handlers hold no decisions and no queries. The gate has checked token, permission and sizes before they run.
//! A new service is one file here and one line in [`register`].

mod actuator;
mod error;

use std::sync::Arc;

use app::ports::About;

use crate::registry::Registry;

pub use error::{Error, Result};

/// All services of this server.
pub fn register(about: Arc<dyn About>) -> Registry {
    use api::bytebase::v1 as pb;

    let mut registry = Registry::default();
    pb::register_actuator_service(&mut registry, &Arc::new(actuator::Actuator { about }));
    registry
}
