//! Bodies in PL/pgSQL: which columns come out, through variables, loops and branches.
//!
//! Reads statements, not control flow: every branch counts, and what a variable ever held it holds everywhere. A query
//! that RETURN QUERY gives adds to the result; a query in an expression decides what the function does, so that its
//! conditions count as conditions of the caller.

use sql::lex::{Token, TokenKind};
use sql::{Sources, SpanColumn};

use super::Resolver;
use super::columns::stored;
use super::routine::{Definition, merge};
use super::scope::{Variable, Variables};
use crate::plpgsql::{position, statements, text};

/// Rounds in which variables may still gain sources from those that are assigned further down.
const MAX_ROUNDS: usize = 8;

pub fn run(
    resolver: &mut Resolver<'_>,
    what: &str,
    definition: &Definition,
    variables: Variables,
) -> Vec<SpanColumn> {
    let body = definition.body.as_str();
    let statements = statements(body);
    let mut run = Run { resolver, what, variables, result: Vec::new() };
    for _ in 0..MAX_ROUNDS {
        let before = count(&run.variables);
        for statement in &statements {
            run.statement(body, statement);
        }
        if count(&run.variables) == before {
            break;
        }
    }
    let assigned = definition.columns.iter().map(|name| SpanColumn {
        name: name.clone(),
        sources: run.variables.get(name).map(|v| v.sources.clone()).unwrap_or_default(),
        plain: false,
    });
    merge(&mut run.result, assigned.collect());
    run.result
}

fn count(variables: &Variables) -> usize {
    let of = |v: &Variable| {
        v.sources.len() + v.columns.iter().map(|c| c.sources.len() + 1).sum::<usize>()
    };
    variables.values().map(of).sum::<usize>() + variables.len()
}

struct Run<'r, 'a> {
    resolver: &'r mut Resolver<'a>,
    what: &'r str,
    variables: Variables,
    result: Vec<SpanColumn>,
}

impl Run<'_, '_> {
    fn statement(&mut self, body: &str, tokens: &[Token]) {
        let Some((first, rest)) = tokens.split_first() else { return };
        let word = if first.kind == TokenKind::Word { first.text(body) } else { "" };
        match word.to_ascii_uppercase().as_str() {
            "RETURN" => self.returns(body, rest),
            "PERFORM" => drop(self.query(&format!("SELECT {}", text(body, rest)))),
            "SELECT" | "WITH" | "VALUES" => self.select(body, tokens, 0),
            "INSERT" | "UPDATE" | "DELETE" | "MERGE" => {
                if let Some(at) = position(body, tokens, &["RETURNING"]) {
                    self.select(body, tokens, at);
                }
            }
            "IF" | "ELSIF" | "ELSEIF" | "WHILE" | "WHEN" | "CASE" | "ASSERT" => {
                drop(self.expr(text(body, rest)));
            }
            "FOR" | "FOREACH" => self.loops(body, rest),
            "EXECUTE" => self.dynamic(body, tokens),
            "END" | "RAISE" | "EXIT" | "CONTINUE" | "OPEN" | "FETCH" | "MOVE" | "CLOSE"
            | "NULL" | "GET" | "CALL" | "COMMIT" | "ROLLBACK" => {}
            _ => self.assignment(body, tokens),
        }
    }

    fn returns(&mut self, body: &str, rest: &[Token]) {
        let is = |n: usize, word: &str| rest.get(n).is_some_and(|t| t.is_word(body, word));
        if is(0, "query") && is(1, "execute") {
            self.dynamic(body, &rest[1..]);
        } else if is(0, "query") {
            let query = text(body, &rest[1..]);
            let variables = &self.variables;
            let found = self.resolver.without_conditions(|r| r.body_query(query, variables));
            merge(&mut self.result, found);
        } else {
            let value = if is(0, "next") { &rest[1..] } else { rest };
            if value.is_empty() {
                return;
            }
            let record = value.first().filter(|_| value.len() == 1);
            let record = record.and_then(|t| self.variables.get(&stored(t.text(body))));
            let found = match record {
                Some(variable) if !variable.columns.is_empty() => variable.columns.clone(),
                _ => {
                    let sources = self.expr(text(body, value));
                    vec![SpanColumn { sources, ..SpanColumn::default() }]
                }
            };
            merge(&mut self.result, found);
        }
    }

    /// A query with INTO, which gives its columns to variables. `from`: where INTO may stand.
    fn select(&mut self, body: &str, tokens: &[Token], from: usize) {
        let into = position(body, &tokens[from..], &["INTO"]).map(|n| n + from);
        let Some(at) = into else {
            drop(self.query(text(body, tokens)));
            return;
        };
        let (targets, end) = targets(body, tokens, at + 1);
        let query = format!("{} {}", text(body, &tokens[..at]), text(body, &tokens[end..]));
        let columns = self.query(&query);
        self.assign_all(&targets, columns);
    }

