//! Statements in the shapes that most scripts are made of, read in one pass over their tokens.
//!
//! squawk's grammar is the reference, but its tree costs ten times what reading these costs. [`read`] answers only for what
//! it knows in every token, and then with the very tree that [`crate::lower`] makes; anything else, and anything that
//! may be wrong, is left to the grammar. So a shape that is missing here costs time and nothing else. The test below
//! holds the two together: over a list of statements, each with tokens taken out and with every keyword in place of a name.

mod alter;
mod cursor;
mod expr;
mod others;
mod query;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use sql::tree::Body;

use cursor::Cursor;

/// The tree of a statement that starts at byte `base` of the script; None for the grammar to read.
pub fn read(statement: &str, base: usize) -> Option<Body> {
    let mut cursor = Cursor::new(statement, base);
    let body = cursor.statement()?;
    cursor.ends().then_some(body)
}

impl Cursor<'_> {
    fn statement(&mut self) -> Option<Body> {
        let first = self.peek()?;
        match first.text(self.text).as_bytes().first()?.to_ascii_lowercase() {
            b'a' if self.eat("alter") => self.alter_table(),
            b'b' if self.eat("begin") => Some(Body::Begin),
            b'c' if self.eat("create") => self.create(),
            b'c' if self.eat("comment") => self.comment(),
            b'c' if self.eat("commit") => Some(Body::Commit),
            b'd' if self.eat("drop") => self.drop(),
            b'd' if self.eat("delete") => self.delete(),
            b'i' if self.eat("insert") => self.insert(),
            b'r' if self.eat("rollback") => Some(Body::Rollback),
            b's' if self.is("select") => Some(Body::Query(Box::new(self.query()?))),
            b's' if self.eat("set") => self.set(),
            b't' if self.eat("truncate") => self.truncate(),
            b'u' if self.eat("update") => self.update(),
            _ => None,
        }
    }

    fn create(&mut self) -> Option<Body> {
        if self.eat("table") {
            return self.create_table();
        }
        if self.eat("index") {
            return self.create_index(false);
        }
        if self.eat("unique") {
            self.expect("index")?;
            return self.create_index(true);
        }
        let or_replace = self.eat("or");
        if or_replace {
            self.expect("replace")?;
        }
        self.expect("view")?;
        self.create_view(or_replace)
    }
}
