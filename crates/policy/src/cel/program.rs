//! A condition that was read and found good.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base::Time;

use super::environments::Environment;
use super::eval::{self, Miss, Vars};
use super::tree::{Literal, Node, Tree};
use super::{CelError, check, read};

/// Programs kept. Reading one takes a millisecond, asking it microseconds; the same few are asked for every call.
const KEPT: usize = 1_000;
/// Longest text that is kept.
const KEPT_BYTES: usize = 8 * 1024;

/// Depth to which a condition is asked on the caller's thread. In a debug build the interpreter takes 40 kB of stack for
/// each step down; nearly all conditions are this flat.
const FLAT: usize = 6;

/// Cheap to clone.
#[derive(Clone)]
pub struct Program(Arc<Inner>);

struct Inner {
    text: String,
    tree: Node,
    used: Vec<&'static str>,
    program: cel::Program,
    depth: usize,
}

type Cache = HashMap<(&'static str, String), Program>;

/// Reads and checks a condition for an environment.
pub fn compile(text: &str, environment: &'static Environment) -> Result<Program, CelError> {
    static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
    let key = (environment.title, text.to_owned());
    if let Some(known) = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let program = read::apart(text, || {
        let (program, tree) = read::parse(text)?;
        let used = check::check(text, &tree, environment)?;
        let depth = tree.depth();
        Ok(Program(Arc::new(Inner { text: text.to_owned(), tree, used, program, depth })))
    })?;
    if text.len() <= KEPT_BYTES {
        let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= KEPT {
            cache.clear();
        }
        cache.insert(key, program.clone());
    }
    Ok(program)
}

impl Program {
    /// Whether the condition holds. `Err` is "no match", with its reason.
    pub fn eval(&self, vars: &Vars) -> Result<bool, Miss> {
        let ask = || eval::eval(&self.0.program, &self.0.used, vars);
        if self.0.depth <= FLAT {
            return ask();
        }
        let asked = read::apart(&self.0.text, || Ok(ask()));
        asked.unwrap_or_else(|e| Err(Miss::Failed(e.message)))
    }

    /// Whether the condition could hold for somebody who knows more: it is not false with what is known.
    pub fn may_hold(&self, vars: &Vars) -> bool {
        !matches!(self.eval(vars), Ok(false) | Err(Miss::Failed(_)))
    }

    /// Those of the `values` of one variable for which the condition may hold, whatever the others are.
    pub fn may_hold_for<'v>(
        &self,
        variable: &'static str,
        values: &[&'v str],
        vars: &Vars,
    ) -> Vec<&'v str> {
        let mut vars = vars.clone();
        let mut holds = |value: &str| {
            vars.insert(variable, value.into());
            self.may_hold(&vars)
        };
        values.iter().copied().filter(|value| holds(value)).collect()
    }

    /// The variables it asks for, in the order of the environment.
    pub fn variables(&self) -> &[&'static str] {
        &self.0.used
    }

    pub fn uses(&self, variable: &str) -> bool {
        self.0.used.contains(&variable)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    pub fn tree(&self) -> &Node {
        &self.0.tree
    }

    /// The moment after which it never holds again, where one of its terms says so: `request.time < timestamp("…")`.
    pub fn end(&self) -> Option<Time> {
        end(&self.0.tree)
    }
}

fn end(node: &Node) -> Option<Time> {
    let Tree::Call { function, target: None, args } = &node.is else { return None };
    let [left, right] = args.as_slice() else { return None };
    match function.as_str() {
        "_&&_" => match (end(left), end(right)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        },
        "_||_" => Some(end(left)?.max(end(right)?)),
        "_<_" | "_<=_" if is_now(left) => moment(right),
        "_>_" | "_>=_" if is_now(right) => moment(left),
        _ => None,
    }
}

fn is_now(node: &Node) -> bool {
    node.qualified().as_deref() == Some("request.time")
}

fn moment(node: &Node) -> Option<Time> {
    match &node.is {
        Tree::Call { function, target: None, args } if function == "timestamp" => {
            match &args.first()?.is {
                Tree::Literal(Literal::Int(seconds)) => Some(Time::from_parts(*seconds, 0)),
                _ => Time::parse(args.first()?.literal_text()?),
            }
        }
        _ => None,
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Program").field(&self.0.text).finish()
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}
