//! The contract of a dialect. Pure: text in, facts out.

use std::collections::BTreeMap;

use base::{Error, Position, Span};
use schema::Catalog;

use crate::batch::BatchParts;
use crate::directive::Directives;
use crate::fix::Fix;
use crate::lock::LockForecast;
use crate::span::QuerySpan;
use crate::statement::{Facts, Statement, StatementClass};
use crate::tree::{Parsed, Script};

/// What a family of engines speaks.
pub trait Dialect: Send + Sync {
    /// Cuts a script into statements, in order. Comments and blanks between them belong to none. Linear in the text.
    fn split(&self, script: &str) -> Vec<Statement>;

    /// Says what one statement does. Never fails: what it does not know is `Unknown`.
    fn classify(&self, statement: &str) -> Facts;

    /// Where one statement holds passwords or keys, in order; see [`crate::secrets`].
    fn secrets(&self, statement: &str) -> Vec<Span>;

    /// Syntax errors that can be told without a server, with positions in `script`. A dialect without a parser of its
    /// own answers None: then only the server can tell.
    fn syntax_errors(&self, script: &str) -> Option<Vec<SyntaxError>>;

    /// The whole catalog as SQL that makes the same schema in an empty database.
    fn render(&self, catalog: &Catalog) -> String;

    /// Quotes an identifier so that the engine reads it as it is written.
    fn quote_identifier(&self, name: &str) -> String;

    /// The statement that makes a database, or an error that names the field which the engine cannot take.
    fn create_database(&self, spec: &CreateDatabase) -> Result<String, Error>;

    /// An UPDATE or DELETE in parts, so that it can be run in ranges of `key`, or why it cannot.
    fn batch_parts(&self, statement: &str, key: &str) -> Result<BatchParts, String>;

    /// Whether DDL takes part in transactions.
    fn transactional_ddl(&self) -> bool;

    /// The engine's own name of a type that a person wrote without arguments: `integer` for `INT4`.
    fn type_name(&self, written: &str) -> String {
        written.to_lowercase()
    }

    /// The script as a tree. Never fails; without a parser of its own a dialect has statements but no trees.
    fn parse(&self, script: &str) -> Script {
        Script::unparsed(self.split(script))
    }

    /// The syntax tree of one statement for people, a node a line; None without a parser of its own, and for what is
    /// beyond its limits.
    fn outline(&self, _statement: &str) -> Option<String> {
        None
    }

    /// The locks that a statement takes on a server of this version (None: a current one), strongest first. `text` is
    /// the statement's. With a catalog, relations that it does not hold are left out: the script itself made them.
    fn forecast(
        &self,
        _statement: &Parsed,
        _text: &str,
        _catalog: Option<&Catalog>,
        _version: Option<(u32, u32)>,
    ) -> Vec<LockForecast> {
        Vec::new()
    }

    /// The same changes in statements that block others less, as edits of the script, by number of the statement (from 0):
    /// what [`LockForecast::safer`] says in words. Statements without any are left out.
    fn safer(
        &self,
        _script: &Script,
        _text: &str,
        _catalog: Option<&Catalog>,
        _version: Option<(u32, u32)>,
    ) -> BTreeMap<usize, Fix> {
        BTreeMap::new()
    }

    /// Where the result of one statement comes from, by the catalog; None where the dialect cannot tell. `text` is the
    /// statement's.
    fn span(&self, _catalog: &Catalog, _statement: &Parsed, _text: &str) -> Option<QuerySpan> {
        None
    }

    /// What one statement does to a catalog in memory, or the error a server would give. After an error the catalog
    /// may hold a part of the statement. What the dialect cannot follow changes nothing.
    fn apply(&self, _catalog: &mut Catalog, _statement: &Parsed) -> Result<(), ApplyError> {
        Ok(())
    }

    /// Statements around one that fails because other objects depend on what it changes: they go before it and are made
    /// again behind it. `catalog` is as the statement finds it. None when that does not help.
    fn unblock(&self, _catalog: &Catalog, _statement: &Parsed, _script: &str) -> Option<Fix> {
        None
    }
}

/// Wishes for a new database; empty means the server's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreateDatabase {
    pub name: String,
    pub character_set: String,
    pub collation: String,
    pub owner: String,
}

/// A place where the text is not the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    pub position: Position,
    pub message: String,
}

/// Why a statement would fail on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyError {
    pub kind: ApplyErrorKind,
    pub span: Span,
    pub message: String,
}

/// Kinds of failures, engine-free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApplyErrorKind {
    SchemaExists,
    SchemaMissing,
    RelationExists,
    RelationMissing,
    ColumnExists,
    ColumnMissing,
    IndexExists,
    IndexMissing,
    ConstraintExists,
    ConstraintMissing,
    TypeExists,
    TypeMissing,
    PrimaryKeyExists,
    /// Something else depends on what is dropped.
    DependentObjects,
    /// The definition contradicts itself.
    InvalidDefinition,
}

/// How a script is run, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransactionRule {
    /// All in one transaction that we open and close.
    One,
    /// Statement by statement, each on its own.
    Each { because: String },
    /// The script has its own BEGIN and COMMIT: sent as it is.
    Own { because: String },
}

impl TransactionRule {
    /// Decides for a script: in one transaction where the engine can and the script does not say otherwise.
    pub fn for_script(dialect: &dyn Dialect, facts: &[Facts], directives: &Directives) -> Self {
        if let Some(n) = facts.iter().position(|f| f.kind.class() == StatementClass::Transaction) {
            return Self::Own {
                because: format!("statement {} is {}", n + 1, facts[n].kind.as_str()),
            };
        }
        if directives.transaction == Some(false) {
            return Self::Each { because: "it says -- txn-mode = off".to_owned() };
        }
        if let Some(n) = directives.batches.keys().next() {
            return Self::Each {
                because: format!("statement {} runs in batches, each a transaction", n + 1),
            };
        }
        if let Some(n) = facts.iter().position(|f| f.outside_transaction) {
            return Self::Each {
                because: format!("statement {} cannot run inside a transaction", n + 1),
            };
        }
        if !dialect.transactional_ddl() {
            let not_dml = |f: &Facts| {
                !matches!(
                    f.kind.class(),
                    StatementClass::Dml | StatementClass::Query | StatementClass::Session
                )
            };
            if let Some(n) = facts.iter().position(not_dml) {
                return Self::Each {
                    because: format!(
                        "statement {} ({}) commits by itself on this engine",
                        n + 1,
                        facts[n].kind.as_str()
                    ),
                };
            }
        }
        Self::One
    }
}
