//! The one table of rpcs: path → what the contract says about it, and its handler.

use std::collections::HashMap;
use std::sync::Arc;

use api::facts::{Auth, RpcFacts};
use api::rpc::{Handler, Register, Reply};
use app::cx::Cx;

use crate::rpc::Error;

/// All rpcs that have handlers. Filled by the generated `register_…_service` functions.
#[derive(Default)]
pub struct Registry {
    methods: HashMap<&'static str, Arc<Method>>,
}

/// One rpc.
pub struct Method {
    pub facts: &'static RpcFacts,
    handler: Handler<Cx, Error>,
}

impl Registry {
    pub(crate) fn find(&self, path: &str) -> Option<&Arc<Method>> {
        self.methods.get(path)
    }

    pub fn len(&self) -> usize {
        self.methods.len()
    }

    pub fn is_empty(&self) -> bool {
        self.methods.is_empty()
    }
}

impl Method {
    pub fn call(&self, cx: Cx, request: &[u8]) -> Reply<Error> {
        (self.handler)(cx, request)
    }
}

impl Register<Cx, Error> for Registry {
    /// # Panics
    /// When the contract does not hold the rpc, or does not say what permission an IAM rpc needs, or when the
    /// rpc has a handler already: a server that cannot guard an rpc must not start.
    fn add(&mut self, path: &'static str, handler: Handler<Cx, Error>) {
        let facts = api::facts::rpc(path)
            .expect("code and descriptors of an rpc are generated from the same files");
        assert!(
            facts.auth != Auth::Iam || facts.permission.is_some(),
            "{path}: auth is IAM, so the proto file must name a permission"
        );
        let method = Method { facts, handler };
        let before = self.methods.insert(path, Arc::new(method));
        assert!(before.is_none(), "{path} has two handlers");
    }
}
