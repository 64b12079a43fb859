//! CREATE TABLE, its columns and constraints, and the types of columns.

use sql::lex::TokenKind;
use sql::tree::{Body, ColumnDef, Constraint, ConstraintKind, CreateTable, Expr, Ident, TypeName};

use super::cursor::Cursor;
use super::expr::OTHER;
use crate::lower::types;

/// Types that are keywords, as one word.
const TYPES: &[&str] = &[
    "bigint",
    "boolean",
    "char",
    "decimal",
    "int",
    "integer",
    "json",
    "numeric",
    "real",
    "smallint",
    "timestamp",
    "varchar",
];

impl Cursor<'_> {
    pub fn create_table(&mut self) -> Option<Body> {
        let if_not_exists = self.if_not_exists()?;
        let mut made = CreateTable { name: self.name()?, if_not_exists, ..CreateTable::default() };
        self.expect_punct(b'(')?;
        loop {
            match self.table_constraint()? {
                Some(constraint) => made.constraints.push(constraint),
                None => made.columns.push(self.column()?),
            }
            if !self.eat_punct(b',') {
                break;
            }
        }
        self.expect_punct(b')')?;
        made.columns.shrink_to_fit();
        Some(Body::CreateTable(Box::new(made)))
    }

    /// A column with its type.
    pub fn column(&mut self) -> Option<ColumnDef> {
        let start = self.start();
        let name = self.ident()?;
        self.column_from(start, name)
    }

    /// The rest of a column whose definition begins at `start`.
    pub fn column_from(&mut self, start: usize, name: Ident) -> Option<ColumnDef> {
        let ty = Some(self.type_name()?);
        let mut constraints = Vec::new();
        while !(self.peek().is_none() || self.is_punct(b',') || self.is_punct(b')')) {
            constraints.push(self.column_constraint()?);
        }
        constraints.shrink_to_fit();
        Some(ColumnDef { name, span: self.span_from(start), ty, collation: None, constraints })
    }

    fn column_constraint(&mut self) -> Option<Constraint> {
        let start = self.start();
        let name = self.constraint_name()?;
        let kind = match () {
            () if self.eat("not") => {
                self.expect("null")?;
                ConstraintKind::NotNull { column: None }
            }
            () if self.eat("null") => ConstraintKind::Null,
            () if self.eat("primary") => {
                self.expect("key")?;
                ConstraintKind::PrimaryKey { columns: Vec::new(), using_index: None }
            }
            () if self.eat("unique") => {
                ConstraintKind::Unique { columns: Vec::new(), using_index: None }
            }
            () if self.eat("default") => {
                let (expr, text) = self.with_text(|c| c.expr_above(OTHER))?;
                ConstraintKind::Default { expr, text }
            }
            () if self.eat("check") => self.check()?,
            () if self.eat("references") => self.references(Vec::new())?,
            () if self.eat("generated") => self.identity()?,
            () => return None,
        };
        Some(Constraint { name, span: self.span_from(start), kind, not_valid: false })
    }

    fn identity(&mut self) -> Option<ConstraintKind> {
        let always = self.eat("always");
        if !always {
            self.expect("by")?;
            self.expect("default")?;
        }
        self.expect("as")?;
        self.expect("identity")?;
        Some(ConstraintKind::Identity { always })
    }

    fn constraint_name(&mut self) -> Option<Option<Ident>> {
        if self.eat("constraint") { self.ident().map(Some) } else { Some(None) }
    }

    /// Some(None) where none begins.
    pub fn table_constraint(&mut self) -> Option<Option<Constraint>> {
        let start = self.start();
        let name = self.constraint_name()?;
        let kind = match () {
            () if self.eat("primary") => {
                self.expect("key")?;
                let columns = self.parens(Self::ident)?;
                ConstraintKind::PrimaryKey { columns, using_index: None }
            }
            () if self.eat("unique") => {
                ConstraintKind::Unique { columns: self.parens(Self::ident)?, using_index: None }
            }
            () if self.eat("check") => self.check()?,
            () if self.eat("foreign") => {
                self.expect("key")?;
                let columns = self.parens(Self::ident)?;
                self.expect("references")?;
                self.references(columns)?
            }
            () if name.is_none() => return Some(None),
            () => return None,
        };
        Some(Some(Constraint { name, span: self.span_from(start), kind, not_valid: false }))
    }

    fn check(&mut self) -> Option<ConstraintKind> {
        self.expect_punct(b'(')?;
        let (expr, text) = self.with_text(Self::expr)?;
        self.expect_punct(b')')?;
        Some(ConstraintKind::Check { expr, text })
    }

    /// What a foreign key refers to.
    fn references(&mut self, columns: Vec<Ident>) -> Option<ConstraintKind> {
        let of_table = !columns.is_empty();
        let table = Box::new(self.name()?);
        let referenced = if self.is_punct(b'(') { self.parens(Self::ident)? } else { Vec::new() };
        if !of_table && referenced.len() > 1 {
            return None;
        }
        let (mut on_delete, mut on_update) = ("", "");
        while self.eat("on") {
            let of = if self.eat("delete") {
                &mut on_delete
            } else {
                self.expect("update")?;
                &mut on_update
            };
            if !of.is_empty() {
                return None;
            }
            *of = self.action()?;
        }
        Some(ConstraintKind::ForeignKey { columns, table, referenced, on_delete, on_update })
    }

    fn action(&mut self) -> Option<&'static str> {
        match () {
            () if self.eat("cascade") => Some("CASCADE"),
            () if self.eat("restrict") => Some("RESTRICT"),
            () if self.eat("set") => {
                self.expect("null")?;
                // It may name columns.
                (!self.is_punct(b'(')).then_some("SET NULL")
            }
            () => None,
        }
    }

    /// An expression, and its text.
    pub fn with_text(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<Expr>,
    ) -> Option<(Expr, String)> {
        let start = self.start();
        let expr = read(self)?;
        Some((expr, self.text_from(start)))
    }

    /// A type of one word, with its arguments, or an array of it.
    pub fn type_name(&mut self) -> Option<TypeName> {
        let start = self.start();
        let token = self.peek().filter(|t| t.kind == TokenKind::Word)?;
        let written = token.text(self.text).to_ascii_lowercase();
        if TYPES.contains(&written.as_str()) {
            self.advance()?;
        } else if ["bit", "character", "double", "interval", "national", "nchar", "setof"]
            .contains(&written.as_str())
        {
            return None;
        } else {
            self.word()?;
        }
        if self.is_punct(b'.') {
            return None;
        }
        if self.is_punct(b'(') {
            let arguments = self.parens(Self::number)?.len();
            if arguments > 1 && written == "timestamp" {
                return None;
            }
        }
        // What follows a time belongs to its type.
        if self.is("with") || self.is("without") || self.is("varying") || self.is("array") {
            return None;
        }
        let mut ty = types::named(String::new(), written, &self.text[start..self.end]);
        if self.eat_punct(b'[') {
            self.expect_punct(b']')?;
            if self.is_punct(b'[') {
                return None;
            }
            ty.array = true;
            ty.text.push_str("[]");
        }
        ty.span = self.span_from(start);
        Some(ty)
    }
}
