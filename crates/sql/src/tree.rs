//! A script as a tree that is the same for every engine: what review, lineage and the walk-through read.
//!
//! A dialect turns its own syntax into this (`Dialect::parse`); it carries what those readers need, not every clause of
//! every engine. Invariants: spans are bytes of the script; names are as the server stores them; what a dialect does
//! not understand is [`Body::Unparsed`], what it understands but nobody reads is [`Body::Other`]. Depth is bounded, so
//! that whoever walks a tree need not care for the stack.

mod ddl;
mod query;
mod routine;
mod walk;

pub use ddl::{
    AlterAction, AlterKind, AlterTable, ColumnDef, Comment, Constraint, ConstraintKind,
    CreateFunction, CreateIndex, CreateSequence, CreateTable, CreateType, CreateView, DropObjects,
    Grant, Key, RelationKind, Rename, Truncate, TypeName,
};
pub use query::{
    Cte, Delete, Expr, ExprKind, FromItem, Insert, Join, Merge, Query, QueryBody, Select, Target,
    Update,
};
pub use routine::{Routine, Unjudged, Why};
pub use walk::{
    queries_in_body, queries_in_query, visit_body_exprs, visit_exprs, visit_queries,
    visit_subqueries,
};

use std::sync::Arc;

use base::{Position, Span};

use crate::{Statement, SyntaxError};

/// A script and its statements in order, which other views of it share.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub statements: Vec<Arc<Parsed>>,
}

/// One statement as a tree.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub statement: Statement,
    pub body: Body,
    pub error: Option<Box<SyntaxError>>,
}

/// What a statement is.
#[derive(Debug, Clone)]
pub enum Body {
    CreateTable(Box<CreateTable>),
    AlterTable(Box<AlterTable>),
    CreateIndex(Box<CreateIndex>),
    CreateView(Box<CreateView>),
    CreateSchema {
        name: Ident,
        if_not_exists: bool,
        elements: Vec<Body>,
    },
    CreateSequence(Box<CreateSequence>),
    CreateType(Box<CreateType>),
    CreateFunction(Box<CreateFunction>),
    CreateTrigger {
        name: Ident,
        table: Name,
        or_replace: bool,
    },
    CreateExtension {
        name: Ident,
        schema: String,
        if_not_exists: bool,
    },
    /// `encoding` and `collation` as given.
    CreateDatabase {
        name: Ident,
        encoding: Option<Ident>,
        collation: Option<Ident>,
    },
    Drop(Box<DropObjects>),
    Rename(Box<Rename>),
    SetSchema {
        kind: &'static str,
        name: Name,
        schema: Ident,
        if_exists: bool,
    },
    AddEnumValue {
        name: Name,
        value: String,
        if_not_exists: bool,
    },
    Comment(Box<Comment>),
    Truncate(Box<Truncate>),
    Grant(Box<Grant>),
    Query(Box<Query>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
    Explain(Box<Body>),
    /// A block that runs at once.
    Do(Box<Routine>),
    Begin,
    Commit,
    Rollback,
    /// The setting in lower case: `role`, `search_path`…
    Set {
        name: String,
    },
    /// COPY … PROGRAM: a command of the server's machine.
    CopyProgram {
        command: Span,
    },
    /// CREATE or ALTER ROLE with a password that is written out.
    RolePassword {
        role: String,
        password: Span,
    },
    Other,
    Unparsed,
}

/// A name with as many parts as it has; parts that are not written are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    pub database: String,
    pub schema: String,
    pub name: String,
    pub span: Span,
}

/// A name of one part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ident {
    pub name: String,
    pub span: Span,
}

impl Script {
    /// What a dialect without a parser has to say.
    pub fn unparsed(statements: Vec<Statement>) -> Self {
        let parsed = |statement| Arc::new(Parsed { statement, body: Body::Unparsed, error: None });
        Self { statements: statements.into_iter().map(parsed).collect() }
    }

    /// Which of its statements it is, from 0; None when it stands inside one of them.
    pub fn number(&self, statement: &Parsed) -> Option<usize> {
        let starts = |s: &Arc<Parsed>| s.span().start.cmp(&statement.span().start);
        self.statements.binary_search_by(starts).ok()
    }

    pub fn errors(&self) -> impl Iterator<Item = &SyntaxError> {
        self.statements.iter().filter_map(|s| s.error.as_deref())
    }
}

impl Body {
    /// Whether it may make, change or drop something that a catalog holds.
    pub fn changes_schema(&self) -> bool {
        if let Self::Do(block) = self {
            return block.changes_schema();
        }
        matches!(
            self,
            Self::CreateTable(_)
                | Self::AlterTable(_)
                | Self::CreateIndex(_)
                | Self::CreateView(_)
                | Self::CreateSchema { .. }
                | Self::CreateSequence(_)
                | Self::CreateType(_)
                | Self::CreateFunction(_)
                | Self::CreateTrigger { .. }
                | Self::CreateExtension { .. }
                | Self::Drop(_)
                | Self::Rename(_)
                | Self::SetSchema { .. }
                | Self::AddEnumValue { .. }
                | Self::Comment(_)
        )
    }
}

impl Body {
    /// The tables and views that it makes, changes or drops, and those whose rows it changes.
    pub fn tables(&self) -> Vec<&Name> {
        match self {
            Self::CreateTable(made) => vec![&made.name],
            Self::AlterTable(alter) => vec![&alter.name],
            Self::CreateIndex(index) => vec![&index.table],
            Self::CreateView(view) => vec![&view.name],
            Self::CreateTrigger { table, .. } => vec![table],
            Self::Drop(drop) => match &drop.table {
                Some(table) => vec![table],
                None if matches!(drop.kind, "table" | "view" | "materialized view") => {
                    drop.names.iter().collect()
                }
                None => Vec::new(),
            },
            Self::Comment(comment) => vec![&comment.name],
            Self::Truncate(truncate) => truncate.tables.iter().collect(),
            Self::Insert(insert) => vec![&insert.table],
            Self::Update(update) => vec![&update.table],
            Self::Delete(delete) => vec![&delete.table],
            Self::Merge(merge) => vec![&merge.table],
            _ => Vec::new(),
        }
    }
}

impl Parsed {
    pub const fn span(&self) -> Span {
        self.statement.span
    }

    pub const fn start(&self) -> Position {
        self.statement.start
    }
}

impl Name {
    /// `schema.name` as written, without the database.
    pub fn written(&self) -> String {
        if self.schema.is_empty() {
            self.name.clone()
        } else {
            format!("{}.{}", self.schema, self.name)
        }
    }
}
