//! What MySQL and MariaDB speak: where statements end, what each does, and a catalog as SQL.
//!
//! TiDB and OceanBase read the same text. There is no parser of our own yet, so syntax errors are the server's to tell.

pub mod alter;
mod classify;
mod flavor;
pub mod parse;
mod render;
pub mod shown;
mod split;

use base::{Error, Span};
use schema::Catalog;
use sql::{BatchParts, CreateDatabase, Dialect, Facts, Statement, SyntaxError};

pub use flavor::{Flavor, reader};
pub use parse::RULES;

/// The dialect of the family.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mysql;

pub static DIALECT: Mysql = Mysql;

impl Dialect for Mysql {
    fn split(&self, script: &str) -> Vec<Statement> {
        sql::segment::statements(script, segments(script))
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn secrets(&self, statement: &str) -> Vec<Span> {
        sql::secrets::secrets(statement, RULES, self.classify(statement).sensitive)
    }

    fn syntax_errors(&self, _script: &str) -> Option<Vec<SyntaxError>> {
        None
    }

    fn render(&self, catalog: &Catalog) -> String {
        render::render(catalog)
    }

    fn quote_identifier(&self, name: &str) -> String {
        quote_identifier(name)
    }

    fn create_database(&self, spec: &CreateDatabase) -> Result<String, Error> {
        render::create_database(spec)
    }

    fn batch_parts(&self, statement: &str, key: &str) -> Result<BatchParts, String> {
        sql::batch::parts(statement, key, RULES)
    }

    fn transactional_ddl(&self) -> bool {
        false
    }
}

/// The segments of a script for MySQL and MariaDB.
pub fn segments(script: &str) -> impl Iterator<Item = sql::Segment> {
    split::segments(script, RULES)
}

/// `` `name` ``, with a backtick inside doubled.
pub fn quote_identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// `'text'` as every sql_mode reads it; None for text with a backslash or a control character, which modes read
/// differently.
pub fn quote_string(text: &str) -> Option<String> {
    let plain = !text.chars().any(|c| c == '\\' || c.is_control());
    plain.then(|| format!("'{}'", text.replace('\'', "''")))
}
