//! Tree to text, with the parentheses that it needs and no others.

use super::tree::{Literal, Node, Tree};

/// How strongly an operator binds; what binds less is put into parentheses within.
const CHOICE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const RELATION: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const PREFIX: u8 = 7;
const WHOLE: u8 = 8;

/// A condition as people write it.
pub fn write(node: &Node) -> String {
    let mut out = String::new();
    put(&mut out, node, CHOICE);
    out
}

fn put(out: &mut String, node: &Node, least: u8) {
    let binds = binding(node);
    if binds < least {
        out.push('(');
    }
    match &node.is {
        Tree::Literal(literal) => put_literal(out, literal),
        Tree::Name(name) => out.push_str(name),
        Tree::Select { of, field, test } => {
            out.push_str(if *test { "has(" } else { "" });
            put(out, of, WHOLE);
            out.push('.');
            out.push_str(field);
            out.push_str(if *test { ")" } else { "" });
        }
        Tree::Call { function, target, args } => {
            put_call(out, function, target.as_deref(), args, binds);
        }
        Tree::List(all) => {
            out.push('[');
            put_all(out, all.iter());
            out.push(']');
        }
        Tree::Map(all) => {
            out.push('{');
            for (i, (key, value)) in all.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                put(out, key, CHOICE);
                out.push_str(": ");
                put(out, value, CHOICE);
            }
            out.push('}');
        }
        Tree::Each(each) => {
            put(out, &each.over, WHOLE);
            out.push('.');
            out.push_str(each.kind.word());
            out.push('(');
            out.push_str(&each.name);
            for part in each.test.iter().chain(&each.makes) {
                out.push_str(", ");
                put(out, part, CHOICE);
            }
            out.push(')');
        }
    }
    if binds < least {
        out.push(')');
    }
}

fn put_call(out: &mut String, function: &str, target: Option<&Node>, args: &[Node], binds: u8) {
    match (infix(function), args) {
        (Some((sign, _)), [left, right]) if target.is_none() => {
            put(out, left, binds);
            out.push(' ');
            out.push_str(sign);
            out.push(' ');
            // The two of logic go together however they are grouped; all others from the left.
            let logic = matches!(binds, OR | AND);
            put(out, right, if logic { binds } else { binds + 1 });
        }
        _ => match (function, args) {
            ("_?_:_", [test, then, other]) => {
                put(out, test, OR);
                out.push_str(" ? ");
                put(out, then, OR);
                out.push_str(" : ");
                put(out, other, CHOICE);
            }
            ("_[_]", [of, at]) => {
                put(out, of, WHOLE);
                out.push('[');
                put(out, at, CHOICE);
                out.push(']');
            }
            ("!_" | "-_", [of]) => {
                out.push_str(&function[..1]);
                // Two signs in a row would be read as none, or as a negative number.
                let sign = matches!(&of.is, Tree::Call { function, .. } if function == "!_" || function == "-_");
                let number = function == "-_" && matches!(of.is, Tree::Literal(_));
                put(out, of, if sign || number { WHOLE + 1 } else { PREFIX });
            }
            _ => {
                if let Some(target) = target {
                    put(out, target, WHOLE);
                    out.push('.');
                }
                out.push_str(function);
                out.push('(');
                put_all(out, args.iter());
                out.push(')');
            }
        },
    }
}

fn put_all<'n>(out: &mut String, all: impl Iterator<Item = &'n Node>) {
    for (i, node) in all.enumerate() {
        out.push_str(if i == 0 { "" } else { ", " });
        put(out, node, CHOICE);
    }
}

fn binding(node: &Node) -> u8 {
    match &node.is {
        Tree::Call { function, target: None, args } => match (infix(function), args.len()) {
            (Some((_, binds)), 2) => binds,
            _ => match (function.as_str(), args.len()) {
                ("_?_:_", 3) => CHOICE,
                ("!_" | "-_", 1) => PREFIX,
                _ => WHOLE,
            },
        },
        // A negative number is a sign and a number to whoever reads it after a dot.
        Tree::Literal(Literal::Int(i64::MIN..0)) => PREFIX,
        Tree::Literal(Literal::Double(number)) if number.is_sign_negative() => PREFIX,
        _ => WHOLE,
    }
}

fn infix(function: &str) -> Option<(&str, u8)> {
    Some(match function {
        "_||_" => ("||", OR),
        "_&&_" => ("&&", AND),
        "@in" => ("in", RELATION),
        "_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_" => (function.trim_matches('_'), RELATION),
        "_+_" | "_-_" => (function.trim_matches('_'), SUM),
        "_*_" | "_/_" | "_%_" => (function.trim_matches('_'), PRODUCT),
        _ => return None,
    })
}

fn put_literal(out: &mut String, literal: &Literal) {
    match literal {
        Literal::Null => out.push_str("null"),
        Literal::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Literal::Int(number) => out.push_str(&number.to_string()),
        Literal::Uint(number) => {
            out.push_str(&number.to_string());
            out.push('u');
        }
        // Debug keeps the dot that makes it no whole number.
        Literal::Double(number) => out.push_str(&format!("{number:?}")),
        Literal::Text(text) => out.push_str(&self::text(text)),
        Literal::Bytes(bytes) => {
            out.push_str("b\"");
            for byte in bytes {
                match byte {
                    b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
                    0x20..0x7f => out.push(char::from(*byte)),
                    _ => out.push_str(&format!("\\x{byte:02x}")),
                }
            }
            out.push('"');
        }
    }
}

/// A text as a literal.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
