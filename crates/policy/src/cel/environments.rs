//! What each kind of condition may speak of. Data: a variable that is added here is known to checker and interpreter.

use super::types::Type;

/// The declared variables of one kind of condition.
#[derive(Debug)]
pub struct Environment {
    /// What such a condition is called, for messages: `a condition of a binding`.
    pub title: &'static str,
    pub variables: &'static [Variable],
}

#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub is: Declared,
}

/// What a variable holds. How long it may be is what costs are reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Bool,
    Int,
    /// A name or a word.
    Text,
    /// The text of statements.
    Script,
    Time,
    /// A list of words.
    Texts,
    /// Words by words, such as labels.
    TextMap,
}

impl Environment {
    pub fn variable(&self, name: &str) -> Option<&'static Variable> {
        self.variables.iter().find(|v| v.name == name)
    }
}

impl Declared {
    pub(super) fn ty(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Text | Self::Script => Type::Text,
            Self::Time => Type::Time,
            Self::Texts => Type::list(Type::Text),
            Self::TextMap => Type::Map(Box::new(Type::Text), Box::new(Type::Text)),
        }
    }

    /// Bytes, and elements, that a value is reckoned to have at most.
    pub(super) const fn bounds(self) -> (u64, u64) {
        match self {
            Self::Bool | Self::Int | Self::Time => (8, 1),
            Self::Text => (1 << 10, 1),
            Self::Script => (1 << 20, 1),
            Self::Texts | Self::TextMap => (1 << 12, 100),
        }
    }
}

const fn text(name: &'static str) -> Variable {
    Variable { name, is: Declared::Text }
}

const fn of(name: &'static str, is: Declared) -> Variable {
    Variable { name, is }
}

const PROJECT: Variable = text("resource.project_id");
const ENVIRONMENT: Variable = text("resource.environment_id");
const INSTANCE: Variable = text("resource.instance_id");
const ENGINE: Variable = text("resource.db_engine");
const DATABASE_NAME: Variable = text("resource.database_name");
const SCHEMA: Variable = text("resource.schema_name");
const TABLE: Variable = text("resource.table_name");
const COLUMN: Variable = text("resource.column_name");
const CLASSIFICATION: Variable = of("resource.classification_level", Declared::Int);
const RISK: Variable = text("risk.level");
const NOW: Variable = of("request.time", Declared::Time);
const SQL_TYPE: Variable = text("statement.sql_type");

/// Approval of a change of databases.
pub const CHANGE_DATABASE: Environment = Environment {
    title: "an approval rule for database changes",
    variables: &[
        ENVIRONMENT,
        PROJECT,
        INSTANCE,
        ENGINE,
        DATABASE_NAME,
        SCHEMA,
        TABLE,
        of("statement.affected_rows", Declared::Int),
        of("statement.table_rows", Declared::Int),
        SQL_TYPE,
        of("statement.text", Declared::Script),
        RISK,
        of("issue.labels", Declared::Texts),
    ],
};

/// Approval of a new database.
pub const CREATE_DATABASE: Environment = Environment {
    title: "an approval rule for new databases",
    variables: &[ENVIRONMENT, PROJECT, INSTANCE, ENGINE, DATABASE_NAME, RISK],
};

/// Approval of a request for a role.
pub const ROLE_REQUEST: Environment = Environment {
    title: "an approval rule for role requests",
    variables: &[
        ENVIRONMENT,
        PROJECT,
        INSTANCE,
        ENGINE,
        DATABASE_NAME,
        SCHEMA,
        TABLE,
        of("request.expiration_days", Declared::Int),
        text("request.role"),
        RISK,
    ],
};

/// Approval of a request to read or export data.
pub const ACCESS_REQUEST: Environment = Environment {
    title: "an approval rule for access requests",
    variables: &[
        ENVIRONMENT,
        PROJECT,
        INSTANCE,
        ENGINE,
        DATABASE_NAME,
        SCHEMA,
        TABLE,
        of("statement.text", Declared::Script),
        of("request.expiration_days", Declared::Int),
        of("request.unmask", Declared::Bool),
        of("request.data_export", Declared::Bool),
        RISK,
    ],
};

/// Approval of whatever no other rule spoke of.
pub const FALLBACK: Environment =
    Environment { title: "a fallback approval rule", variables: &[PROJECT] };

/// When a binding of a role counts.
pub const IAM_BINDING: Environment = Environment {
    title: "the condition of a binding",
    variables: &[ENVIRONMENT, text("resource.database"), SCHEMA, TABLE, SQL_TYPE, NOW],
};

/// Which databases a group holds.
pub const DATABASE_GROUP: Environment = Environment {
    title: "the condition of a database group",
    variables: &[
        ENVIRONMENT,
        INSTANCE,
        DATABASE_NAME,
        ENGINE,
        of("resource.database_labels", Declared::TextMap),
    ],
};

/// Which columns a masking rule is about.
pub const MASKING_RULE: Environment = Environment {
    title: "the condition of a masking rule",
    variables: &[
        ENVIRONMENT,
        PROJECT,
        INSTANCE,
        DATABASE_NAME,
        SCHEMA,
        TABLE,
        COLUMN,
        CLASSIFICATION,
    ],
};

/// What an exemption from masking is about, and until when.
pub const MASKING_EXEMPTION: Environment = Environment {
    title: "the condition of a masking exemption",
    variables: &[INSTANCE, DATABASE_NAME, SCHEMA, TABLE, COLUMN, CLASSIFICATION, NOW],
};
