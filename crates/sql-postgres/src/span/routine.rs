//! Functions of the database: what a call gives, by the body of the function.

use base::Span;
use schema::{Routine, RoutineKind};
use sql::lex::{Lexer, Token, TokenKind};
use sql::tree::{Body, Ident, Name};
use sql::{Sources, SpanColumn};
use squawk_syntax::SourceFile;
use squawk_syntax::ast::{self, AstNode, normalize_name_node};

use super::columns::stored;
use super::query::add;
use super::scope::{Scope, Source, Variable, Variables};
use super::{Resolver, plpgsql};
use crate::apply::place;
use crate::head::string_body;
use crate::parse;
use crate::split::RULES;

/// What CREATE FUNCTION says.
#[derive(Debug, Default)]
pub struct Definition {
    pub parameters: Vec<Parameter>,
    /// Of RETURNS TABLE, or the OUT parameters.
    pub columns: Vec<String>,
    /// What it returns otherwise: maybe a relation whose rows it gives.
    returns: Vec<String>,
    language: String,
    pub body: String,
}

#[derive(Debug, Default)]
pub struct Parameter {
    name: String,
    input: bool,
}

impl Definition {
    fn takes(&self, args: usize) -> bool {
        self.parameters.iter().filter(|p| p.input).count() == args
    }
}

impl<'a> Resolver<'a> {
    /// What a call as a value adds to its arguments.
    pub fn scalar_call(
        &mut self,
        span: Span,
        name: &str,
        args: &[Sources],
        scope: &Scope<'_>,
    ) -> Sources {
        let columns = self.call(span, name, args, scope);
        columns.into_iter().flatten().flat_map(|c| c.sources).collect()
    }

    /// The columns of a call in FROM; None when the catalog has no such function.
    pub fn table_call(
        &mut self,
        span: Span,
        name: &str,
        args: &[Sources],
        alias: Option<&Ident>,
        scope: &Scope<'_>,
    ) -> Option<Vec<SpanColumn>> {
        let mut columns = self.call(span, name, args, scope)?;
        if let ([one], Some(alias)) = (&mut columns[..], alias)
            && one.name == name
        {
            one.name.clone_from(&alias.name);
        }
        Some(columns)
    }

    fn call(
        &mut self,
        span: Span,
        name: &str,
        args: &[Sources],
        scope: &Scope<'_>,
    ) -> Option<Vec<SpanColumn>> {
        let routines = self.routines(&schema_of(scope.text(span)), name, args.len());
        if routines.is_empty() {
            return None;
        }
        let mut merged = Vec::new();
        for (schema, routine) in routines {
            let what = format!("function \"{schema}.{}\"", routine.name);
            let found = self.within(what.clone(), |r| r.routine(&what, routine, args));
            merge(&mut merged, found.unwrap_or_default());
        }
        Some(merged)
    }

    /// Functions of that name that can be seen; where some have as many parameters as the call, those alone.
    fn routines(&self, schema: &str, name: &str, args: usize) -> Vec<(&'a str, &'a Routine)> {
        let catalog = self.catalog;
        let path =
            if schema.is_empty() { place::search_path(catalog) } else { vec![schema.to_owned()] };
        let schemas = path.iter().filter_map(|s| catalog.schema(s));
        let all = schemas.flat_map(|s| s.routines.iter().map(|r| (s.name.as_str(), r)));
        let mut found: Vec<_> =
            all.filter(|(_, r)| r.name == name && r.kind == RoutineKind::Function).collect();
        if found.len() > 1 {
            let fits = |r: &Routine| define(&r.definition).is_some_and(|d| d.takes(args));
            if found.iter().any(|(_, r)| fits(r)) {
                found.retain(|(_, r)| fits(r));
            }
        }
        found
    }

    fn routine(&mut self, what: &str, routine: &Routine, args: &[Sources]) -> Vec<SpanColumn> {
        let Some(definition) = define(&routine.definition) else {
            self.note(format!("the definition of {what} could not be parsed"));
            return self.named(&Definition::default(), &routine.name, Vec::new());
        };
        let mut variables = Variables::new();
        let inputs = definition.parameters.iter().filter(|p| p.input);
        for (n, parameter) in inputs.enumerate() {
            let sources = args.get(n).cloned().unwrap_or_default();
            let variable = Variable { sources, ..Variable::default() };
            variables.insert(format!("${}", n + 1), variable.clone());
            variables.insert(parameter.name.clone(), variable);
        }
        for column in &definition.columns {
            variables.entry(column.clone()).or_default();
        }
        let columns = match definition.language.as_str() {
            "plpgsql" => plpgsql::run(self, what, &definition, variables),
            "sql" => self.without_conditions(|r| r.sql_body(&definition.body, &variables)),
            other => {
                self.note(format!("{what} is written in {other}, which is not read"));
                let mut columns = self.named(&definition, &routine.name, Vec::new());
                args.iter().for_each(|a| add(&mut columns, a));
                return columns;
            }
        };
        self.named(&definition, &routine.name, columns)
    }

