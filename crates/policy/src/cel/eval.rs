//! Values, and the interpreter.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock};

use base::Time;
use cel::{Context, Env, ExecutionError};
use chrono::DateTime;

use super::tree::Node;
use super::write;

/// What is known of the variables; what is missing is unset.
pub type Vars = BTreeMap<&'static str, Value>;

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Time(Time),
    Texts(Vec<String>),
    TextMap(BTreeMap<String, String>),
}

/// Why a condition is neither true nor false. It does not match then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miss {
    /// It asks for variables that are not set: these.
    Unset(Vec<&'static str>),
    /// It could not be computed: a number too big, a key that is not there.
    Failed(String),
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset(names) if names.len() == 1 => write!(f, "{} is not set", names[0]),
            Self::Unset(names) => write!(f, "{} are not set", names.join(", ")),
            Self::Failed(why) => write!(f, "it could not be computed: {why}"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

/// Functions and macros of all conditions.
pub(super) fn env() -> &'static Arc<Env> {
    static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
        // Optional values are left out: nobody asked for them, and what is not there need not be checked.
        let mut env = Env::stdlib().with_optional_support(false);
        cel::extensions::strings(&mut env).expect("the names of the extension are free");
        Arc::new(env)
    });
    &ENV
}

/// Asks a program that was checked, which uses the variables `used`.
pub(super) fn eval(
    program: &cel::Program,
    used: &[&'static str],
    vars: &Vars,
) -> Result<bool, Miss> {
    let mut context = Context::with_env(Arc::clone(env()));
    for name in used {
        if let Some(value) = vars.get(name).and_then(shown) {
            context.add_variable_from_value(*name, value);
        }
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(truth)) => Ok(truth),
        Ok(_) => Err(Miss::Failed("it is neither true nor false".to_owned())),
        Err(ExecutionError::UndeclaredReference(_)) => {
            Err(Miss::Unset(used.iter().copied().filter(|n| !vars.contains_key(n)).collect()))
        }
        Err(error) => Err(Miss::Failed(said(&error))),
    }
}

/// Whether an expression of literals gives a value.
pub(super) fn constant(node: &Node) -> bool {
    let program = env().compile(&write::write(node));
    program.is_ok_and(|p| p.execute(&Context::with_env(Arc::clone(env()))).is_ok())
}

fn shown(value: &Value) -> Option<cel::Value> {
    let text = |t: &String| cel::Value::String(Arc::new(t.clone()));
    Some(match value {
        Value::Bool(truth) => cel::Value::Bool(*truth),
        Value::Int(number) => cel::Value::Int(*number),
        Value::Text(t) => text(t),
        Value::Time(time) => {
            let utc = DateTime::from_timestamp(time.seconds(), time.nanos().unsigned_abs())?;
            cel::Value::Timestamp(utc.fixed_offset())
        }
        Value::Texts(all) => cel::Value::List(Arc::new(all.iter().map(text).collect())),
        Value::TextMap(all) => {
            let map: HashMap<String, cel::Value> =
                all.iter().map(|(k, v)| (k.clone(), text(v))).collect();
            cel::Value::Map(map.into())
        }
    })
}

/// An error of the interpreter, without what values it saw: they may be long, and not everybody's.
fn said(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("there is no key {key:?}"),
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
            "division by zero".to_owned()
        }
        ExecutionError::Overflow(..) => "a number grew too big".to_owned(),
        ExecutionError::IndexOutOfBounds(_) => "a list has no such place".to_owned(),
        ExecutionError::FunctionError { function, .. } => {
            format!("{function} does not go with this value")
        }
        _ => "its values do not go together".to_owned(),
    }
}
