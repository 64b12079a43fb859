//! Statements that change the schema.

use base::Span;

use super::{Expr, Ident, Name, Query, Routine};

#[derive(Debug, Clone, Default)]
pub struct CreateTable {
    pub name: Name,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub columns: Vec<ColumnDef>,
    /// Those of the table; a column's own stand with the column.
    pub constraints: Vec<Constraint>,
    /// Tables whose columns it copies.
    pub likes: Vec<Name>,
    pub inherits: Vec<Name>,
    pub partition_of: Option<Name>,
    /// Text of PARTITION BY; empty when it is not partitioned.
    pub partition_by: String,
    /// CREATE TABLE … AS, SELECT … INTO.
    pub query: Option<Query>,
}

#[derive(Debug, Clone, Default)]
pub struct ColumnDef {
    pub name: Ident,
    pub span: Span,
    /// None where the engine takes it from elsewhere (partitions, typed tables).
    pub ty: Option<TypeName>,
    pub collation: Option<Ident>,
    pub constraints: Vec<Constraint>,
}

/// A data type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypeName {
    pub span: Span,
    pub schema: String,
    /// The engine's own name of it, without arguments: `integer` for `int4`, `character` for `char`.
    pub name: String,
    /// As written, in lower case, without arguments: `int4`.
    pub written: String,
    pub args: Vec<i64>,
    pub array: bool,
    /// As the engine would show it: `character varying(20)`.
    pub text: String,
}

/// A constraint of a table, or of a column.
#[derive(Debug, Clone)]
pub struct Constraint {
    pub name: Option<Ident>,
    pub span: Span,
    pub kind: ConstraintKind,
    /// NOT VALID: existing rows are not looked at.
    pub not_valid: bool,
}

#[derive(Debug, Clone)]
pub enum ConstraintKind {
    /// No columns: those of the column it stands with, or of the index.
    PrimaryKey {
        columns: Vec<Ident>,
        using_index: Option<Ident>,
    },
    Unique {
        columns: Vec<Ident>,
        using_index: Option<Ident>,
    },
    ForeignKey {
        columns: Vec<Ident>,
        table: Box<Name>,
        referenced: Vec<Ident>,
        /// CASCADE, SET NULL…; empty for none.
        on_delete: &'static str,
        on_update: &'static str,
    },
    Check {
        expr: Expr,
        text: String,
    },
    Exclude {
        keys: Vec<String>,
    },
    /// The column where it stands as a constraint of the table.
    NotNull {
        column: Option<Ident>,
    },
    Null,
    Default {
        expr: Expr,
        text: String,
    },
    Generated {
        text: String,
    },
    Identity {
        always: bool,
    },
}

impl ConstraintKind {
    /// CHECK (column IS NOT NULL) and nothing else.
    pub fn is_not_null_check(&self, column: &str) -> bool {
        let Self::Check { text, .. } = self else { return false };
        let mut words = text.trim_matches(['(', ')', ' ']).split_whitespace();
        let named = words.next().is_some_and(|name| match name.strip_prefix('"') {
            Some(quoted) => quoted.strip_suffix('"') == Some(column),
            None => name.eq_ignore_ascii_case(column),
        });
        named && words.map(str::to_ascii_lowercase).eq(["is", "not", "null"])
    }
}

#[derive(Debug, Clone)]
pub struct AlterTable {
    pub relation: RelationKind,
    pub name: Name,
    pub if_exists: bool,
    pub actions: Vec<AlterAction>,
}

/// What ALTER … names: engines let ALTER TABLE change views and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    Table,
    View,
    MaterializedView,
}

#[derive(Debug, Clone)]
pub struct AlterAction {
    pub span: Span,
    pub kind: AlterKind,
}

