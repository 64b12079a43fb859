//! Whether a condition can be evaluated: its names, its types, and the most that it can cost.
//!
//! The interpreter cannot be stopped, and `replace` in a row or loops in loops grow without bound. So the sizes of all values
//! are reckoned here from those that the environment declares; a condition that could go beyond the limits is refused.

use std::collections::BTreeSet;

use base::Span;

use super::environments::Environment;
use super::functions::{self, Signature};
use super::tree::{Each, EachKind, Literal, Node, Tree};
use super::types::Type;
use super::{CelError, eval, write};

/// Longest value on the way, in bytes.
const MAX_LEN: u64 = 16 << 20;
/// Bytes looked at, all in all.
const MAX_COST: u64 = 1 << 28;
/// What a regular expression may take when it is compiled, in bytes.
const MAX_PATTERN: usize = 1 << 18;

/// What is known of the value of an expression before it runs.
#[derive(Debug, Clone)]
struct Seen {
    ty: Type,
    /// Bytes of a text; of a list, of all its elements.
    len: u64,
    /// Elements of a list or map.
    count: u64,
    /// Of computing it.
    cost: u64,
}

/// The variables that a good condition uses, in the order of the environment.
pub(super) fn check(
    text: &str,
    tree: &Node,
    environment: &'static Environment,
) -> Result<Vec<&'static str>, CelError> {
    let mut checker = Checker { text, environment, locals: Vec::new(), used: BTreeSet::new() };
    let seen = checker.node(tree)?;
    if !matches!(seen.ty, Type::Bool | Type::Dyn) {
        let what = format!("a condition is true or false; this is {}", seen.ty);
        return Err(checker.error(tree.span, what));
    }
    let used = environment.variables.iter().map(|v| v.name).filter(|n| checker.used.contains(n));
    Ok(used.collect())
}

struct Checker<'a> {
    text: &'a str,
    environment: &'static Environment,
    /// Names that macros around bind, with their values.
    locals: Vec<(String, Seen)>,
    used: BTreeSet<&'static str>,
}

