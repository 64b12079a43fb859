//! The file that later steps of a pipeline read: `release`, `plan`, `rollout`, `checkResults`.

use std::path::Path;

use api::bytebase::v1::CheckReleaseResponse;
use prost::Message as _;
use prost_reflect::{DynamicMessage, SerializeOptions};
use serde_json::{Map, Value};

use crate::failure::{Exit, Failure, Result};

/// What came of a command; also what came of it before it failed.
#[derive(Debug, Default)]
pub struct Output(Map<String, Value>);

impl Output {
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    pub fn set_check(&mut self, response: &CheckReleaseResponse) -> Result<()> {
        let value = json(response)?;
        self.set("checkResults", value);
        Ok(())
    }

    pub fn write(&self, path: Option<&Path>) -> Result<()> {
        let Some(path) = path else { return Ok(()) };
        let text = serde_json::to_string_pretty(&self.0).unwrap_or_default() + "\n";
        write(path, &text)
    }
}

/// Makes the folders above the file, too.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |e: std::io::Error| Failure::usage(format!("{}: {e}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

/// A message in protobuf's own JSON.
fn json(response: &CheckReleaseResponse) -> Result<Value> {
    let wrong = |e: &dyn std::fmt::Display| {
        Failure::new(Exit::Server, format!("the answer cannot be written as JSON: {e}"))
    };
    let name = "bytebase.v1.CheckReleaseResponse";
    let descriptor = api::facts::pool().get_message_by_name(name).ok_or_else(|| wrong(&name))?;
    let message = DynamicMessage::decode(descriptor, response.encode_to_vec().as_slice())
        .map_err(|e| wrong(&e))?;
    let options = SerializeOptions::new();
    message.serialize_with_options(serde_json::value::Serializer, &options).map_err(|e| wrong(&e))
}
