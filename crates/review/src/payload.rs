//! What a rule is told by its configuration.

use serde::{Deserialize, Serialize};

/// The payload of a rule, as on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payload {
    #[default]
    None,
    /// `format` is a regular expression, in which `{{table}}` and the like stand for names. `max_length` counts bytes;
    /// 0 means 63.
    Naming {
        format: String,
        #[serde(default)]
        max_length: usize,
    },
    Number {
        number: i64,
    },
    StringArray {
        list: Vec<String>,
    },
    CommentConvention {
        #[serde(default)]
        required: bool,
        /// Bytes; 0 means no limit.
        #[serde(default)]
        max_length: usize,
    },
    String {
        value: String,
    },
    NamingCase {
        #[serde(default)]
        upper: bool,
    },
}

/// Which payload a rule takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadKind {
    None,
    Naming,
    Number,
    StringArray,
    CommentConvention,
    String,
    NamingCase,
}

impl Payload {
    pub const fn kind(&self) -> PayloadKind {
        match self {
            Self::None => PayloadKind::None,
            Self::Naming { .. } => PayloadKind::Naming,
            Self::Number { .. } => PayloadKind::Number,
            Self::StringArray { .. } => PayloadKind::StringArray,
            Self::CommentConvention { .. } => PayloadKind::CommentConvention,
            Self::String { .. } => PayloadKind::String,
            Self::NamingCase { .. } => PayloadKind::NamingCase,
        }
    }
}
