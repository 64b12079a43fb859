//! The variables of the process, as a value: tests set them without touching the process.

use std::collections::BTreeMap;

/// Prefixes of our own variables: ours, and that of the action that pipelines come from.
const PREFIXES: [&str; 2] = ["BASALT_", "BYTEBASE_"];

#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().collect())
    }

    /// An empty variable counts as none: pipelines pass secrets that do not exist as empty text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value, or empty text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// `BASALT_{name}`, else `BYTEBASE_{name}`.
    pub fn own(&self, name: &str) -> Option<&str> {
        PREFIXES.iter().find_map(|prefix| self.get(&format!("{prefix}{name}")))
    }

    /// The first of these that is set.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_name_comes_before_the_other() {
        let all =
            [("BYTEBASE_URL", "b"), ("BASALT_URL", "a"), ("BYTEBASE_X", "x"), ("BASALT_X", "")];
        let env = Environment::new(all.map(|(n, v)| (n.to_owned(), v.to_owned())));
        assert_eq!((env.own("URL"), env.own("X"), env.own("Y")), (Some("a"), Some("x"), None));
    }
}
