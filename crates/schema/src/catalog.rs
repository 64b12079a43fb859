//! The model. Lists are in the engine's natural order (columns by position) or sorted by name, so that two reads of an
//! unchanged database give equal catalogs. Sizes and row counts are the only fields that may differ between such reads:
//! they stand in [`TableStats`] and are left out of object hashes.

use serde::{Deserialize, Serialize};

use crate::known::Known;
use crate::shared::Shared;

/// One database.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalog {
    pub name: String,
    pub character_set: String,
    pub collation: String,
    pub owner: String,
    pub search_path: String,
    /// Bytes on disk, 0 when not known.
    pub size: i64,
    /// Engines without schemas have one with an empty name.
    pub schemas: Vec<Schema>,
    pub extensions: Vec<Extension>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    pub name: String,
    pub owner: String,
    pub comment: String,
    pub tables: Vec<Shared<Table>>,
    pub views: Vec<Shared<View>>,
    pub materialized_views: Vec<MaterializedView>,
    pub routines: Vec<Routine>,
    pub sequences: Vec<Sequence>,
    pub enums: Vec<Enum>,
    /// Types that are not enums: domains, composite and range types.
    pub types: Vec<UserType>,
    pub events: Vec<Event>,
    #[serde(skip)]
    pub known: Known,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    pub name: String,
    pub owner: String,
    pub comment: String,
    /// MySQL storage engine and the like.
    pub engine: String,
    pub charset: String,
    pub collation: String,
    pub create_options: String,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<CheckConstraint>,
    pub triggers: Vec<Trigger>,
    /// `PARTITION BY` text as the engine writes it; empty when not partitioned.
    pub partition_by: String,
    pub partitions: Vec<Partition>,
    /// (schema, table) whose columns it inherits; a partition's parent is not listed.
    pub inherits: Vec<(String, String)>,
    /// Row-level security: empty, `ENABLE` or `FORCE`.
    pub row_security: String,
    pub policies: Vec<Named>,
    /// Rewrite rules.
    pub rules: Vec<Named>,
    /// Engines that can hand out the statement which makes the table put it here (SQLite, MySQL); else empty.
    pub definition: String,
    /// Not part of the object's identity.
    pub stats: TableStats,
}

