//! Types of expressions, in CEL's words inside and in people's words outside.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Time,
    Duration,
    List(Box<Type>),
    Map(Box<Type>, Box<Type>),
    /// Known when it runs only; goes with everything.
    Dyn,
    /// Of a signature: any one type, the same wherever this letter stands.
    Any(u8),
}

impl Type {
    pub(super) fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// From the words of the table of functions.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let inner = |prefix: &str| word.strip_prefix(prefix)?.strip_suffix(')');
        Some(match word {
            "null" => Self::Null,
            "bool" => Self::Bool,
            "int" => Self::Int,
            "uint" => Self::Uint,
            "double" => Self::Double,
            "string" => Self::Text,
            "bytes" => Self::Bytes,
            "timestamp" => Self::Time,
            "duration" => Self::Duration,
            "dyn" => Self::Dyn,
            "A" => Self::Any(0),
            "B" => Self::Any(1),
            _ => match (inner("list("), inner("map(")) {
                (Some(of), _) => Self::list(Self::parse(of)?),
                (_, Some(of)) => {
                    let (key, value) = of.split_once(';')?;
                    Self::Map(Box::new(Self::parse(key)?), Box::new(Self::parse(value)?))
                }
                _ => return None,
            },
        })
    }

    /// Whether a value of `given` may stand where this is asked for; learns what the letters are.
    pub(super) fn takes(&self, given: &Self, letters: &mut [Option<Self>; 2]) -> bool {
        match (self, given) {
            (Self::Dyn, _) | (_, Self::Dyn) => true,
            (Self::Any(letter), _) => match letters[usize::from(*letter)].clone() {
                None => {
                    letters[usize::from(*letter)] = Some(given.clone());
                    true
                }
                Some(known) => {
                    let fits = known.takes(given, letters);
                    // An empty list learns its kind from a list that is not.
                    if fits && known.is_vague() {
                        letters[usize::from(*letter)] = Some(given.clone());
                    }
                    fits
                }
            },
            (Self::List(a), Self::List(b)) => a.takes(b, letters),
            (Self::Map(a, b), Self::Map(c, d)) => a.takes(c, letters) && b.takes(d, letters),
            (a, b) => a == b,
        }
    }

    /// With what the letters turned out to be.
    pub(super) fn with(&self, letters: &[Option<Self>; 2]) -> Self {
        match self {
            Self::Any(letter) => letters[usize::from(*letter)].clone().unwrap_or(Self::Dyn),
            Self::List(of) => Self::list(of.with(letters)),
            Self::Map(k, v) => Self::Map(Box::new(k.with(letters)), Box::new(v.with(letters))),
            other => other.clone(),
        }
    }

    fn is_vague(&self) -> bool {
        match self {
            Self::Dyn => true,
            Self::List(of) => of.is_vague(),
            Self::Map(k, v) => k.is_vague() || v.is_vague(),
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Int => "a whole number",
            Self::Uint => "an unsigned number",
            Self::Double => "a number with decimals",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Time => "a time",
            Self::Duration => "a duration",
            Self::List(of) if of.is_vague() => "a list",
            Self::List(of) => return write!(f, "a list of {}", of.plural()),
            Self::Map(..) => "a map",
            Self::Dyn | Self::Any(_) => "any value",
        })
    }
}

impl Type {
    const fn plural(&self) -> &'static str {
        match self {
            Self::Text => "texts",
            Self::Int | Self::Uint | Self::Double => "numbers",
            Self::Time => "times",
            Self::Duration => "durations",
            Self::Bool => "truth values",
            _ => "values",
        }
    }
}
