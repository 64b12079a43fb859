//! Conditions as trees on the wire: macros are loops there, as CEL's own parser makes them.

use api::google::api::expr::v1alpha1 as pb;
use base::{Error, Result};
use pb::constant::ConstantKind;
use pb::expr::create_struct::Entry;
use pb::expr::create_struct::entry::KeyKind;
use pb::expr::{Call, Comprehension, CreateList, CreateStruct, ExprKind, Ident, Select};
use policy::cel::{Each, EachKind, Literal, Node, Tree};

/// What the loop of a macro gathers its result in.
const GATHERED: &str = "@result";
const UNLESS_FALSE: &str = "@not_strictly_false";
/// Functions that are written as signs.
const OPERATORS: [&str; 19] = [
    "_&&_",
    "_||_",
    "!_",
    "_?_:_",
    "_==_",
    "_!=_",
    "_<_",
    "_<=_",
    "_>_",
    "_>=_",
    "_+_",
    "_-_",
    "_*_",
    "_/_",
    "_%_",
    "-_",
    "@in",
    "_[_]",
    UNLESS_FALSE,
];

/// The tree of a condition; ids are numbered from 1 in the order of the text.
pub fn to_wire(node: &Node) -> pb::Expr {
    Numbers(0).expr(node)
}

struct Numbers(i64);

impl Numbers {
    fn expr(&mut self, node: &Node) -> pb::Expr {
        let id = self.next();
        let kind = match &node.is {
            Tree::Literal(literal) => ExprKind::ConstExpr(constant(literal)),
            Tree::Name(name) => ExprKind::IdentExpr(Ident { name: name.clone() }),
            Tree::Select { of, field, test } => ExprKind::SelectExpr(Box::new(Select {
                operand: Some(Box::new(self.expr(of))),
                field: field.clone(),
                test_only: *test,
            })),
            Tree::Call { function, target, args } => ExprKind::CallExpr(Box::new(Call {
                target: target.as_ref().map(|t| Box::new(self.expr(t))),
                function: function.clone(),
                args: args.iter().map(|a| self.expr(a)).collect(),
            })),
            Tree::List(all) => ExprKind::ListExpr(CreateList {
                elements: all.iter().map(|e| self.expr(e)).collect(),
                optional_indices: Vec::new(),
            }),
            Tree::Map(all) => ExprKind::StructExpr(CreateStruct {
                message_name: String::new(),
                entries: all.iter().map(|(key, value)| self.entry(key, value)).collect(),
            }),
            Tree::Each(each) => ExprKind::ComprehensionExpr(Box::new(self.each(each))),
        };
        pb::Expr { id, expr_kind: Some(kind) }
    }

    fn entry(&mut self, key: &Node, value: &Node) -> Entry {
        Entry {
            id: self.next(),
            key_kind: Some(KeyKind::MapKey(self.expr(key))),
            value: Some(self.expr(value)),
            optional_entry: false,
        }
    }

    fn each(&mut self, each: &Each) -> Comprehension {
        let gathered = || Node::new(Tree::Name(GATHERED.to_owned()));
        let literal = |literal| Node::new(Tree::Literal(literal));
        let going_on = |node| Node::call(UNLESS_FALSE, vec![node]);
        let test = || each.test.clone().unwrap_or_else(|| literal(Literal::Bool(true)));
        let element = || Node::new(Tree::Name(each.name.clone()));
        let with = |one| Node::call("_+_", vec![gathered(), Node::new(Tree::List(vec![one]))]);
        let if_it = |then| Node::call("_?_:_", vec![test(), then, gathered()]);
        let (start, goes_on, step) = match each.kind {
            EachKind::All => (
                literal(Literal::Bool(true)),
                going_on(gathered()),
                Node::call("_&&_", vec![gathered(), test()]),
            ),
            EachKind::Exists => (
                literal(Literal::Bool(false)),
                going_on(Node::call("!_", vec![gathered()])),
                Node::call("_||_", vec![gathered(), test()]),
            ),
            EachKind::ExistsOne => (
                literal(Literal::Int(0)),
                literal(Literal::Bool(true)),
                if_it(Node::call("_+_", vec![gathered(), literal(Literal::Int(1))])),
            ),
            EachKind::Filter => (
                Node::new(Tree::List(Vec::new())),
                literal(Literal::Bool(true)),
                if_it(with(element())),
            ),
            EachKind::Map => {
                let made = with(each.makes.clone().unwrap_or_else(element));
                let step = if each.test.is_some() { if_it(made) } else { made };
                (Node::new(Tree::List(Vec::new())), literal(Literal::Bool(true)), step)
            }
        };
        let result = match each.kind {
            EachKind::ExistsOne => Node::call("_==_", vec![gathered(), literal(Literal::Int(1))]),
            _ => gathered(),
        };
        let mut boxed = |node: &Node| Some(Box::new(self.expr(node)));
        Comprehension {
            iter_var: each.name.clone(),
            iter_var2: String::new(),
            iter_range: boxed(&each.over),
            accu_var: GATHERED.to_owned(),
            accu_init: boxed(&start),
            loop_condition: boxed(&goes_on),
            loop_step: boxed(&step),
            result: boxed(&result),
        }
    }

    fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }
}

/// The tree that a client sent, `field` of its request.
///
/// Errors: `INVALID_FIELD` for a part that is missing, or that no condition has.
pub fn from_wire(field: &str, expr: pb::Expr) -> Result<Node> {
    node(expr).ok_or_else(|| {
        let what = "a part of the tree is missing, or is nothing that a condition can hold";
        Error::field(field, what)
    })
}