#[derive(Debug, Clone)]
pub enum AlterKind {
    AddColumn {
        column: Box<ColumnDef>,
        if_not_exists: bool,
    },
    DropColumn {
        column: Ident,
        if_exists: bool,
        cascade: bool,
    },
    /// `using`: rows are computed anew.
    ColumnType {
        column: Ident,
        ty: TypeName,
        collation: Option<Ident>,
        using: bool,
    },
    SetDefault {
        column: Ident,
        expr: Expr,
        text: String,
    },
    DropDefault {
        column: Ident,
    },
    SetNotNull {
        column: Ident,
    },
    DropNotNull {
        column: Ident,
    },
    AddIdentity {
        column: Ident,
        always: bool,
    },
    DropIdentity {
        column: Ident,
    },
    AddConstraint(Box<Constraint>),
    DropConstraint {
        name: Ident,
        if_exists: bool,
        cascade: bool,
    },
    ValidateConstraint {
        name: Ident,
    },
    RenameColumn {
        from: Ident,
        to: Ident,
    },
    RenameConstraint {
        from: Ident,
        to: Ident,
    },
    RenameTo {
        to: Ident,
    },
    SetSchema {
        schema: Ident,
    },
    AttachPartition {
        table: Name,
    },
    DetachPartition {
        table: Name,
        concurrently: bool,
    },
    Owner {
        role: String,
    },
    /// ENABLE, DISABLE, FORCE or NO FORCE.
    RowSecurity {
        state: &'static str,
    },
    /// Its words in upper case, as far as they are keywords.
    Other {
        words: String,
    },
}

#[derive(Debug, Clone)]
pub struct CreateIndex {
    pub name: Option<Ident>,
    pub table: Name,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    /// btree where none is given.
    pub method: String,
    pub keys: Vec<Key>,
    /// INCLUDE columns.
    pub include: Vec<String>,
    pub partial: bool,
}

/// A key of an index.
#[derive(Debug, Clone, Default)]
pub struct Key {
    pub span: Span,
    /// None for an expression.
    pub column: Option<String>,
    pub text: String,
    /// What an engine calls the key where it makes up a name: the column, the function…
    pub label: String,
    pub descending: bool,
}

#[derive(Debug, Clone)]
pub struct CreateView {
    pub name: Name,
    pub materialized: bool,
    pub or_replace: bool,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub columns: Vec<String>,
    pub query: Option<Query>,
    pub definition: String,
}

#[derive(Debug, Clone)]
pub struct CreateSequence {
    pub name: Name,
    pub if_not_exists: bool,
    pub temporary: bool,
}

/// CREATE TYPE and CREATE DOMAIN.
#[derive(Debug, Clone)]
pub struct CreateType {
    pub name: Name,
    /// Of an enum; None for any other type.
    pub values: Option<Vec<String>>,
    pub definition: String,
}

#[derive(Debug, Clone)]
pub struct CreateFunction {
    pub name: Name,
    pub procedure: bool,
    pub or_replace: bool,
    /// Name with the types of its arguments.
    pub signature: String,
    pub definition: String,
    pub security_definer: bool,
    /// It sets its own search_path.
    pub sets_search_path: bool,
    /// None where there is nothing to read: a body in C.
    pub body: Option<Routine>,
}

/// DROP of one kind of object.
#[derive(Debug, Clone)]
pub struct DropObjects {
    /// Our word: `table`, `materialized view`, `index`…
    pub kind: &'static str,
    pub names: Vec<Name>,
    /// Of a trigger, rule or policy.
    pub table: Option<Name>,
    pub if_exists: bool,
    pub cascade: bool,
    pub concurrently: bool,
}

/// ALTER kind … RENAME TO, but for tables and views.
#[derive(Debug, Clone)]
pub struct Rename {
    pub kind: &'static str,
    pub from: Name,
    pub to: Ident,
    pub if_exists: bool,
}

#[derive(Debug, Clone)]
pub struct Comment {
    pub kind: &'static str,
    /// The object; for a column, the table.
    pub name: Name,
    /// Of a column or constraint.
    pub member: String,
    /// None and empty take the comment away.
    pub text: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Truncate {
    pub tables: Vec<Name>,
    pub cascade: bool,
}

/// GRANT; REVOKE is not looked at.
#[derive(Debug, Clone)]
pub struct Grant {
    pub to: Vec<String>,
    /// What is granted, as written.
    pub what: String,
}
