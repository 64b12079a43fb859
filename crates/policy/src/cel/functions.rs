//! Operators and functions of conditions: what they take and give. CEL's own, and those on texts that Go's implementation
//! calls its string extension.

use std::sync::LazyLock;

use super::types::Type;

/// What one form of a function takes and gives.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub name: &'static str,
    pub target: Option<Type>,
    pub args: Vec<Type>,
    pub gives: Type,
}

/// `name args = result`, a method with its target before a dot of its own. A letter is one type throughout the line.
const TABLE: &str = "
_&&_ bool bool = bool
_||_ bool bool = bool
!_ bool = bool
_?_:_ bool A A = A
_==_ A A = bool
_!=_ A A = bool
_<_ int int = bool
_<_ uint uint = bool
_<_ double double = bool
_<_ string string = bool
_<_ bytes bytes = bool
_<_ bool bool = bool
_<_ timestamp timestamp = bool
_<_ duration duration = bool
_+_ int int = int
_+_ uint uint = uint
_+_ double double = double
_+_ string string = string
_+_ bytes bytes = bytes
_+_ list(A) list(A) = list(A)
_+_ timestamp duration = timestamp
_+_ duration timestamp = timestamp
_+_ duration duration = duration
_-_ int int = int
_-_ uint uint = uint
_-_ double double = double
_-_ timestamp timestamp = duration
_-_ timestamp duration = timestamp
_-_ duration duration = duration
_*_ int int = int
_*_ uint uint = uint
_*_ double double = double
_/_ int int = int
_/_ uint uint = uint
_/_ double double = double
_%_ int int = int
_%_ uint uint = uint
-_ int = int
-_ double = double
@in A list(A) = bool
@in A map(A;B) = bool
_[_] list(A) int = A
_[_] map(A;B) A = B
size string = int
size bytes = int
size list(A) = int
size map(A;B) = int
string . size = int
bytes . size = int
list(A) . size = int
map(A;B) . size = int
int int = int
int uint = int
int double = int
int string = int
int timestamp = int
uint uint = uint
uint int = uint
uint double = uint
uint string = uint
double double = double
double int = double
double uint = double
double string = double
string string = string
string int = string
string uint = string
string double = string
string bool = string
string bytes = string
string timestamp = string
string duration = string
bytes string = bytes
timestamp string = timestamp
timestamp int = timestamp
timestamp timestamp = timestamp
duration string = duration
duration duration = duration
dyn A = dyn
matches string string = bool
string . matches string = bool
string . contains string = bool
string . startsWith string = bool
string . endsWith string = bool
timestamp . getFullYear = int
timestamp . getFullYear string = int
timestamp . getMonth = int
timestamp . getMonth string = int
timestamp . getDate = int
timestamp . getDate string = int
timestamp . getDayOfMonth = int
timestamp . getDayOfMonth string = int
timestamp . getDayOfWeek = int
timestamp . getDayOfWeek string = int
timestamp . getDayOfYear = int
timestamp . getDayOfYear string = int
timestamp . getHours = int
timestamp . getHours string = int
timestamp . getMinutes = int
timestamp . getMinutes string = int
timestamp . getSeconds = int
timestamp . getSeconds string = int
timestamp . getMilliseconds = int
timestamp . getMilliseconds string = int
duration . getHours = int
duration . getMinutes = int
duration . getSeconds = int
duration . getMilliseconds = int
string . charAt int = string
string . indexOf string = int
string . indexOf string int = int
string . lastIndexOf string = int
string . lastIndexOf string int = int
list(string) . join = string
list(string) . join string = string
string . lowerAscii = string
string . upperAscii = string
string . trim = string
string . replace string string = string
string . replace string string int = string
string . split string = list(string)
string . split string int = list(string)
string . substring int = string
string . substring int int = string
string . reverse = string
string . format list(A) = string
";

/// Comparisons that take what `_<_` takes.
const LIKE_BELOW: [&str; 3] = ["_<=_", "_>_", "_>=_"];

static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let mut all: Vec<Signature> = TABLE.lines().filter_map(signature).collect();
    let below: Vec<_> = all.iter().filter(|s| s.name == "_<_").cloned().collect();
    for name in LIKE_BELOW {
        all.extend(below.iter().cloned().map(|s| Signature { name, ..s }));
    }
    all
});

/// The forms of a function, or of a method.
pub(super) fn named(name: &str, method: bool) -> Vec<&'static Signature> {
    SIGNATURES.iter().filter(|s| s.name == name && s.target.is_some() == method).collect()
}

/// Names of all functions, or of all methods; of macros too.
pub(super) fn names(method: bool) -> Vec<&'static str> {
    let macros: &[&str] =
        if method { &["all", "exists", "exists_one", "filter", "map"] } else { &["has"] };
    let own = SIGNATURES.iter().filter(|s| s.target.is_some() == method).map(|s| s.name);
    own.filter(|n| n.starts_with(|c: char| c.is_ascii_alphabetic()))
        .chain(macros.iter().copied())
        .collect()
}

/// How an operator is written; None for a function.
pub(super) fn operator(name: &str) -> Option<&str> {
    Some(match name {
        "@in" => "in",
        "_?_:_" => "? :",
        "_[_]" => "[ ]",
        _ => name
            .strip_prefix('_')
            .map_or(name, |n| n)
            .strip_suffix('_')
            .filter(|n| !n.is_empty())?,
    })
}

fn signature(line: &'static str) -> Option<Signature> {
    let (takes, gives) = line.rsplit_once(" = ")?;
    let words: Vec<&'static str> = takes.split(' ').collect();
    let (target, name, args) = match words.as_slice() {
        [target, ".", name, args @ ..] => (Some(Type::parse(target)?), *name, args),
        [name, args @ ..] => (None, *name, args),
        [] => return None,
    };
    let args = args.iter().map(|word| Type::parse(word)).collect::<Option<_>>()?;
    Some(Signature { name, target, args, gives: Type::parse(gives)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|l| !l.is_empty()).count();
        assert_eq!(SIGNATURES.len(), lines + LIKE_BELOW.len() * named("_<_", false).len());
    }
}