impl Checker<'_> {
    fn node(&mut self, node: &Node) -> Result<Seen, CelError> {
        let seen = match &node.is {
            Tree::Literal(literal) => literal_seen(literal),
            Tree::Name(_) => self.name(node)?,
            Tree::Select { of, field, test } => self.select(node, of, field, *test)?,
            Tree::Call { function, target, args } => {
                self.call(node, function, target.as_deref(), args)?
            }
            Tree::List(all) => self.list(all)?,
            Tree::Map(all) => self.map(all)?,
            Tree::Each(each) => self.each(each)?,
        };
        if seen.len > MAX_LEN || seen.cost > MAX_COST {
            return Err(
                self.error(node.span, "this could take too long or grow too big; make it simpler")
            );
        }
        Ok(seen)
    }

    /// A variable, or a name that a macro binds.
    fn name(&mut self, node: &Node) -> Result<Seen, CelError> {
        match node.qualified().and_then(|name| self.find(&name)) {
            Some(seen) => Ok(seen),
            None => Err(self.unknown(node)),
        }
    }

    fn find(&mut self, name: &str) -> Option<Seen> {
        if let Some((_, seen)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return Some(seen.clone());
        }
        let variable = self.environment.variable(name)?;
        self.used.insert(variable.name);
        let (len, count) = variable.is.bounds();
        Some(Seen { ty: variable.is.ty(), len, count, cost: 1 })
    }

    /// `a.b` is a declared variable of that name, or a key of the map `a`.
    fn select(
        &mut self,
        node: &Node,
        of: &Node,
        field: &str,
        test: bool,
    ) -> Result<Seen, CelError> {
        let whole = node.qualified();
        if let Some(seen) = whole.and_then(|name| self.find(&name)) {
            return Ok(seen);
        }
        if test && let Some(of) = of.qualified() {
            let name = format!("{of}.{field}");
            if self.environment.variable(&name).is_some() {
                let what = format!("has() asks for a key of a map; {name} is a variable");
                return Err(self.error(node.span, what));
            }
        }
        if of.qualified().is_some_and(|name| !self.is_known_root(&name)) {
            return Err(self.unknown(node));
        }
        let map = self.node(of)?;
        match map.ty {
            Type::Map(key, value) if key.takes(&Type::Text, &mut [None, None]) => Ok(Seen {
                ty: if test { Type::Bool } else { *value },
                len: if test { 1 } else { map.len },
                count: 1,
                cost: map.cost + 1,
            }),
            Type::Dyn => Ok(Seen { ty: if test { Type::Bool } else { Type::Dyn }, ..map }),
            other => Err(self.error(node.span, format!("{other} has no field {field:?}"))),
        }
    }

    /// Whether some prefix of a dotted name is a variable or a bound name.
    fn is_known_root(&self, name: &str) -> bool {
        let mut prefix = name;
        loop {
            if self.environment.variable(prefix).is_some()
                || self.locals.iter().any(|(l, _)| l == prefix)
            {
                return true;
            }
            match prefix.rsplit_once('.') {
                Some((before, _)) => prefix = before,
                None => return false,
            }
        }
    }

    fn unknown(&self, node: &Node) -> CelError {
        let name = node.qualified().unwrap_or_else(|| write::write(node));
        let known: Vec<&str> = self.environment.variables.iter().map(|v| v.name).collect();
        let what = match near(&name, &known) {
            Some(near) => format!("there is no variable {name}; did you mean {near}?"),
            None => format!(
                "there is no variable {name}; {} knows {}",
                self.environment.title,
                known.join(", ")
            ),
        };
        self.error(node.span, what)
    }

    fn call(
        &mut self,
        node: &Node,
        function: &str,
        target: Option<&Node>,
        args: &[Node],
    ) -> Result<Seen, CelError> {
        let forms = functions::named(function, target.is_some());
        if forms.is_empty() {
            return Err(self.no_function(node, function, target.is_some()));
        }
        let parts: Vec<&Node> = target.into_iter().chain(args).collect();
        let seen = parts.iter().map(|part| self.node(part)).collect::<Result<Vec<_>, _>>()?;
        let Some(ty) = forms.iter().find_map(|form| fits(form, &seen)) else {
            return Err(self.misfit(node, function, &forms, &parts, &seen));
        };
        self.constants(node, function, args)?;
        Ok(Seen { ty, ..reckon(function, &seen) })
    }

    fn no_function(&self, node: &Node, name: &str, method: bool) -> CelError {
        let known = functions::names(method);
        let what = match (near(name, &known), functions::names(!method).contains(&name)) {
            (_, true) if method => format!("{name} is a function: write {name}(x)"),
            (_, true) => format!("{name} is a method: write x.{name}(…)"),
            (Some(near), _) => format!("there is no function {name}; did you mean {near}?"),
            (None, _) => format!("there is no function {name}"),
        };
        self.error(node.span, what)
    }

    /// Names the operand that fits least.
    fn misfit(
        &self,
        node: &Node,
        function: &str,
        forms: &[&Signature],
        parts: &[&Node],
        seen: &[Seen],
    ) -> CelError {
        if let (Some(sign), [left, right]) = (functions::operator(function), seen) {
            let what = match sign {
                "in" => format!("{} cannot be looked for in {}", left.ty, right.ty),
                "[ ]" => format!("{} has nothing at {}", left.ty, right.ty),
                "&&" | "||" => {
                    let wrong = usize::from(left.ty == Type::Bool);
                    let what = format!(
                        "{sign} stands between two that are true or false; this is {}",
                        seen[wrong].ty
                    );
                    return self.error(parts[wrong].span, what);
                }
                "+" | "-" | "*" | "/" | "%" => {
                    format!("{sign} does not go with {} and {}", left.ty, right.ty)
                }
                _ if left.ty == right.ty => format!("{} cannot be compared with {sign}", left.ty),
                _ => format!("{} is compared with {}", left.ty, right.ty),
            };
            let about =
                if matches!(right.ty, Type::List(_) | Type::Map(..)) { node } else { parts[1] };
            return self.error(about.span, what);
        }
        let methods = usize::from(forms.iter().any(|f| f.target.is_some()));
        let counts: BTreeSet<usize> = forms.iter().map(|f| f.args.len()).collect();
        if !counts.contains(&(seen.len() - methods)) {
            let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
            let what = format!(
                "{function} takes {} arguments, not {}",
                counts.join(" or "),
                seen.len() - methods
            );
            return self.error(node.span, what);
        }
        let wants = |at: usize| -> Vec<String> {
            let wanted = forms.iter().filter_map(|f| f.target.iter().chain(&f.args).nth(at));
            wanted.map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect()
        };
        let fits_at = |at: usize| {
            let mut wanted = forms.iter().filter_map(|f| f.target.iter().chain(&f.args).nth(at));
            wanted.any(|t| t.takes(&seen[at].ty, &mut [None, None]))
        };
        let shown = functions::operator(function).unwrap_or(function);
        let wrong =
            (0..seen.len()).find(|at| !fits_at(*at)).unwrap_or(seen.len().saturating_sub(1));
        let what = match shown {
            "? :" if wrong == 0 => format!("? asks what is true or false; this is {}", seen[0].ty),
            "? :" => "both answers of ? : must be of one kind".to_owned(),
            _ if wrong == 0 && methods == 1 => {
                format!("{shown} is of {}; this is {}", wants(0).join(" or "), seen[0].ty)
            }
            _ => format!("{shown} takes {}; this is {}", wants(wrong).join(" or "), seen[wrong].ty),
        };
        self.error(parts[wrong].span, what)
    }

    /// What can be known to fail of a call with literals: patterns, times, numbers.
    fn constants(&self, node: &Node, function: &str, args: &[Node]) -> Result<(), CelError> {
        let Some(last) = args.last() else { return Ok(()) };
        if function == "matches" {
            let Some(pattern) = last.literal_text() else {
                return Err(self.error(last.span, "write the pattern as a text in quotes"));
            };
            let built = regex::RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
            return match built {
                Ok(_) => Ok(()),
                Err(regex::Error::CompiledTooBig(_)) => {
                    Err(self.error(last.span, "this pattern is too big"))
                }
                Err(error) => {
                    let said = error.to_string();
                    let said =
                        said.lines().last().unwrap_or_default().trim_start_matches("error: ");
                    Err(self.error(last.span, format!("this pattern cannot be read: {said}")))
                }
            };
        }
        let converts = ["timestamp", "duration", "int", "uint", "double"].contains(&function);
        if !converts || args.len() != 1 || last.literal_text().is_none() || eval::constant(node) {
            return Ok(());
        }
        let what = match function {
            "timestamp" => "this is no time; write it like 2026-12-31T00:00:00Z",
            "duration" => "this is no duration; write it like 1h30m",
            _ => "this is no number",
        };
        Err(self.error(last.span, what))
    }

    fn list(&mut self, all: &[Node]) -> Result<Seen, CelError> {
        let seen = all.iter().map(|n| self.node(n)).collect::<Result<Vec<_>, _>>()?;
        Ok(Seen {
            ty: Type::list(common(seen.iter().map(|s| &s.ty))),
            len: sum(&seen, |s| s.len),
            count: seen.len() as u64,
            cost: sum(&seen, |s| s.cost),
        })
    }

    fn map(&mut self, all: &[(Node, Node)]) -> Result<Seen, CelError> {
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (key, value) in all {
            keys.push(self.node(key)?);
            values.push(self.node(value)?);
        }
        Ok(Seen {
            ty: Type::Map(
                Box::new(common(keys.iter().map(|s| &s.ty))),
                Box::new(common(values.iter().map(|s| &s.ty))),
            ),
            len: sum(&keys, |s| s.len).saturating_add(sum(&values, |s| s.len)),
            count: all.len() as u64,
            cost: sum(&keys, |s| s.cost).saturating_add(sum(&values, |s| s.cost)),
        })
    }

    fn each(&mut self, each: &Each) -> Result<Seen, CelError> {
        let over = self.node(&each.over)?;
        let element = match &over.ty {
            Type::List(of) => (**of).clone(),
            Type::Map(key, _) => (**key).clone(),
            Type::Dyn => Type::Dyn,
            other => {
                let what = format!("{} goes through a list; this is {other}", each.kind.word());
                return Err(self.error(each.over.span, what));
            }
        };
        let one = Seen { ty: element.clone(), len: over.len, count: over.count, cost: 1 };
        self.locals.push((each.name.clone(), one));
        let within = self.within(each);
        self.locals.pop();
        let (test, makes) = within?;
        let rounds = over.count.max(1);
        // A list that grows round by round is copied at worst in each.
        let copied = |len: u64| rounds.saturating_mul(len);
        let cost = over.cost.saturating_add(
            rounds.saturating_mul(test.saturating_add(makes.as_ref().map_or(0, |m| m.cost))),
        );
        Ok(match (each.kind, makes) {
            (EachKind::Map, Some(made)) => {
                let len = rounds.saturating_mul(made.len);
                Seen {
                    ty: Type::list(made.ty),
                    len,
                    count: over.count,
                    cost: cost.saturating_add(copied(len)),
                }
            }
            (EachKind::Filter, _) => Seen {
                ty: Type::list(element),
                len: over.len,
                count: over.count,
                cost: cost.saturating_add(copied(over.len)),
            },
            _ => Seen { ty: Type::Bool, len: 1, count: 1, cost },
        })
    }

    /// Cost of one test, and what a map makes of one.
    fn within(&mut self, each: &Each) -> Result<(u64, Option<Seen>), CelError> {
        let mut cost = 0;
        if let Some(test) = &each.test {
            let seen = self.node(test)?;
            if !matches!(seen.ty, Type::Bool | Type::Dyn) {
                let what =
                    format!("{} asks what is true or false; this is {}", each.kind.word(), seen.ty);
                return Err(self.error(test.span, what));
            }
            cost = seen.cost;
        }
        let makes = each.makes.as_ref().map(|makes| self.node(makes)).transpose()?;
        Ok((cost, makes))
    }

    fn error(&self, span: Span, what: impl Into<String>) -> CelError {
        CelError::at(self.text, span, what)
    }
}

