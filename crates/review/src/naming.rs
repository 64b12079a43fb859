//! Names against a format: a regular expression in which `{{table}}` and the like stand for names.
//!
//! Compiling an expression takes longer than all the rest of a short review, so that a thread remembers the last ones (the
//! very ones: a clone has to warm up anew), and a format that with its tokens replaced is only a choice of names is compared as text.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use regex::Regex;

/// Expressions that a thread remembers: a configuration has a few.
const REMEMBERED: usize = 16;

thread_local! {
    static COMPILED: RefCell<VecDeque<Rc<Regex>>> = const { RefCell::new(VecDeque::new()) };
}

/// A format; without tokens it is compiled once.
pub struct Format<'a> {
    format: &'a str,
    compiled: Option<Rc<Regex>>,
    pub max_length: usize,
}

impl<'a> Format<'a> {
    pub fn new((format, max_length): (&'a str, usize)) -> Result<Self, String> {
        let compiled = if format.contains("{{") { None } else { Some(compile(format)?) };
        Ok(Self { format, compiled, max_length })
    }

    /// Whether the name fits, with the tokens replaced. Names go into the expression as they are.
    pub fn matches(&self, name: &str, tokens: &[(&str, &str)]) -> Result<bool, String> {
        match &self.compiled {
            Some(regex) => Ok(regex.is_match(name)),
            None => {
                let expanded = self.expanded(tokens);
                match is_one_of(&expanded, name) {
                    Some(is) => Ok(is),
                    None => Ok(compile(&expanded)?.is_match(name)),
                }
            }
        }
    }

    /// The format with the tokens replaced.
    pub fn expanded(&self, tokens: &[(&str, &str)]) -> String {
        tokens.iter().fold(self.format.to_owned(), |format, (token, name)| {
            format.replace(&format!("{{{{{token}}}}}"), name)
        })
    }

    pub const fn is_too_long(&self, name: &str) -> bool {
        name.len() > self.max_length
    }
}

/// Whether the name is an alternative of `^$|^a$|^b_c$`; None for any other expression.
fn is_one_of(format: &str, name: &str) -> Option<bool> {
    let mut is = false;
    for alternative in format.split('|') {
        let literal = alternative.strip_prefix('^')?.strip_suffix('$')?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if !literal.bytes().all(is_plain) {
            return None;
        }
        is |= literal == name;
    }
    Some(is)
}

fn compile(format: &str) -> Result<Rc<Regex>, String> {
    COMPILED.with_borrow_mut(|compiled| {
        if let Some(known) = compiled.iter().find(|r| r.as_str() == format) {
            return Ok(Rc::clone(known));
        }
        let made = Regex::new(format)
            .map_err(|e| format!("the format {format:?} is no regular expression: {e}"))?;
        let made = Rc::new(made);
        if compiled.len() == REMEMBERED {
            compiled.pop_front();
        }
        compiled.push_back(Rc::clone(&made));
        Ok(made)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_for_names() {
        let format = Format::new(("^$|^idx_{{table}}_{{column_list}}$", 63)).expect("format");
        let tokens = [("table", "t"), ("column_list", "a_b")];
        assert_eq!(format.matches("idx_t_a_b", &tokens), Ok(true));
        assert_eq!(format.matches("", &tokens), Ok(true));
        assert_eq!(format.matches("idx_t_a", &tokens), Ok(false));
        assert!(Format::new(("(", 63)).is_err());
    }

    #[test]
    fn a_choice_of_names_is_compared_as_the_expression_would() {
        for format in
            ["^$|^idx_t_a$", "^a$", "^$", "a|^b$", "^a.$", "^a|b$", "^é$", "^(a)$", "^a$|"]
        {
            for name in ["", "a", "b", "idx_t_a", "ab", "idx_t_a_b", "A"] {
                let regex = Regex::new(format).expect("an expression").is_match(name);
                assert_eq!(is_one_of(format, name).unwrap_or(regex), regex, "{format} {name:?}");
            }
        }
        assert_eq!(is_one_of("^$|^idx_t_a$", "idx_t_a"), Some(true));
        assert_eq!(is_one_of("^a|b$", "a"), None);
    }

    #[test]
    fn what_is_remembered_is_the_same() {
        for n in 0..2 * REMEMBERED {
            let format = format!("^t{}[a-z]$", n % (REMEMBERED + 1));
            let regex = compile(&format).expect("an expression");
            assert_eq!(regex.as_str(), format);
        }
    }
}
