//! What SQLite speaks: where statements end, what each does, what a CREATE statement holds, and a catalog as SQL.
//!
//! SQLite has no CREATE DATABASE: a database is a file. This dialect has one, `CREATE DATABASE "name"`, which
//! driver-sqlite turns into a new file in the instance's folder.

mod classify;
mod create_database;
mod parse;
mod render;
pub mod shown;
mod split;

use base::Error;
use schema::Catalog;
use sql::{CreateDatabase, Dialect, Facts, Statement, SyntaxError};

pub use create_database::{check_database_name, new_database};
pub use split::{Segment, segments};

/// The dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sqlite;

pub static DIALECT: Sqlite = Sqlite;

impl Dialect for Sqlite {
    fn split(&self, script: &str) -> Vec<Statement> {
        split::split(script)
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    /// None: SQLite is in the driver itself, which asks it.
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
        create_database::create_database(spec)
    }

    fn transactional_ddl(&self) -> bool {
        true
    }
}

/// `"name"`, with a quote inside doubled.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
