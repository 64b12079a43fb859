//! What a rule is.

use base::EngineKind;

use crate::cx::Cx;
use crate::payload::PayloadKind;
use crate::rule_type::RuleType;

/// A rule: everything about it, in one place.
pub struct Rule {
    pub rule: RuleType,
    pub group: Group,
    /// Engines whose scripts it reads.
    pub engines: &'static [EngineKind],
    /// Those that its advices may have, besides [`crate::code::INTERNAL`].
    pub codes: &'static [i32],
    pub payload: PayloadKind,
    pub needs: Needs,
    pub doc: Doc,
    pub check: fn(&mut Cx<'_>) -> Checked,
}

/// Err says why the rule could not be evaluated.
pub type Checked = Result<(), String>;

/// Where a rule stands in lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Naming,
    Statement,
    Table,
    Column,
    Schema,
    Index,
    System,
    Builtin,
    Security,
}

/// What a rule needs beyond the script. Without it the rule sees less, or says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    Script,
    Catalog,
    Connection,
}

/// For people. The examples are run by a test: `example` fires, `instead` does not.
pub struct Doc {
    /// One sentence: what it reports.
    pub what: &'static str,
    pub why: &'static str,
    pub example: &'static str,
    pub instead: &'static str,
}

impl Group {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Naming => "NAMING",
            Self::Statement => "STATEMENT",
            Self::Table => "TABLE",
            Self::Column => "COLUMN",
            Self::Schema => "SCHEMA",
            Self::Index => "INDEX",
            Self::System => "SYSTEM",
            Self::Builtin => "BUILTIN",
            Self::Security => "SECURITY",
        }
    }
}

/// What nearly every rule's file needs.
pub mod prelude {
    pub use base::EngineKind;
    pub use sql::{Edit, Fix, Safety};

    pub use super::{Checked, Doc, Group, Needs, Rule};
    pub use crate::code;
    pub use crate::cx::Cx;
    pub use crate::payload::PayloadKind;
    pub use crate::rule_type::RuleType;
}
