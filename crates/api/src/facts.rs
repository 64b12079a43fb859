//! What the descriptors say about rpcs and fields, read once from [`crate::DESCRIPTOR_SET`].
//!
//! The gate in front of all handlers and the REST table go by these facts; nothing else in the server knows
//! a permission or a path by heart. They are read from the encoded set, because decoded `prost_types`
//! descriptors drop custom options.

mod field;
mod rpc;

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, ReflectMessage as _, Value};

pub use field::{FieldFacts, Redact, Rules, field};
pub use rpc::{Agent, Auth, HttpRule, RpcFacts, rpc, rpcs};

/// All messages, enums and services of the contract and of the files it imports.
pub fn pool() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        DescriptorPool::decode(crate::DESCRIPTOR_SET)
            .expect("the committed descriptor set is whole: tests read it")
    });
    &POOL
}

/// The value of extension `name` in the options of a descriptor, if it is set.
fn option(options: &prost_reflect::DynamicMessage, name: &str) -> Option<Value> {
    let extension = options.descriptor().parent_pool().get_extension_by_name(name)?;
    options.has_extension(&extension).then(|| options.get_extension(&extension).into_owned())
}
