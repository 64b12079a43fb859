//! What a rule sees, and where it reports.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use base::{EngineKind, Position, Span};
use schema::{Catalog, Schema, Table};
use sql::tree::{Body, Name, Parsed, Script};
use sql::{Dialect, Edit, Fix, Safety};

use crate::live::Live;
use crate::payload::Payload;

pub struct Cx<'a> {
    /// The statements to look at.
    pub script: &'a Script,
    /// The script as it was parsed.
    pub(crate) own: &'a Script,
    pub text: &'a str,
    pub dialect: &'a dyn Dialect,
    pub engine: EngineKind,
    /// Major and minor version of the server, where known.
    pub version: Option<(u32, u32)>,
    /// The catalog before the script; empty where none is known.
    pub before: &'a Catalog,
    /// After it, as far as the walk-through got.
    pub after: &'a Catalog,
    /// Whether `before` says what is there.
    pub catalog_known: bool,
    pub live: Option<&'a dyn Live>,
    /// Rows are copied aside before the script changes them.
    pub prior_backup: bool,
    pub(crate) shared: &'a Shared<'a>,
    pub(crate) payload: &'a Payload,
    pub(crate) findings: Vec<Finding>,
}

/// What identifies a table: schema and name.
pub type TableKey = (String, String);

type ByName<'a> = HashMap<(&'a str, &'a str), &'a Table>;

type Safer = BTreeMap<usize, Fix>;

/// What all rules of a review share: made when the first one asks.
#[derive(Default)]
pub(crate) struct Shared<'a> {
    before: OnceLock<ByName<'a>>,
    after: OnceLock<ByName<'a>>,
    safer: OnceLock<Safer>,
}

impl Shared<'_> {
    /// Statements that block less, by number of the statement.
    pub(crate) fn safer(&self, make: impl FnOnce() -> Safer) -> &Safer {
        self.safer.get_or_init(make)
    }
}

fn by_name(catalog: &Catalog) -> ByName<'_> {
    let tables = catalog.schemas.iter().flat_map(|s| s.tables.iter().map(move |t| (s, &**t)));
    tables.map(|(s, t)| ((s.name.as_str(), t.name.as_str()), t)).collect()
}

/// What a rule reports, before it becomes an advice.
pub struct Finding {
    pub code: i32,
    pub content: String,
    pub place: Place,
    pub fix: Option<Fix>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The line on which the span begins.
    At(Span),
    /// A line that is not that of the span.
    Line(u32, Span),
    /// No line of its own, though it is about a statement.
    NoLine,
    /// The script as a whole.
    Script,
}

impl<'a> Cx<'a> {
    pub fn report(&mut self, code: i32, span: Span, content: String) {
        self.findings.push(Finding { code, content, place: Place::At(span), fix: None });
    }

    /// Reports on the line on which a statement begins.
    pub fn report_statement(&mut self, code: i32, statement: &Parsed, content: String) {
        self.report(code, statement.span(), content);
    }

    /// Reports on the line on which a statement ends.
    pub fn report_end(&mut self, code: i32, statement: &Parsed, content: String) {
        let place = Place::Line(statement.statement.end.line, statement.span());
        self.findings.push(Finding { code, content, place, fix: None });
    }

    pub fn report_place(&mut self, code: i32, place: Place, content: String) {
        self.findings.push(Finding { code, content, place, fix: None });
    }

