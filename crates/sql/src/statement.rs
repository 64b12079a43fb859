//! A statement of a script and the facts about it.

use base::{LineIndex, Position, Span};
use serde::{Deserialize, Serialize};

/// One statement of a script: its text without the terminator and without leading comments and blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Bytes in the script.
    pub span: Span,
    pub start: Position,
    pub end: Position,
}

macro_rules! kinds {
    ($($kind:ident $number:literal $wire:literal $class:ident;)*) => {
        /// What a statement does. The discriminant is the number of `StatementType` on the wire; from 100 on are kinds of
        /// our own that the wire does not know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum StatementKind { $($kind = $number,)* }

        impl StatementKind {
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $wire,)* }
            }

            pub const fn class(self) -> StatementClass {
                match self { $(Self::$kind => StatementClass::$class,)* }
            }
        }
    };
}

/// The coarse kinds that decide transactions, snapshots and permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementClass {
    /// Changes the schema.
    Ddl,
    /// Changes rows.
    Dml,
    /// Reads.
    Query,
    /// BEGIN, COMMIT, ROLLBACK, SAVEPOINT.
    Transaction,
    /// SET, USE and the like: changes the session only.
    Session,
    /// Grants, maintenance, calls, and what the dialect does not know.
    Other,
}

kinds! {
    CreateDatabase 1 "CREATE_DATABASE" Ddl;
    CreateTable 2 "CREATE_TABLE" Ddl;
    CreateView 3 "CREATE_VIEW" Ddl;
    CreateIndex 4 "CREATE_INDEX" Ddl;
    CreateSequence 5 "CREATE_SEQUENCE" Ddl;
    CreateSchema 6 "CREATE_SCHEMA" Ddl;
    CreateFunction 7 "CREATE_FUNCTION" Ddl;
    CreateTrigger 8 "CREATE_TRIGGER" Ddl;
    CreateProcedure 9 "CREATE_PROCEDURE" Ddl;
    CreateEvent 10 "CREATE_EVENT" Ddl;
    CreateExtension 11 "CREATE_EXTENSION" Ddl;
    CreateType 12 "CREATE_TYPE" Ddl;
    DropDatabase 20 "DROP_DATABASE" Ddl;
    DropTable 21 "DROP_TABLE" Ddl;
    DropView 22 "DROP_VIEW" Ddl;
    DropIndex 23 "DROP_INDEX" Ddl;
    DropSequence 24 "DROP_SEQUENCE" Ddl;
    DropSchema 25 "DROP_SCHEMA" Ddl;
    DropFunction 26 "DROP_FUNCTION" Ddl;
    DropTrigger 27 "DROP_TRIGGER" Ddl;
    DropProcedure 28 "DROP_PROCEDURE" Ddl;
    DropEvent 29 "DROP_EVENT" Ddl;
    DropExtension 30 "DROP_EXTENSION" Ddl;
    DropType 31 "DROP_TYPE" Ddl;
    AlterDatabase 40 "ALTER_DATABASE" Ddl;
    AlterTable 41 "ALTER_TABLE" Ddl;
    AlterView 42 "ALTER_VIEW" Ddl;
    AlterSequence 43 "ALTER_SEQUENCE" Ddl;
    AlterEvent 44 "ALTER_EVENT" Ddl;
    AlterType 45 "ALTER_TYPE" Ddl;
    AlterIndex 46 "ALTER_INDEX" Ddl;
    Truncate 50 "TRUNCATE" Ddl;
    Rename 51 "RENAME" Ddl;
    RenameIndex 52 "RENAME_INDEX" Ddl;
    RenameSchema 53 "RENAME_SCHEMA" Ddl;
    RenameSequence 54 "RENAME_SEQUENCE" Ddl;
    Comment 55 "COMMENT" Ddl;
    Insert 60 "INSERT" Dml;
    Update 61 "UPDATE" Dml;
    Delete 62 "DELETE" Dml;
    Select 100 "SELECT" Query;
    Explain 101 "EXPLAIN" Query;
    Show 102 "SHOW" Query;
    Begin 110 "BEGIN" Transaction;
    Commit 111 "COMMIT" Transaction;
    Rollback 112 "ROLLBACK" Transaction;
    Savepoint 113 "SAVEPOINT" Transaction;
    Set 120 "SET" Session;
    Use 121 "USE" Session;
    Grant 130 "GRANT" Other;
    Call 131 "CALL" Other;
    Maintenance 132 "MAINTENANCE" Other;
    OtherDdl 140 "OTHER_DDL" Ddl;
    OtherDml 141 "OTHER_DML" Dml;
    Unknown 199 "UNKNOWN" Other;
}

/// An object that a statement names as the one it changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// table, view, index…
    pub kind: String,
    /// Empty when the statement does not say.
    pub schema: String,
    pub name: String,
}

/// What is known about a statement from its text alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub kind: StatementKind,
    /// Objects it changes; reads are not listed.
    pub objects: Vec<ObjectRef>,
    /// The engine refuses it inside a transaction block (CREATE INDEX CONCURRENTLY, VACUUM…).
    pub outside_transaction: bool,
    /// May carry a password or key: do not show or log the text as it is.
    pub sensitive: bool,
}

impl StatementKind {
    /// The number of `StatementType` on the wire, or None for kinds the wire does not know.
    pub const fn wire_number(self) -> Option<i32> {
        let n = self as i32;
        if n < 100 { Some(n) } else { None }
    }
}

impl Facts {
    pub const fn of(kind: StatementKind) -> Self {
        Self { kind, objects: Vec::new(), outside_transaction: false, sensitive: false }
    }
}

impl Statement {
    pub fn new(span: Span, script: &str, lines: &LineIndex) -> Self {
        Self {
            span,
            start: lines.position(script, span.start),
            end: lines.position(script, span.end),
        }
    }

    pub fn text<'a>(&self, script: &'a str) -> &'a str {
        self.span.of(script)
    }
}
