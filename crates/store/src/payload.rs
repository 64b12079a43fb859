//! Structs as JSON text in a column: `{"v":1,"data":…}`.
//!
//! Invariant: what was written once can be read for ever. A field may be added with a default; a change of meaning
//! takes a new `v` and a reader for the old one.

use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    v: u32,
    data: T,
}

/// Fails only for a struct of ours that JSON cannot hold: a map with keys that are not text.
pub(crate) fn encode<T: Serialize + ?Sized>(data: &T) -> Result<String> {
    serde_json::to_string(&Envelope { v: VERSION, data })
        .map_err(|e| StoreError::Mistake(format!("payload: {e}")))
}

/// `what` names the row for the error.
pub(crate) fn decode<T: DeserializeOwned>(what: &str, text: &str) -> Result<T> {
    let envelope: Envelope<T> =
        serde_json::from_str(text).map_err(|e| StoreError::corrupt(what, e))?;
    if envelope.v != VERSION {
        return Err(StoreError::corrupt(
            what,
            format!("payload version {} is not known here", envelope.v),
        ));
    }
    Ok(envelope.data)
}

/// The text of an enum value without data: what serde calls it.
pub(crate) fn word<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => Ok(s),
        _ => Err(StoreError::Mistake("an enum column holds values without data".to_owned())),
    }
}

/// The enum value of a text.
pub(crate) fn from_word<T: DeserializeOwned>(what: &str, text: &str) -> Result<T> {
    T::deserialize(text.into_deserializer())
        .map_err(|e: serde::de::value::Error| StoreError::corrupt(what, e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{ProjectPayload, State};

    #[test]
    fn missing_fields_take_their_default_and_later_versions_are_refused() {
        let old = r#"{"v":1,"data":{"enforce_issue_title":true,"gone":1}}"#;
        let payload: ProjectPayload = decode("projects/a", old).unwrap();
        assert!(payload.enforce_issue_title && payload.issue_labels.is_empty());
        assert!(decode::<ProjectPayload>("projects/a", r#"{"v":2,"data":{}}"#).is_err());
        assert!(decode::<ProjectPayload>("projects/a", "{}").is_err());
    }

    #[test]
    fn words() {
        assert_eq!(word(State::Deleted).unwrap(), "DELETED");
        assert_eq!(from_word::<State>("s", "ACTIVE").unwrap(), State::Active);
        assert!(from_word::<State>("s", "active").is_err());
    }
}
