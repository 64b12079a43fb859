//! Indexes, views, DROP, COMMENT, TRUNCATE, SET.

use sql::lex::TokenKind;
use sql::tree::{Body, Comment, CreateIndex, CreateView, DropObjects, Key, Truncate};

use super::cursor::Cursor;

impl Cursor<'_> {
    pub fn create_index(&mut self, unique: bool) -> Option<Body> {
        let concurrently = self.eat("concurrently");
        let if_not_exists = self.if_not_exists()?;
        let name = Some(self.ident()?);
        self.expect("on")?;
        let table = self.name()?;
        let method = if self.eat("using") { self.word()? } else { "btree".to_owned() };
        let keys = self.parens(Self::key)?;
        let partial = self.filter()?.is_some();
        Some(Body::CreateIndex(Box::new(CreateIndex {
            name,
            table,
            unique,
            concurrently,
            if_not_exists,
            method,
            keys,
            include: Vec::new(),
            partial,
        })))
    }

    fn key(&mut self) -> Option<Key> {
        let start = self.start();
        let column = self.word()?;
        let descending = self.eat("desc");
        if !descending {
            self.eat("asc");
        }
        Some(Key {
            span: self.span_from(start),
            text: column.clone(),
            label: column.clone(),
            column: Some(column),
            descending,
        })
    }

    pub fn create_view(&mut self, or_replace: bool) -> Option<Body> {
        let name = self.name()?;
        self.expect("as")?;
        let start = self.start();
        let query = Some(self.query()?);
        Some(Body::CreateView(Box::new(CreateView {
            name,
            materialized: false,
            or_replace,
            if_not_exists: false,
            temporary: false,
            columns: Vec::new(),
            query,
            definition: self.text_from(start),
        })))
    }

    pub fn drop(&mut self) -> Option<Body> {
        let kinds = ["table", "view", "index", "sequence", "type"];
        let kind = kinds.into_iter().find(|k| self.is(k))?;
        self.advance()?;
        let concurrently = kind == "index" && self.eat("concurrently");
        let if_exists = self.if_exists()?;
        let names = self.list(Self::name)?;
        let cascade = self.cascade();
        Some(Body::Drop(Box::new(DropObjects {
            kind,
            names,
            table: None,
            if_exists,
            cascade,
            concurrently,
        })))
    }

    pub fn comment(&mut self) -> Option<Body> {
        self.expect("on")?;
        let kinds = ["table", "column", "view", "index"];
        let kind = kinds.into_iter().find(|k| self.is(k))?;
        self.advance()?;
        let mut name = self.name()?;
        let mut member = String::new();
        if kind == "column" {
            // The last part is the column, what stands before it the table.
            if name.schema.is_empty() {
                return None;
            }
            member = std::mem::take(&mut name.name);
            name.name = std::mem::take(&mut name.schema);
            name.schema = std::mem::take(&mut name.database);
        }
        self.expect("is")?;
        let text = if self.eat("null") { None } else { Some(self.string()?) };
        Some(Body::Comment(Box::new(Comment { kind, name, member, text })))
    }

    pub fn truncate(&mut self) -> Option<Body> {
        self.eat("table");
        let tables = self.list(Self::name)?;
        Some(Body::Truncate(Box::new(Truncate { tables, cascade: self.cascade() })))
    }

    /// SET name = value.
    pub fn set(&mut self) -> Option<Body> {
        let _ = self.eat("local") || self.eat("session");
        // SET has clauses of its own for some of the unreserved words.
        let token = self.peek().filter(|t| t.kind == TokenKind::Word)?;
        let name = token.text(self.text);
        if !name.contains('_') {
            return None;
        }
        self.word()?;
        if !self.eat("to") {
            self.expect_punct(b'=')?;
        }
        if self.peek()?.kind == TokenKind::String {
            self.string()?;
        } else {
            self.number()?;
        }
        Some(Body::Set { name: name.to_lowercase() })
    }
}
