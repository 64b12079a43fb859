//! Tokens of a filter, each with the column where it starts.

use super::{MAX_BYTES, bad};
use base::Error;

/// A token and its column: 1 is the first character of the filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub column: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Word(String),
    Text(String),
    Number(i64),
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

/// Two-character signs before the one-character signs they start with.
const SIGNS: &[&str] =
    &["&&", "||", "==", "!=", ">=", "<=", ">", "<", "!", "(", ")", "[", "]", ",", ".", "-"];

/// Cuts `text` into tokens; the last is `End`. Strings follow CEL: both quotes, the usual escapes, `r"…"` without.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Error> {
    if text.len() > MAX_BYTES {
        return Err(bad(1, format!("a filter has at most {MAX_BYTES} bytes")));
    }
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let column = at + 1;
        if matches!(c, ' ' | '\t' | '\r' | '\n') {
            at += 1;
            continue;
        }
        let raw = c == 'r' && matches!(chars.get(at + 1), Some('"' | '\''));
        let kind = if raw || matches!(c, '"' | '\'') {
            let (value, end) = string(&chars, at + usize::from(raw), raw)?;
            at = end;
            Kind::Text(value)
        } else if c.is_ascii_alphabetic() || c == '_' {
            let start = at;
            while chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_') {
                at += 1;
            }
            Kind::Word(chars[start..at].iter().collect())
        } else if c.is_ascii_digit() {
            let start = at;
            while chars.get(at).is_some_and(char::is_ascii_alphanumeric) {
                at += 1;
            }
            let digits: String = chars[start..at].iter().collect();
            let number = digits.parse();
            Kind::Number(
                number.map_err(|_| bad(column, format!("{digits} is not a whole number")))?,
            )
        } else {
            let sign =
                SIGNS.iter().find(|s| chars[at..].iter().copied().take(s.len()).eq(s.chars()));
            let sign = sign.ok_or_else(|| bad(column, format!("{c:?} does not belong here")))?;
            at += sign.len();
            Kind::Sign(sign)
        };
        tokens.push(Token { kind, column });
    }
    tokens.push(Token { kind: Kind::End, column: chars.len() + 1 });
    Ok(tokens)
}

/// The string whose opening quote is at `open`, and the index after its closing quote.
fn string(chars: &[char], open: usize, raw: bool) -> Result<(String, usize), Error> {
    let quote = chars[open];
    let mut value = String::new();
    let mut at = open + 1;
    loop {
        let c = *chars.get(at).ok_or_else(|| bad(open + 1, "this string has no closing quote"))?;
        at += 1;
        match c {
            c if c == quote => return Ok((value, at)),
            '\n' | '\r' | '\0' => {
                return Err(bad(at, "write line ends in a string as \\n; NUL cannot be searched"));
            }
            '\\' if !raw => value.push(escape(chars, &mut at)?),
            c => value.push(c),
        }
    }
}

/// The character that the escape after a backslash stands for; `at` moves behind it.
fn escape(chars: &[char], at: &mut usize) -> Result<char, Error> {
    let column = *at;
    let unknown = || bad(column, "this escape is not known; for a backslash write \\\\");
    let c = *chars.get(*at).ok_or_else(unknown)?;
    *at += 1;
    let digits = match c {
        '\\' | '"' | '\'' | '`' | '?' => return Ok(c),
        'n' => return Ok('\n'),
        'r' => return Ok('\r'),
        't' => return Ok('\t'),
        'x' | 'X' => 2,
        'u' => 4,
        'U' => 8,
        _ => return Err(unknown()),
    };
    let code: String = chars.iter().skip(*at).take(digits).collect();
    let hex = code.len() == digits && code.bytes().all(|b| b.is_ascii_hexdigit());
    let found = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).filter(|c| *c != '\0');
    *at += digits;
    found.filter(|_| hex).ok_or_else(unknown)
}