fn literal_seen(literal: &Literal) -> Seen {
    let (ty, len) = match literal {
        Literal::Null => (Type::Null, 1),
        Literal::Bool(_) => (Type::Bool, 1),
        Literal::Int(_) => (Type::Int, 8),
        Literal::Uint(_) => (Type::Uint, 8),
        Literal::Double(_) => (Type::Double, 8),
        Literal::Text(text) => (Type::Text, text.len() as u64),
        Literal::Bytes(bytes) => (Type::Bytes, bytes.len() as u64),
    };
    Seen { ty, len, count: 1, cost: 1 }
}

/// What a form gives for these arguments, if it takes them.
fn fits(form: &Signature, seen: &[Seen]) -> Option<Type> {
    let wanted: Vec<&Type> = form.target.iter().chain(&form.args).collect();
    if wanted.len() != seen.len() {
        return None;
    }
    let mut letters = [None, None];
    let fits = wanted.iter().zip(seen).all(|(want, seen)| want.takes(&seen.ty, &mut letters));
    fits.then(|| form.gives.with(&letters))
}

/// Size and cost of a call; its type is another's affair.
fn reckon(function: &str, seen: &[Seen]) -> Seen {
    let len = |at: usize| seen.get(at).map_or(0, |s| s.len);
    let all = sum(seen, |s| s.len);
    let before = sum(seen, |s| s.cost);
    let (bytes, count, own) = match function {
        "replace" => {
            let most = len(0).saturating_add(1).saturating_mul(len(2).saturating_add(1));
            (most, 1, most.saturating_add(len(0).saturating_mul(len(1).saturating_add(1))))
        }
        "indexOf" | "lastIndexOf" => (8, 1, len(0).saturating_mul(len(1).saturating_add(1))),
        "matches" => (1, 1, len(0).saturating_mul(len(1) / 8 + 1)),
        "split" => (len(0), len(0).saturating_add(1), all.saturating_mul(2)),
        "join" => {
            let count = seen.first().map_or(1, |s| s.count);
            (len(0).saturating_add(count.saturating_mul(len(1))), 1, all)
        }
        "format" => (all.saturating_mul(4).saturating_add(64), 1, all.saturating_mul(4)),
        "string" | "bytes" => (len(0).saturating_mul(3).saturating_add(64), 1, all),
        "_+_" => (all, sum(seen, |s| s.count), all),
        "_?_:_" => (len(1).max(len(2)), seen.iter().map(|s| s.count).max().unwrap_or(1), 1),
        "_[_]" | "charAt" | "substring" | "trim" | "lowerAscii" | "upperAscii" | "reverse"
        | "dyn" => (len(0), seen.first().map_or(1, |s| s.count), len(0)),
        _ => (8, 1, all),
    };
    Seen { ty: Type::Dyn, len: bytes, count, cost: before.saturating_add(own) }
}

/// The one type of all; any value when they differ or there are none.
fn common<'t>(mut types: impl Iterator<Item = &'t Type>) -> Type {
    let Some(first) = types.next() else { return Type::Dyn };
    if types.all(|ty| ty == first) { first.clone() } else { Type::Dyn }
}

fn sum(seen: &[Seen], of: impl Fn(&Seen) -> u64) -> u64 {
    seen.iter().map(of).fold(0, u64::saturating_add)
}

/// The known name that differs by little.
fn near<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    // A long name is no misspelling; measuring it would take its time.
    if name.len() > 100 {
        return None;
    }
    let distance = |k: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &k.to_lowercase());
    let last = |k: &str| k.rsplit('.').next() == Some(name);
    known.iter().copied().find(|k| last(k)).or_else(|| {
        let best = known.iter().map(|k| (distance(k), *k)).min()?;
        (best.0 <= name.len().max(3) / 3).then_some(best.1)
    })
}
