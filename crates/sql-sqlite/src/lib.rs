//! What SQLite speaks: where statements end, what each does, what a CREATE statement holds, and a catalog as SQL.
//!
//! SQLite has no CREATE DATABASE: a database is a file. This dialect has one, `CREATE DATABASE "name"`, which
//! driver-sqlite turns into a new file in the instance's folder.

mod classify;
mod create_database;
mod parse;
mod reader;
mod render;
pub mod shown;
mod split;

use base::{Error, Span};
use schema::Catalog;
use sql::{BatchParts, CreateDatabase, Dialect, Facts, Statement, SyntaxError};

pub use create_database::{check_database_name, new_database};
pub use reader::reader;
pub use split::segments;

/// The dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sqlite;

pub static DIALECT: Sqlite = Sqlite;

impl Dialect for Sqlite {
    fn split(&self, script: &str) -> Vec<Statement> {
        sql::segment::statements(script, segments(script))
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn secrets(&self, statement: &str) -> Vec<Span> {
        sql::secrets::secrets(statement, parse::RULES, classify::is_sensitive(statement))
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

    fn batch_parts(&self, statement: &str, key: &str) -> Result<BatchParts, String> {
        sql::batch::parts(statement, key, parse::RULES)
    }

    fn transactional_ddl(&self) -> bool {
        true
    }
}

/// `"name"`, with a quote inside doubled.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_encrypted_files_are_secrets() {
        let shown = |sql: &str| sql::secrets::mask(sql, &DIALECT.secrets(sql));
        assert_eq!(shown("PRAGMA key = 'hunter2'"), "PRAGMA key = '***'");
        assert_eq!(shown("attach 'a.db' as a key 'hunter2'"), "attach '***' as a key '***'");
        assert_eq!(shown("UPDATE t SET password = 'hunter2'"), "UPDATE t SET password = '***'");
        for sql in
            ["PRAGMA foreign_keys = 'on'", "ATTACH 'a.db' AS a", "INSERT INTO key VALUES ('x')"]
        {
            assert_eq!(shown(sql), sql);
        }
    }
}
