//! Queries, statements that change rows, and expressions.

use base::Span;

use super::{Ident, Name, TypeName};

#[derive(Debug, Clone, Default)]
pub struct Query {
    pub span: Span,
    pub recursive: bool,
    pub ctes: Vec<Cte>,
    pub body: QueryBody,
    pub order_by: Vec<Expr>,
    /// LIMIT, OFFSET, FETCH.
    pub limit: Vec<Expr>,
}

#[derive(Debug, Clone)]
pub struct Cte {
    pub name: Ident,
    pub columns: Vec<Ident>,
    /// A query, or a statement that changes rows.
    pub body: super::Body,
}

#[derive(Debug, Clone, Default)]
pub enum QueryBody {
    Select(Box<Select>),
    /// UNION, INTERSECT, EXCEPT: a chain of the same depth for any number of parts.
    Set(Vec<Query>),
    /// Literals are not kept, so that a million rows cost no memory.
    Values {
        rows: usize,
        /// Values of the first row.
        width: usize,
        exprs: Vec<Expr>,
    },
    Table(Name),
    Nested(Box<Query>),
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Default)]
pub struct Select {
    pub span: Span,
    pub targets: Vec<Target>,
    pub into: Option<Name>,
    pub from: Vec<FromItem>,
    pub filter: Option<Expr>,
    pub group_by: Vec<Expr>,
    pub having: Option<Expr>,
    /// Windows and what else holds expressions.
    pub others: Vec<Expr>,
}

#[derive(Debug, Clone)]
pub struct Target {
    pub expr: Expr,
    pub alias: Option<Ident>,
}

#[derive(Debug, Clone)]
pub enum FromItem {
    Table {
        name: Name,
        alias: Option<Ident>,
        columns: Vec<Ident>,
    },
    Query {
        query: Box<Query>,
        alias: Option<Ident>,
        columns: Vec<Ident>,
        lateral: bool,
    },
    /// A function or whatever gives rows.
    Expr {
        expr: Box<Expr>,
        alias: Option<Ident>,
        columns: Vec<Ident>,
    },
    Join(Box<Join>),
}

#[derive(Debug, Clone)]
pub struct Join {
    pub left: FromItem,
    pub right: FromItem,
    pub natural: bool,
    pub using: Vec<Ident>,
    pub on: Option<Expr>,
}

#[derive(Debug, Clone)]
pub struct Insert {
    pub ctes: Vec<Cte>,
    pub table: Name,
    pub alias: Option<Ident>,
    pub columns: Vec<Ident>,
    /// None: DEFAULT VALUES.
    pub source: Option<Query>,
    /// Expressions that ON CONFLICT … SET assigns, and its WHERE.
    pub conflict_set: Vec<Expr>,
    pub conflict_filter: Option<Expr>,
    pub returning: Vec<Target>,
}

#[derive(Debug, Clone)]
pub struct Update {
    pub ctes: Vec<Cte>,
    pub table: Name,
    pub alias: Option<Ident>,
    pub columns: Vec<Ident>,
    pub values: Vec<Expr>,
    pub from: Vec<FromItem>,
    pub filter: Option<Expr>,
    /// WHERE CURRENT OF.
    pub current_of: bool,
    pub returning: Vec<Target>,
}

#[derive(Debug, Clone)]
pub struct Delete {
    pub ctes: Vec<Cte>,
    pub table: Name,
    pub alias: Option<Ident>,
    pub using: Vec<FromItem>,
    pub filter: Option<Expr>,
    pub current_of: bool,
    pub returning: Vec<Target>,
}

#[derive(Debug, Clone)]
pub struct Merge {
    pub ctes: Vec<Cte>,
    pub table: Name,
    pub alias: Option<Ident>,
    pub source: FromItem,
    pub on: Option<Expr>,
    /// `WHEN … AND condition`.
    pub conditions: Vec<Expr>,
    pub values: Vec<Expr>,
    pub returning: Vec<Target>,
}

#[derive(Debug, Clone, Default)]
pub struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Debug, Clone, Default)]
pub enum ExprKind {
    /// The parts of `schema.table.column`.
    Column(Vec<String>),
    /// `*` or `t.*`.
    Star(Vec<String>),
    String(String),
    Null,
    /// Number, boolean, parameter…
    Literal,
    /// CURRENT_TIMESTAMP and the like.
    Keyword(String),
    /// The last part of the name, in lower case for what is not quoted. Filters and windows are arguments, too.
    Call {
        name: String,
        args: Vec<Expr>,
    },
    /// In upper case. A chain of one operator is flat.
    Operator {
        op: String,
        operands: Vec<Expr>,
    },
    Cast {
        operand: Box<Expr>,
        ty: Box<TypeName>,
    },
    /// A subquery in any position.
    Query(Box<Query>),
    /// Whatever else, with the expressions in it.
    Other(Vec<Expr>),
    /// Nested deeper than anybody reads.
    #[default]
    TooDeep,
}

impl Expr {
    /// The expressions directly inside; subqueries are not entered.
    pub fn children(&self) -> &[Expr] {
        match &self.kind {
            ExprKind::Call { args, .. } => args,
            ExprKind::Operator { operands, .. } => operands,
            ExprKind::Cast { operand, .. } => std::slice::from_ref(operand),
            ExprKind::Other(exprs) => exprs,
            _ => &[],
        }
    }
}
