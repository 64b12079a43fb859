//! INSERT, UPDATE and DELETE.

use sql::tree::{Body, Delete, Ident, Insert, Target, Update};

use super::cursor::Cursor;

impl Cursor<'_> {
    pub fn insert(&mut self) -> Option<Body> {
        self.expect("into")?;
        let table = self.name()?;
        let columns = if self.is_punct(b'(') { self.parens(Self::ident)? } else { Vec::new() };
        let source = if self.is("values") { self.values()? } else { self.query()? };
        if self.eat("on") {
            self.expect("conflict")?;
            if self.is_punct(b'(') {
                self.parens(Self::ident)?;
            }
            self.expect("do")?;
            self.expect("nothing")?;
        }
        Some(Body::Insert(Box::new(Insert {
            ctes: Vec::new(),
            table,
            alias: None,
            columns,
            source: Some(source),
            conflict_set: Vec::new(),
            conflict_filter: None,
            returning: self.returning()?,
        })))
    }

    pub fn update(&mut self) -> Option<Body> {
        let table = self.name()?;
        let alias = self.named_alias()?;
        self.expect("set")?;
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        self.list(|c| {
            columns.push(c.ident()?);
            c.expect_punct(b'=')?;
            if !c.eat("default") {
                values.push(c.expr()?);
            }
            Some(())
        })?;
        columns.shrink_to_fit();
        values.shrink_to_fit();
        Some(Body::Update(Box::new(Update {
            ctes: Vec::new(),
            table,
            alias,
            columns,
            values,
            from: Vec::new(),
            filter: self.filter()?,
            current_of: false,
            returning: self.returning()?,
        })))
    }

    pub fn delete(&mut self) -> Option<Body> {
        self.expect("from")?;
        Some(Body::Delete(Box::new(Delete {
            ctes: Vec::new(),
            table: self.name()?,
            alias: self.named_alias()?,
            using: Vec::new(),
            filter: self.filter()?,
            current_of: false,
            returning: self.returning()?,
        })))
    }

    /// `AS a`, or nothing.
    fn named_alias(&mut self) -> Option<Option<Ident>> {
        if self.eat("as") { self.ident().map(Some) } else { Some(None) }
    }

    fn returning(&mut self) -> Option<Vec<Target>> {
        if self.eat("returning") { self.list(Self::target) } else { Some(Vec::new()) }
    }
}
