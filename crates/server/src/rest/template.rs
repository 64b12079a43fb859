//! Path templates of `google.api.http`: `/v1/{plan.name=projects/*/plans/*}:verb`.
//!
//! Of the syntax we take what the contract uses: literals, `*`, variables over them, and a verb at the end.

use std::ops::Range;

/// One template, ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
    pub variables: Vec<Variable>,
    /// `undelete` of `:undelete`.
    verb: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// Any one segment.
    One,
}

/// A field of the request that is filled from the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// `plan.name`
    pub field: String,
    /// Which segments it takes, slashes between them.
    pub segments: Range<usize>,
}

impl Template {
    /// `None` for what is not a template of the kind that we take.
    pub fn parse(text: &str) -> Option<Self> {
        let mut one = Self { segments: Vec::new(), variables: Vec::new(), verb: None };
        let mut rest = text.strip_prefix('/')?;
        loop {
            rest = match rest.strip_prefix('{') {
                Some(inside) => {
                    let (variable, rest) = inside.split_once('}')?;
                    let (field, path) = variable.split_once('=').unwrap_or((variable, "*"));
                    let begin = one.segments.len();
                    for segment in path.split('/') {
                        one.segments.push(Segment::parse(segment)?);
                    }
                    let segments = begin..one.segments.len();
                    one.variables.push(Variable { field: field.to_owned(), segments });
                    rest
                }
                None => {
                    let end = rest.find(['/', ':']).unwrap_or(rest.len());
                    one.segments.push(Segment::parse(&rest[..end])?);
                    &rest[end..]
                }
            };
            if let Some(verb) = rest.strip_prefix(':') {
                one.verb = Some(verb.to_owned());
                return Some(one);
            }
            if rest.is_empty() {
                return Some(one);
            }
            rest = rest.strip_prefix('/')?;
        }
    }

    /// How many segments a path of it has.
    pub const fn len(&self) -> usize {
        self.segments.len()
    }

    /// A path that says more literally is asked before one that takes anything.
    pub fn literals(&self) -> usize {
        self.segments.iter().filter(|s| matches!(s, Segment::Literal(_))).count()
            + usize::from(self.verb.is_some())
    }

    /// Whether a path matches, as it stands in the request: escapes and all.
    pub fn matches(&self, path: &Path<'_>) -> bool {
        let Some((last, before)) = path.segments.split_last() else { return false };
        let last = match &self.verb {
            Some(verb) => {
                match last.strip_suffix(verb.as_str()).and_then(|l| l.strip_suffix(':')) {
                    Some(last) => last,
                    None => return false,
                }
            }
            None => last,
        };
        self.segments.len() == path.segments.len()
            && before.iter().chain([&last]).zip(&self.segments).all(|(text, segment)| match segment
            {
                Segment::Literal(literal) => literal == text,
                Segment::One => !text.is_empty(),
            })
    }

    /// The text of a variable in a path that matches, still escaped.
    pub fn value(&self, variable: &Variable, path: &Path<'_>) -> String {
        let text = path.segments[variable.segments.clone()].join("/");
        match &self.verb {
            Some(verb) if variable.segments.end == self.segments.len() => text
                .strip_suffix(verb.as_str())
                .and_then(|t| t.strip_suffix(':'))
                .unwrap_or(&text)
                .to_owned(),
            _ => text,
        }
    }

    /// As OpenAPI writes it, each `*` with a name: `/v1/projects/{project}/plans/{plan}:verb`, and those names in order.
    pub fn with_names(&self) -> (String, Vec<String>) {
        let (mut path, mut names) = (String::new(), Vec::<String>::new());
        for (at, segment) in self.segments.iter().enumerate() {
            path.push('/');
            match segment {
                Segment::Literal(literal) => path.push_str(literal),
                Segment::One => {
                    let before = at.checked_sub(1).and_then(|at| self.segments.get(at));
                    let mut name = match before {
                        Some(Segment::Literal(collection)) => singular(collection),
                        _ => "id".to_owned(),
                    };
                    while names.contains(&name) {
                        name.push('_');
                    }
                    path.push_str(&format!("{{{name}}}"));
                    names.push(name);
                }
            }
        }
        if let Some(verb) = &self.verb {
            path.push(':');
            path.push_str(verb);
        }
        (path, names)
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "*" => Some(Self::One),
            "" => None,
            text if text.contains(['*', '{', '}']) => None,
            text => Some(Self::Literal(text.to_owned())),
        }
    }
}

/// A collection's word for one of it: `policies` → `policy`.
fn singular(collection: &str) -> String {
    match collection.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => collection.strip_suffix('s').unwrap_or(collection).to_owned(),
    }
}

/// The path of a request, cut at its slashes.
pub struct Path<'p> {
    segments: Vec<&'p str>,
}

impl<'p> Path<'p> {
    pub fn cut(path: &'p str) -> Self {
        Self { segments: path.strip_prefix('/').unwrap_or(path).split('/').collect() }
    }

    pub const fn len(&self) -> usize {
        self.segments.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        let template = Template::parse(template).expect("a template");
        let path = Path::cut(path);
        template.matches(&path).then(|| {
            let value = |v: &Variable| (v.field.clone(), template.value(v, &path));
            template.variables.iter().map(value).collect()
        })
    }

    fn pairs(pairs: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    #[test]
    fn paths_fill_fields() {
        const PLAN: &str = "/v1/{plan.name=projects/*/plans/*}";
        assert_eq!(
            read(PLAN, "/v1/projects/a/plans/7"),
            pairs(&[("plan.name", "projects/a/plans/7")])
        );
        for other in [
            "/v1/projects/a/plans",
            "/v1/projects//plans/7",
            "/v1/projects/a/issues/7",
            "/v1/",
            "/",
        ] {
            assert_eq!(read(PLAN, other), None, "{other}");
        }
        const CHILD: &str = "/v1/{parent=projects/*}/plans";
        assert_eq!(read(CHILD, "/v1/projects/-/plans"), pairs(&[("parent", "projects/-")]));
        assert_eq!(read("/v1/pay/{session_id}", "/v1/pay/x"), pairs(&[("session_id", "x")]));
        assert_eq!(read("/v1/auth/login", "/v1/auth/login"), pairs(&[]));
    }

    #[test]
    fn verbs_are_part_of_a_template() {
        const UNDELETE: &str = "/v1/{name=projects/*}:undelete";
        assert_eq!(read(UNDELETE, "/v1/projects/a:undelete"), pairs(&[("name", "projects/a")]));
        assert_eq!(read(UNDELETE, "/v1/projects/a"), None);
        assert_eq!(read(UNDELETE, "/v1/projects/:undelete"), None, "no project");
        assert_eq!(read("/v1/auth:exchangeToken", "/v1/auth:exchangeToken"), pairs(&[]));
    }

    #[test]
    fn openapi_names_every_part() {
        let template = Template::parse("/v1/{name=projects/*/plans/*}:run").expect("a template");
        let names = vec!["project".to_owned(), "plan".to_owned()];
        assert_eq!(
            template.with_names(),
            ("/v1/projects/{project}/plans/{plan}:run".to_owned(), names)
        );
    }

    #[test]
    fn what_is_no_template_of_ours_is_told() {
        for text in ["", "v1", "/v1//a", "/v1/{name=**}", "/v1/{name", "/v1/a*", "/v1/"] {
            assert_eq!(Template::parse(text), None, "{text}");
        }
    }
}
