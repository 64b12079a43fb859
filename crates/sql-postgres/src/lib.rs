//! PostgreSQL's dialect: where statements end, what they do, what is wrong with them, and a catalog as SQL.
//!
//! Splitting and classifying work on tokens and never fail; the parser only finds syntax errors.

mod apply;
mod bodies;
mod classify;
mod create_database;
mod ddl;
mod flavor;
mod head;
mod keywords;
mod locks;
mod lower;
mod parse;
mod plain;
mod plpgsql;
pub mod quote;
mod recreate;
mod render;
mod safer;
mod span;
pub mod split;
mod words;

use std::collections::BTreeMap;

use base::{Error, Span};
use sql::tree::{Parsed, Script};
use sql::{
    ApplyError, BatchParts, CreateDatabase, Dialect, Facts, Fix, LockForecast, QuerySpan,
    Statement, SyntaxError,
};

pub use flavor::{Flavor, reader};
pub use parse::tree_text;

/// The dialect of PostgreSQL 10 to 18.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

pub static DIALECT: Postgres = Postgres;

impl Dialect for Postgres {
    fn split(&self, script: &str) -> Vec<Statement> {
        split::split(script)
    }

    fn classify(&self, statement: &str) -> Facts {
        classify::classify(statement)
    }

    fn secrets(&self, statement: &str) -> Vec<Span> {
        sql::secrets::secrets(statement, split::RULES, self.classify(statement).sensitive)
    }

    fn syntax_errors(&self, script: &str) -> Option<Vec<SyntaxError>> {
        Some(parse::syntax_errors(script))
    }

    fn render(&self, catalog: &schema::Catalog) -> String {
        render::render(catalog)
    }

    fn quote_identifier(&self, name: &str) -> String {
        quote::identifier(name)
    }

    fn create_database(&self, spec: &CreateDatabase) -> Result<String, Error> {
        create_database::create_database(spec)
    }

    fn batch_parts(&self, statement: &str, key: &str) -> Result<BatchParts, String> {
        sql::batch::parts(statement, key, split::RULES)
    }

    fn transactional_ddl(&self) -> bool {
        true
    }

    fn parse(&self, script: &str) -> Script {
        parse::parse(script)
    }

    fn outline(&self, statement: &str) -> Option<String> {
        parse::outline(statement)
    }

    fn forecast(
        &self,
        statement: &Parsed,
        text: &str,
        catalog: Option<&schema::Catalog>,
        version: Option<(u32, u32)>,
    ) -> Vec<LockForecast> {
        locks::forecast(&statement.body, text, statement.span().start, catalog, version)
    }

    fn safer(
        &self,
        script: &Script,
        text: &str,
        catalog: Option<&schema::Catalog>,
        version: Option<(u32, u32)>,
    ) -> BTreeMap<usize, Fix> {
        safer::safer(script, text, catalog, version)
    }

    fn span(&self, catalog: &schema::Catalog, statement: &Parsed, text: &str) -> Option<QuerySpan> {
        Some(span::span(catalog, statement, text))
    }

    fn apply(&self, catalog: &mut schema::Catalog, statement: &Parsed) -> Result<(), ApplyError> {
        apply::apply(catalog, &statement.body)
    }

    fn unblock(&self, catalog: &schema::Catalog, statement: &Parsed, script: &str) -> Option<Fix> {
        recreate::around(catalog, statement, script)
    }

    fn type_name(&self, written: &str) -> String {
        lower::types::canonical(written)
    }
}
