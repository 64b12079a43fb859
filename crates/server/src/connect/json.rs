//! Messages as JSON, as the Connect protocol writes them: zero values left out, names in lowerCamelCase, enums as
//! names, 64-bit numbers as strings, bytes in base64.

use base::{Error, Result};
use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};

use super::transcode;

/// A message of the contract as JSON text. `name` is its full name: `bytebase.v1.Sheet`.
///
/// # Panics
/// When the contract has no message of that name.
pub fn of(name: &str, message: &impl Message) -> Result<String> {
    let descriptor = api::facts::pool()
        .get_message_by_name(name)
        .expect("the name of a generated message is in the descriptor set");
    let json = from_proto(&descriptor, &message.encode_to_vec())?;
    String::from_utf8(json).map_err(|e| Error::internal("JSON is not UTF-8").with_source(e))
}

/// Protobuf bytes of ours as JSON.
pub(crate) fn from_proto(descriptor: &MessageDescriptor, proto: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(256 + proto.len());
    if transcode::append(descriptor, proto, &mut out) {
        return Ok(out);
    }
    let message = DynamicMessage::decode(descriptor.clone(), proto)
        .map_err(|e| Error::internal("response does not decode").with_source(e))?;
    from_message(&message)
}

pub(crate) fn from_message(message: &DynamicMessage) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(256);
    message
        .serialize_with_options(
            &mut serde_json::Serializer::new(&mut out),
            &SerializeOptions::new(),
        )
        .map_err(|e| Error::internal("message cannot be written as JSON").with_source(e))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use api::bytebase::v1::{ActuatorInfo, Sheet};

    use super::*;

    #[test]
    fn zero_values_are_left_out_and_large_numbers_are_text() {
        assert_eq!(of("bytebase.v1.ActuatorInfo", &ActuatorInfo::default()).unwrap(), "{}");
        let sheet = Sheet { name: "s".into(), content: b"\xff\0".to_vec(), content_size: 1 << 60 };
        let text = of("bytebase.v1.Sheet", &sheet).unwrap();
        assert_eq!(text, r#"{"name":"s","content":"/wA=","contentSize":"1152921504606846976"}"#);
    }
}
