//! The table of REST: verb and path → rpc, made once from the http rules of the contract.

use std::collections::HashMap;
use std::sync::LazyLock;

use api::facts::{RpcFacts, rpcs};
use http::Method as Verb;
use prost_reflect::MessageDescriptor;

use super::template::{Path, Template};

/// One binding of an rpc.
#[derive(Debug)]
pub struct Route {
    pub facts: &'static RpcFacts,
    pub verb: &'static str,
    pub template: Template,
    /// Field that is the body; `*` for the whole request; `None` for no body.
    pub body: Option<&'static str>,
}

/// What stands behind a path.
pub enum Found {
    Route(&'static Route),
    /// The path is there for other verbs: these.
    OtherVerbs(Vec<&'static str>),
    Nothing,
}

/// All bindings, by the number of segments of their paths; the more literal ones first.
static ROUTES: LazyLock<HashMap<usize, Vec<Route>>> = LazyLock::new(|| {
    let mut routes: HashMap<usize, Vec<Route>> = HashMap::new();
    for route in all() {
        routes.entry(route.template.len()).or_default().push(route);
    }
    for same in routes.values_mut() {
        same.sort_by_key(|route| std::cmp::Reverse(route.template.literals()));
    }
    routes
});

/// Every binding that can be answered, ordered by rpc, its main one first.
pub fn all() -> impl Iterator<Item = Route> {
    rpcs().iter().filter(|facts| !facts.streaming).flat_map(|facts| {
        facts.http.iter().map(move |rule| Route {
            facts,
            verb: rule.verb,
            template: Template::parse(&rule.path)
                .expect("a test reads every template of the contract"),
            body: rule.body.as_deref(),
        })
    })
}

/// The fields of a request that a path of its rpc says.
pub fn in_paths(request: &MessageDescriptor) -> Vec<String> {
    rpcs()
        .iter()
        .filter(|facts| facts.input == *request)
        .flat_map(|facts| &facts.http)
        .filter_map(|rule| Template::parse(&rule.path))
        .flat_map(|template| template.variables)
        .map(|variable| variable.field)
        .collect()
}

/// The most literal template that matches decides, as in OpenAPI: `/v1/users/me` is never the user `me`, `:test` never part of a name.
pub fn find(verb: &Verb, path: &Path<'_>) -> Found {
    let (mut others, mut literals) = (Vec::new(), 0);
    for route in ROUTES.get(&path.len()).into_iter().flatten() {
        if route.template.literals() < literals {
            break;
        }
        if route.template.matches(path) {
            if route.verb == verb.as_str() {
                return Found::Route(route);
            }
            literals = route.template.literals();
            others.push(route.verb);
        }
    }
    others.sort_unstable();
    others.dedup();
    if others.is_empty() { Found::Nothing } else { Found::OtherVerbs(others) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(verb: &str, path: &str) -> Option<String> {
        match find(&Verb::from_bytes(verb.as_bytes()).unwrap(), &Path::cut(path)) {
            Found::Route(route) => Some(route.facts.method.clone()),
            Found::OtherVerbs(verbs) => Some(verbs.join(" ")),
            Found::Nothing => None,
        }
    }

    #[test]
    fn every_rule_of_the_contract_is_read_and_finds_its_own_rpc() {
        let mut count = 0;
        for route in all() {
            let (path, names) = route.template.with_names();
            let filled =
                names.iter().fold(path, |path, name| path.replace(&format!("{{{name}}}"), "x1"));
            let verb = Verb::from_bytes(route.verb.as_bytes()).unwrap();
            let Found::Route(found) = find(&verb, &Path::cut(&filled)) else { panic!("{filled}") };
            assert_eq!(found.facts.path, route.facts.path, "{} {filled}", route.verb);
            count += 1;
        }
        assert!(count > 240, "{count} bindings");
    }

    #[test]
    fn verbs_and_custom_verbs_tell_rpcs_apart() {
        for (verb, path, wanted) in [
            ("GET", "/v1/projects/a/plans/7", Some("GetPlan")),
            ("PATCH", "/v1/projects/a/plans/7", Some("UpdatePlan")),
            ("PUT", "/v1/projects/a/plans/7", Some("GET PATCH")),
            ("POST", "/v1/projects/a:undelete", Some("UndeleteProject")),
            ("GET", "/v1/projects/a:undelete", Some("POST")),
            ("DELETE", "/v1/users/me", Some("GET")),
            ("DELETE", "/v1/users/a@b.example", Some("DeleteUser")),
            ("GET", "/v1/instances/a/databases/b:c", Some("GetDatabase")),
            ("POST", "/v1/auth/login", Some("Login")),
            ("GET", "/v1/nothing/at/all/there", None),
        ] {
            assert_eq!(method(verb, path).as_deref(), wanted, "{verb} {path}");
        }
    }
}