fn node(expr: pb::Expr) -> Option<Node> {
    Some(Node::new(match expr.expr_kind? {
        ExprKind::ConstExpr(constant) => Tree::Literal(literal(constant)?),
        ExprKind::IdentExpr(ident) => Tree::Name(name(ident.name)?),
        ExprKind::SelectExpr(select) => Tree::Select {
            of: Box::new(node(*select.operand?)?),
            field: name(select.field)?,
            test: select.test_only,
        },
        ExprKind::CallExpr(call) => Tree::Call {
            target: match call.target {
                Some(target) => Some(Box::new(node(*target)?)),
                None => None,
            },
            function: function(call.function)?,
            args: call.args.into_iter().map(node).collect::<Option<_>>()?,
        },
        ExprKind::ListExpr(list) => {
            Tree::List(list.elements.into_iter().map(node).collect::<Option<_>>()?)
        }
        ExprKind::StructExpr(map) if map.message_name.is_empty() => {
            let pair = |entry: Entry| match entry.key_kind? {
                KeyKind::MapKey(key) => Some((node(key)?, node(entry.value?)?)),
                KeyKind::FieldKey(_) => None,
            };
            Tree::Map(map.entries.into_iter().map(pair).collect::<Option<_>>()?)
        }
        ExprKind::StructExpr(_) => return None,
        ExprKind::ComprehensionExpr(each) => Tree::Each(Box::new(loop_of(*each)?)),
    }))
}

/// A word of a client: in the text of the condition it must stay one.
fn name(word: String) -> Option<String> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_gathered = word == GATHERED;
    let is_name = word.chars().all(good) && !word.starts_with(|c: char| c.is_ascii_digit());
    (is_gathered || (is_name && !word.is_empty())).then_some(word)
}

fn function(word: String) -> Option<String> {
    if OPERATORS.contains(&word.as_str()) { Some(word) } else { name(word) }
}

/// The macro that a loop was made of.
fn loop_of(wire: Comprehension) -> Option<Each> {
    let gathered = wire.accu_var;
    let is_gathered = |node: &Node| matches!(&node.is, Tree::Name(name) if *name == gathered);
    let made = |node: &Node| match &node.is {
        Tree::Call { function, target: None, args } if function == "_+_" => match args.as_slice() {
            [first, Node { is: Tree::List(one), .. }] if is_gathered(first) => match one.as_slice()
            {
                [one] => Some(one.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    let step = node(*wire.loop_step?)?;
    let (kind, test, makes) = match &step.is {
        Tree::Call { function, target: None, args } => match (function.as_str(), args.as_slice()) {
            ("_&&_", [first, test]) if is_gathered(first) => {
                (EachKind::All, Some(test.clone()), None)
            }
            ("_||_", [first, test]) if is_gathered(first) => {
                (EachKind::Exists, Some(test.clone()), None)
            }
            ("_?_:_", [test, then, last]) if is_gathered(last) => match made(then) {
                Some(Node { is: Tree::Name(name), .. }) if name == wire.iter_var => {
                    (EachKind::Filter, Some(test.clone()), None)
                }
                Some(one) => (EachKind::Map, Some(test.clone()), Some(one)),
                None => (EachKind::ExistsOne, Some(test.clone()), None),
            },
            _ => (EachKind::Map, None, Some(made(&step)?)),
        },
        _ => return None,
    };
    let over = node(*wire.iter_range?)?;
    Some(Each { kind, over, name: name(wire.iter_var)?, test, makes })
}

fn constant(literal: &Literal) -> pb::Constant {
    let kind = match literal {
        Literal::Null => ConstantKind::NullValue(0),
        Literal::Bool(truth) => ConstantKind::BoolValue(*truth),
        Literal::Int(number) => ConstantKind::Int64Value(*number),
        Literal::Uint(number) => ConstantKind::Uint64Value(*number),
        Literal::Double(number) => ConstantKind::DoubleValue(*number),
        Literal::Text(text) => ConstantKind::StringValue(text.clone()),
        Literal::Bytes(bytes) => ConstantKind::BytesValue(bytes.clone()),
    };
    pb::Constant { constant_kind: Some(kind) }
}

fn literal(constant: pb::Constant) -> Option<Literal> {
    Some(match constant.constant_kind? {
        ConstantKind::NullValue(_) => Literal::Null,
        ConstantKind::BoolValue(truth) => Literal::Bool(truth),
        ConstantKind::Int64Value(number) => Literal::Int(number),
        ConstantKind::Uint64Value(number) => Literal::Uint(number),
        ConstantKind::DoubleValue(number) => Literal::Double(number),
        ConstantKind::StringValue(text) => Literal::Text(text),
        ConstantKind::BytesValue(bytes) => Literal::Bytes(bytes),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::cel::{read, write};

    #[test]
    fn trees_come_back_from_the_wire() {
        for text in [
            "resource.environment_id == \"prod\" && !(a in [1, 2u, 3.5])",
            "a.exists(x, x > 1) || b.all(y, y) || c.filter(z, z).map(w, w + 1) == d.map(v, v, v + 1)",
            "a.exists_one(x, x == 1) && has(b.c)",
            "a.b(c, \"x\")[0] == {\"k\": null, b\"\\xff\": true}",
            "request.time < timestamp(\"2026-12-31T00:00:00Z\") ? -1 == -a : true",
        ] {
            let sent = to_wire(&read(text).unwrap());
            assert_eq!(write(&from_wire("e", sent).unwrap()), text);
        }
        let error = from_wire("expressions[3]", pb::Expr::default()).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "expressions[3]");
    }
}
