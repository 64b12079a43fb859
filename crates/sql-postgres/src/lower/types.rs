//! Data types: what is written, and what the server calls it.

use base::Span;
use sql::tree::TypeName;
use squawk_syntax::ast::{self, AstNode};

use super::{Lower, name, text};

/// Other words for a type → the server's word.
const ALIASES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("int2", "smallint"),
    ("int8", "bigint"),
    ("serial4", "serial"),
    ("serial2", "smallserial"),
    ("serial8", "bigserial"),
    ("bool", "boolean"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("nchar varying", "character varying"),
    ("national char varying", "character varying"),
    ("national character varying", "character varying"),
    ("char", "character"),
    ("bpchar", "character"),
    ("nchar", "character"),
    ("national char", "character"),
    ("national character", "character"),
    ("decimal", "numeric"),
    ("dec", "numeric"),
    ("float", "double precision"),
    ("float8", "double precision"),
    ("float4", "real"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timetz", "time with time zone"),
    ("time", "time without time zone"),
    ("varbit", "bit varying"),
];

/// The server's name of a type that is given without arguments, in any case.
pub fn canonical(written: &str) -> String {
    let words: Vec<String> = written.split_whitespace().map(str::to_lowercase).collect();
    let written = words.join(" ");
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == written)
        .map_or(written, |(_, name)| (*name).to_owned())
}

impl Lower {
    pub fn type_name(&self, ty: &ast::Type) -> TypeName {
        let span = self.span(ty.syntax());
        if let ast::Type::ArrayType(array) = ty {
            let mut of = array.ty().map(|t| self.type_name(&t)).unwrap_or_default();
            of.array = true;
            of.span = span;
            of.text.push_str("[]");
            return of;
        }
        let mut schema = String::new();
        let mut written = match ty {
            ast::Type::PathType(path) => {
                let mut parts = name::path_parts(path.syntax());
                let last = parts.pop().unwrap_or_default();
                schema = parts.pop().unwrap_or_default();
                last
            }
            _ => without_arguments(&text(ty.syntax())),
        };
        if schema == "pg_catalog" {
            schema.clear();
        }
        if written.is_empty() {
            written = text(ty.syntax()).to_lowercase();
        }
        TypeName { span, ..named(schema, written, &text(ty.syntax())) }
    }
}

/// A type by its name in lower case; `whole` has its arguments.
pub fn named(schema: String, written: String, whole: &str) -> TypeName {
    let name = if schema.is_empty() { canonical(&written) } else { written.clone() };
    let arguments = arguments(whole);
    let args: Vec<i64> = arguments.split(',').filter_map(|a| a.trim().parse().ok()).collect();
    let text = show(&schema, &name, arguments);
    TypeName { span: Span::default(), schema, name, written, args, array: false, text }
}

/// `character varying(20)`, `timestamp(3) with time zone`.
fn show(schema: &str, name: &str, arguments: &str) -> String {
    let prefix = if schema.is_empty() { String::new() } else { format!("{schema}.") };
    if arguments.is_empty() {
        return format!("{prefix}{name}");
    }
    let arguments: String = arguments.chars().filter(|c| !c.is_whitespace()).collect();
    match name.find(" with") {
        Some(at) => format!("{prefix}{}({arguments}){}", &name[..at], &name[at..]),
        None => format!("{prefix}{name}({arguments})"),
    }
}

/// What stands in the parentheses.
fn arguments(written: &str) -> &str {
    let Some(open) = written.find('(') else { return "" };
    written[open + 1..].split(')').next().unwrap_or("").trim()
}

/// In lower case, one blank between words.
fn without_arguments(written: &str) -> String {
    let (head, tail) = match (written.find('('), written.find(')')) {
        (Some(open), Some(close)) if close > open => (&written[..open], &written[close + 1..]),
        _ => (written, ""),
    };
    let words = head.split_whitespace().chain(tail.split_whitespace());
    words.map(str::to_lowercase).filter(|w| w != "setof").collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_each_type() {
        for (written, name) in [
            ("INT", "integer"),
            ("Character  Varying", "character varying"),
            ("timestamptz", "timestamp with time zone"),
            ("jsonb", "jsonb"),
        ] {
            assert_eq!(canonical(written), name);
        }
        assert_eq!(without_arguments("TIMESTAMP (3)  WITH TIME ZONE"), "timestamp with time zone");
        assert_eq!(show("", "timestamp with time zone", "3"), "timestamp(3) with time zone");
    }
}