/// Estimates that change without a schema change. -1 means not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableStats {
    pub rows: i64,
    pub data_bytes: i64,
    pub index_bytes: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    pub name: String,
    /// From 1.
    pub position: i32,
    /// As the engine writes it: `numeric(12,2)`, `int unsigned`.
    pub r#type: String,
    pub nullable: bool,
    /// Expression text; None when the column has no default.
    pub default: Option<String>,
    pub on_update: String,
    pub character_set: String,
    pub collation: String,
    pub comment: String,
    pub generation: Option<Generation>,
    pub identity: Option<Identity>,
    pub auto_increment: bool,
    pub invisible: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generation {
    pub kind: GenerationKind,
    pub expression: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GenerationKind {
    Stored,
    Virtual,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// GENERATED ALWAYS (else BY DEFAULT).
    pub always: bool,
    pub start: i64,
    pub increment: i64,
    /// Further options that differ from the engine's defaults: `MAXVALUE 100 CYCLE`.
    pub options: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    pub name: String,
    pub keys: Vec<IndexKey>,
    /// btree, hash, gin, FULLTEXT…
    pub r#type: String,
    pub unique: bool,
    pub primary: bool,
    /// Belongs to a PRIMARY KEY, UNIQUE or EXCLUDE constraint.
    pub constraint: bool,
    /// False for INVISIBLE / IGNORED indexes, and for INVALID ones in PostgreSQL.
    pub visible: bool,
    pub valid: bool,
    pub comment: String,
    /// Whole statement, or constraint clause when `constraint`.
    pub definition: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexKey {
    /// Column name or expression text.
    pub expression: String,
    /// Prefix length; 0 means the whole column.
    pub length: i64,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForeignKey {
    pub name: String,
    pub columns: Vec<String>,
    pub referenced_schema: String,
    pub referenced_table: String,
    pub referenced_columns: Vec<String>,
    pub on_delete: String,
    pub on_update: String,
    pub match_type: String,
    /// Constraint clause as the engine writes it, when it can.
    pub definition: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckConstraint {
    pub name: String,
    pub expression: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Trigger {
    pub name: String,
    /// INSERT, UPDATE OR DELETE…
    pub event: String,
    /// BEFORE, AFTER, INSTEAD OF
    pub timing: String,
    /// Statement that makes it (or its body where the engine keeps only that).
    pub body: String,
    /// Empty when it fires as usual; else `DISABLE`, `ENABLE REPLICA`, `ENABLE ALWAYS`.
    pub state: String,
    pub comment: String,
    pub sql_mode: String,
    pub character_set_client: String,
    pub collation_connection: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Partition {
    /// Empty when it is that of the table.
    pub schema: String,
    pub name: String,
    /// How the table above is partitioned: RANGE, LIST, HASH, KEY…
    pub r#type: String,
    pub expression: String,
    /// Bound as the engine writes it.
    pub value: String,
    pub subpartitions: Vec<Partition>,
    /// `PARTITION BY` text when it is partitioned itself.
    pub partition_by: String,
    /// What it has beyond the table above.
    pub indexes: Vec<Index>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<CheckConstraint>,
    pub triggers: Vec<Trigger>,
    pub comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub name: String,
    pub owner: String,
    /// The query, without CREATE VIEW.
    pub definition: String,
    /// `security_barrier=true, check_option=local`
    pub options: String,
    pub comment: String,
    pub columns: Vec<Column>,
    pub triggers: Vec<Trigger>,
    /// (schema, table, column) it reads, where the engine tells.
    pub depends_on: Vec<(String, String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterializedView {
    pub name: String,
    pub owner: String,
    pub definition: String,
    pub comment: String,
    pub indexes: Vec<Index>,
    pub depends_on: Vec<(String, String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Routine {
    pub kind: RoutineKind,
    pub name: String,
    /// Name with argument types: tells overloads apart.
    pub signature: String,
    /// Whole CREATE statement.
    pub definition: String,
    /// (schema, relation) that must be there before it can be made.
    pub depends_on: Vec<(String, String)>,
    pub comment: String,
    pub sql_mode: String,
    pub character_set_client: String,
    pub collation_connection: String,
    pub database_collation: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum RoutineKind {
    #[default]
    Function,
    Procedure,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sequence {
    pub name: String,
    pub data_type: String,
    pub start: String,
    pub min_value: String,
    pub max_value: String,
    pub increment: String,
    pub cycle: bool,
    pub cache_size: String,
    /// Column that owns it (serial); identity sequences are not listed.
    pub owner_table: String,
    pub owner_column: String,
    pub comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Enum {
    pub name: String,
    pub values: Vec<String>,
    pub comment: String,
}

/// A domain, composite or range type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserType {
    pub name: String,
    /// Whole CREATE statement.
    pub definition: String,
    pub comment: String,
}

/// Something of a table of which only the statement that makes it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    pub name: String,
    /// Whole CREATE statement.
    pub definition: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Event {
    pub name: String,
    pub definition: String,
    pub time_zone: String,
    pub sql_mode: String,
    pub character_set_client: String,
    pub collation_connection: String,
    pub comment: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Extension {
    pub name: String,
    pub schema: String,
    pub version: String,
    pub description: String,
}

impl Default for TableStats {
    fn default() -> Self {
        Self { rows: -1, data_bytes: -1, index_bytes: -1 }
    }
}

impl Catalog {
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|s| s.name == name)
    }

    pub fn table_count(&self) -> usize {
        self.schemas.iter().map(|s| s.tables.len()).sum()
    }
}