    /// Statements with their trees; what CREATE SCHEMA makes along with it counts as statements, too.
    pub fn bodies(&self) -> impl Iterator<Item = (&'a Parsed, &'a Body)> + use<'a> {
        self.script.statements.iter().flat_map(|parsed| {
            let parsed: &'a Parsed = parsed;
            let elements: &'a [Body] = match &parsed.body {
                Body::CreateSchema { elements, .. } => elements,
                _ => &[],
            };
            std::iter::once((parsed, &parsed.body)).chain(elements.iter().map(move |e| (parsed, e)))
        })
    }

    /// The text of a statement.
    pub fn statement_text(&self, statement: &Parsed) -> &'a str {
        statement.span().of(self.text)
    }

    /// The schema that a name without one means.
    pub fn default_schema(&self) -> &'a str {
        let first = self.before.search_path.split(',').map(|p| p.trim().trim_matches('"'));
        let mut known = first.filter(|p| self.before.schema(p).is_some());
        match known.next() {
            Some(schema) => schema,
            None if self.engine.capabilities().schemas => "public",
            None => "",
        }
    }

    /// What identifies a table in this script: schema and name.
    pub fn key(&self, name: &Name) -> TableKey {
        (self.schema_of(name).to_owned(), name.name.clone())
    }

    pub fn table_before(&self, name: &Name) -> Option<&'a Table> {
        let tables = self.shared.before.get_or_init(|| by_name(self.before));
        tables.get(&(self.schema_of(name), name.name.as_str())).copied()
    }

    pub fn table_after(&self, name: &Name) -> Option<&'a Table> {
        let tables = self.shared.after.get_or_init(|| by_name(self.after));
        tables.get(&(self.schema_of(name), name.name.as_str())).copied()
    }

    fn schema_of<'n>(&self, name: &'n Name) -> &'n str
    where
        'a: 'n,
    {
        if name.schema.is_empty() { self.default_schema() } else { &name.schema }
    }

    /// The schema of a name before the script.
    pub fn schema_before(&self, name: &Name) -> Option<&'a Schema> {
        self.before.schema(&self.key(name).0)
    }

    /// Says what a machine can do about the finding that was reported last.
    pub fn fix(&mut self, fix: Option<Fix>) {
        if let Some(last) = self.findings.last_mut() {
            last.fix = fix;
        }
    }

    /// The statement in others that block less, where the dialect knows them.
    pub fn safer(&self, statement: &Parsed) -> Option<Fix> {
        let number = self.own.number(statement)?;
        let catalog = self.catalog_known.then_some(self.before);
        let make = || self.dialect.safer(self.own, self.text, catalog, self.version);
        self.shared.safer(make).get(&number).cloned()
    }

    /// Puts the default schema before names that have none. Without a catalog it is a guess.
    pub fn with_schema(&self, names: &[&Name]) -> Option<Fix> {
        let schema = self.dialect.quote_identifier(self.default_schema());
        let bare = names.iter().filter(|n| n.schema.is_empty() && !n.span.is_empty());
        let edits: Vec<Edit> =
            bare.map(|n| Edit::insert(n.span.start, format!("{schema}."))).collect();
        let safety = if self.catalog_known { Safety::Safe } else { Safety::Look };
        let title = format!("Name the schema {}", self.default_schema());
        (!edits.is_empty() && schema != "\"\"").then(|| Fix::new(title, safety, edits))
    }

    pub fn number(&self) -> Result<i64, String> {
        match self.payload {
            Payload::Number { number } => Ok(*number),
            other => Err(wrong_payload("a number", other)),
        }
    }

    pub fn list(&self) -> Result<&'a [String], String> {
        match self.payload {
            Payload::StringArray { list } => Ok(list),
            other => Err(wrong_payload("a list", other)),
        }
    }

    /// Whether a comment is required, and its greatest length in bytes (0: any).
    pub fn comment_convention(&self) -> Result<(bool, usize), String> {
        match self.payload {
            Payload::CommentConvention { required, max_length } => Ok((*required, *max_length)),
            other => Err(wrong_payload("a comment convention", other)),
        }
    }

    /// The format and the greatest length in bytes.
    pub fn naming(&self) -> Result<(&'a str, usize), String> {
        match self.payload {
            Payload::Naming { format, max_length: 0 } => Ok((format, 63)),
            Payload::Naming { format, max_length } => Ok((format, *max_length)),
            other => Err(wrong_payload("a naming format", other)),
        }
    }
}

fn wrong_payload(wanted: &str, found: &Payload) -> String {
    format!("the rule takes {wanted}, its configuration holds {:?}", found.kind())
}

impl Place {
    pub fn position(self, text: &str, lines: &base::LineIndex) -> Option<Position> {
        match self {
            Self::At(span) => {
                Some(Position { line: lines.position(text, span.start).line, column: 0 })
            }
            Self::Line(line, _) => Some(Position { line, column: 0 }),
            Self::NoLine => Some(Position::default()),
            Self::Script => None,
        }
    }

    pub const fn span(self) -> Option<Span> {
        match self {
            Self::At(span) | Self::Line(_, span) => Some(span),
            Self::NoLine | Self::Script => None,
        }
    }
}