    fn assign_all(&mut self, targets: &[String], columns: Vec<SpanColumn>) {
        match targets {
            [one] => {
                let sources = columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
                let columns = if columns.len() > 1 { columns } else { Vec::new() };
                self.assign(one, sources, columns);
            }
            _ => {
                for (target, column) in targets.iter().zip(columns) {
                    self.assign(target, column.sources, Vec::new());
                }
            }
        }
    }

    fn assign(&mut self, name: &str, sources: Sources, columns: Vec<SpanColumn>) {
        let variable = self.variables.entry(name.to_owned()).or_default();
        variable.sources.extend(sources);
        merge(&mut variable.columns, columns);
    }

    /// `name := value`, `name type := value`, `name type DEFAULT value`, `name CURSOR FOR query`.
    fn assignment(&mut self, body: &str, tokens: &[Token]) {
        let name = stored(tokens[0].text(body));
        if let Some(at) = position(body, tokens, &["CURSOR"])
            && let Some(query) = position(body, &tokens[at..], &["FOR", "IS"])
        {
            let columns = self.query(text(body, &tokens[at + query + 1..]));
            let sources = columns.iter().flat_map(|c| c.sources.iter().cloned()).collect();
            self.assign(&name, sources, columns);
            return;
        }
        let is = |n: usize, c: u8| tokens.get(n).is_some_and(|t| t.is(body, c));
        let mut depth = 0_usize;
        let value = (1..tokens.len()).find_map(|n| {
            if is(n, b'(') || is(n, b'[') {
                depth += 1;
            } else if is(n, b')') || is(n, b']') {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && is(n, b':') && is(n + 1, b'=') {
                return Some(n + 2);
            } else if depth == 0 && (is(n, b'=') || tokens[n].is_word(body, "default")) {
                return Some(n + 1);
            }
            None
        });
        if let Some(value) = value.and_then(|n| tokens.get(n..)) {
            let sources = self.expr(text(body, value));
            self.assign(&name, sources, Vec::new());
        } else {
            // Declared: it hides nothing yet, but is no missing column either.
            self.variables.entry(name).or_default();
        }
    }

    /// `FOR a, b IN query`, `FOR n IN 1..3`, `FOREACH x IN ARRAY value`.
    fn loops(&mut self, body: &str, tokens: &[Token]) {
        let Some(at) = position(body, tokens, &["IN"]) else { return };
        let (targets, _) = targets(body, tokens, 0);
        let mut source = &tokens[at + 1..];
        let is = |t: Option<&Token>, word: &str| t.is_some_and(|t| t.is_word(body, word));
        if is(source.first(), "execute") {
            self.dynamic(body, source);
        } else if source.first().is_some_and(|t| t.is(body, b'('))
            || ["select", "with", "values", "table"].iter().any(|w| is(source.first(), w))
        {
            let columns = self.query(text(body, source));
            self.assign_all(&targets, columns);
        } else if let Some(cursor) =
            source.first().and_then(|t| self.variables.get(&stored(t.text(body)))).cloned()
            && !cursor.columns.is_empty()
        {
            self.assign_all(&targets, cursor.columns);
        } else {
            if is(source.first(), "array") || is(source.first(), "reverse") {
                source = &source[1..];
            }
            let range = source.windows(2).position(|p| p[0].is(body, b'.') && p[1].is(body, b'.'));
            let mut sources = Sources::new();
            match range {
                Some(n) => {
                    sources.extend(self.expr(text(body, &source[..n])));
                    sources.extend(self.expr(text(body, &source[n + 2..])));
                }
                None => sources = self.expr(text(body, source)),
            }
            for target in &targets {
                self.assign(target, sources.clone(), Vec::new());
            }
        }
    }

    /// The text of the query is known only when it runs.
    fn dynamic(&mut self, body: &str, tokens: &[Token]) {
        let what = self.what;
        self.resolver.note(format!("{what} runs a query that it makes up: EXECUTE"));
        let Some(at) = position(body, tokens, &["INTO"]) else { return };
        for target in targets(body, tokens, at + 1).0 {
            self.variables.entry(target).or_default();
        }
    }

    fn query(&mut self, query: &str) -> Vec<SpanColumn> {
        self.resolver.body_query(query, &self.variables)
    }

    fn expr(&mut self, expr: &str) -> Sources {
        if expr.is_empty() {
            return Sources::new();
        }
        self.query(&format!("SELECT {expr}")).into_iter().flat_map(|c| c.sources).collect()
    }
}

/// The variables of INTO from token `at` on, and where the statement goes on.
fn targets(body: &str, tokens: &[Token], mut at: usize) -> (Vec<String>, usize) {
    let is = |n: usize, c: u8| tokens.get(n).is_some_and(|t| t.is(body, c));
    if tokens.get(at).is_some_and(|t| t.is_word(body, "strict")) {
        at += 1;
    }
    let mut names = Vec::new();
    while let Some(name) = tokens.get(at) {
        names.push(stored(name.text(body)));
        at += 1;
        while is(at, b'.') {
            at += 2;
        }
        if !is(at, b',') {
            break;
        }
        at += 1;
    }
    (names, at.min(tokens.len()))
}