    /// The columns under the names that the function declares.
    fn named(
        &self,
        definition: &Definition,
        name: &str,
        mut columns: Vec<SpanColumn>,
    ) -> Vec<SpanColumn> {
        columns.iter_mut().for_each(|c| c.plain = false);
        let mut names = definition.columns.clone();
        if names.is_empty()
            && let [.., relation] = &definition.returns[..]
        {
            let schema = definition.returns.iter().rev().nth(1).cloned().unwrap_or_default();
            let returned = Name { schema, name: relation.clone(), ..Name::default() };
            if let Some((schema, place::Relation::Table)) = place::find(self.catalog, &returned) {
                let schema = self.catalog.schema(&schema);
                let table = schema.and_then(|s| s.tables.iter().find(|t| t.name == *relation));
                names =
                    table.into_iter().flat_map(|t| &t.columns).map(|c| c.name.clone()).collect();
                // A row as a whole gives each of its columns.
                if let [one] = &columns[..]
                    && names.len() > 1
                {
                    columns = vec![one.clone(); names.len()];
                }
            } else if relation == "record" {
                return columns;
            }
        }
        if names.is_empty() {
            names.push(name.to_owned());
        }
        columns.resize(names.len(), SpanColumn::default());
        for (column, name) in columns.iter_mut().zip(names) {
            column.name = name;
        }
        columns
    }

    /// The last query of a body in SQL gives the result.
    fn sql_body(&mut self, body: &str, variables: &Variables) -> Vec<SpanColumn> {
        let script = parse::parse(body);
        let source = Source { text: body, base: 0, variables };
        let scope = Scope { source: Some(source), ..Scope::default() };
        let mut columns = Vec::new();
        for statement in &script.statements {
            match &statement.body {
                Body::Query(query) => columns = self.query(query, &scope),
                Body::Unparsed => self.note("the body of a function is not understood".to_owned()),
                other => columns = self.returned(other, &scope),
            }
        }
        columns
    }

    /// One query of a body.
    pub fn body_query(&mut self, text: &str, variables: &Variables) -> Vec<SpanColumn> {
        self.deeper(|r| r.sql_body(text, variables)).unwrap_or_default()
    }
}

/// Adds columns to those at the same place.
pub fn merge(columns: &mut Vec<SpanColumn>, more: Vec<SpanColumn>) {
    for (n, column) in more.into_iter().enumerate() {
        match columns.get_mut(n) {
            Some(there) => there.sources.extend(column.sources),
            None => columns.push(column),
        }
    }
}

/// The schema that a call names; empty when it names none.
fn schema_of(call: &str) -> String {
    let tokens: Vec<Token> = Lexer::new(call, RULES)
        .filter(|t| !t.is_trivia())
        .take_while(|t| !t.is(call, b'('))
        .collect();
    match &tokens[..] {
        [.., schema, dot, _] if dot.is(call, b'.') => stored(schema.text(call)),
        _ => String::new(),
    }
}

fn define(definition: &str) -> Option<Definition> {
    parse::within_limits(definition, |text| {
        let file = SourceFile::parse(text).tree();
        let function = file.syntax().descendants().find_map(ast::CreateFunction::cast)?;
        Some(declared(&function))
    })?
}

fn declared(function: &ast::CreateFunction) -> Definition {
    let mut made = Definition::default();
    for parameter in function.param_list().into_iter().flat_map(|l| l.params()) {
        let name = parameter.name().map(|n| normalize_name_node(n.syntax())).unwrap_or_default();
        let mode = parameter.mode();
        let output =
            matches!(mode, Some(ast::ParamMode::ParamOut(_) | ast::ParamMode::ParamInOut(_)));
        if output {
            made.columns.push(name.clone());
        }
        let input = !matches!(mode, Some(ast::ParamMode::ParamOut(_)));
        made.parameters.push(Parameter { name, input });
    }
    if let Some(returns) = function.ret_type() {
        for column in returns.return_table_arg_list().into_iter().flat_map(|l| l.args()) {
            made.columns.extend(names(&column.syntax().text().to_string()).into_iter().next());
        }
        let ty = returns.func_type().map(|t| t.syntax().text().to_string()).unwrap_or_default();
        made.returns = names(&ty).into_iter().filter(|n| n != "setof").collect();
    }
    for option in function.option_list().into_iter().flat_map(|l| l.options()) {
        let text = option.syntax().text().to_string();
        match option {
            ast::FuncOption::AsFuncOption(_) => {
                let string = Lexer::new(&text, RULES).find(|t| t.kind == TokenKind::String);
                made.body = string.map(|t| unquoted(t.text(&text))).unwrap_or_default();
            }
            ast::FuncOption::LanguageFuncOption(_) => {
                let last = text.split_whitespace().next_back().unwrap_or_default();
                made.language = last.trim_matches(['\'', '"']).to_lowercase();
            }
            _ => {}
        }
    }
    if let Some(body) = function.body() {
        let text = body.syntax().text().to_string();
        made.body = standard_body(text.trim());
        made.language = "sql".to_owned();
    }
    made
}

/// `RETURN expression` and `BEGIN ATOMIC … END` as plain statements.
fn standard_body(body: &str) -> String {
    let tokens: Vec<Token> = Lexer::new(body, RULES).filter(|t| !t.is_trivia()).collect();
    match &tokens[..] {
        [first, ..] if first.is_word(body, "return") => {
            format!("SELECT {}", &body[first.span.end..])
        }
        [first, second, .., last] if first.is_word(body, "begin") && last.is_word(body, "end") => {
            body[second.span.end..last.span.start].to_owned()
        }
        _ => body.to_owned(),
    }
}

fn unquoted(string: &str) -> String {
    let body = string_body(string);
    if string.starts_with('$') { body.to_owned() } else { body.replace("''", "'") }
}

/// The names in a text, in order.
fn names(text: &str) -> Vec<String> {
    let tokens = Lexer::new(text, RULES);
    let named = tokens.filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::Name));
    named.map(|t| stored(t.text(text))).collect()
}
