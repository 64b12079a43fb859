//! Names against a format: a regular expression in which `{{table}}` and the like stand for names.

use regex::Regex;

/// A format; without tokens it is compiled once.
pub struct Format<'a> {
    format: &'a str,
    compiled: Option<Regex>,
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
            None => Ok(compile(&self.expanded(tokens))?.is_match(name)),
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

fn compile(format: &str) -> Result<Regex, String> {
    Regex::new(format).map_err(|e| format!("the format {format:?} is no regular expression: {e}"))
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
}
