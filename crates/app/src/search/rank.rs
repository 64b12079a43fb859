//! Which hits are shown, and in which order. Pure.

use super::{Hit, Kind};

/// How well a hit fits; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Begins,
    /// A word in it begins so.
    Word,
    Within,
}

/// The best `limit` hits of each kind. `text` is lower-case; things of the project `near` win over others that fit as
/// well, and else the order in which they were found stays.
pub(super) fn best(mut found: Vec<Hit>, text: &str, near: Option<&str>, limit: usize) -> Vec<Hit> {
    let near = near.map(|project| format!("projects/{project}/"));
    let far = |hit: &Hit| near.as_ref().is_some_and(|near| !hit.name.starts_with(near.as_str()));
    found.sort_by_cached_key(|hit| (hit.kind, fit(hit, text), far(hit)));
    let mut count = (Kind::Project, 0);
    found.retain(|hit| {
        count = if hit.kind == count.0 { (hit.kind, count.1 + 1) } else { (hit.kind, 1) };
        count.1 <= limit
    });
    found
}

/// By the title, or by the id at the end of the name.
fn fit(hit: &Hit, text: &str) -> Fit {
    let id = hit.name.rsplit('/').next().unwrap_or_default().to_lowercase();
    of(&hit.title.to_lowercase(), text).min(of(&id, text.strip_prefix('#').unwrap_or(text)))
}

fn of(name: &str, text: &str) -> Fit {
    if name == text {
        return Fit::Whole;
    }
    if name.starts_with(text) {
        return Fit::Begins;
    }
    let word = name.match_indices(text).any(|(at, _)| {
        name[..at].chars().next_back().is_some_and(|before| !before.is_alphanumeric())
    });
    if word { Fit::Word } else { Fit::Within }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(kind: Kind, name: &str, title: &str) -> Hit {
        Hit { kind, name: name.into(), title: title.into(), context: String::new() }
    }

    fn names(hits: &[Hit]) -> Vec<&str> {
        hits.iter().map(|hit| hit.name.as_str()).collect()
    }

    #[test]
    fn the_closer_a_name_fits_the_earlier_it_comes() {
        let found = vec![
            hit(Kind::Database, "instances/a/databases/workshop", "workshop"),
            hit(Kind::Database, "instances/a/databases/web_shop", "web_shop"),
            hit(Kind::Database, "instances/a/databases/shop_eu", "shop_eu"),
            hit(Kind::Database, "instances/a/databases/shop", "shop"),
            hit(Kind::Project, "projects/x", "Über-Shop"),
        ];
        let order = best(found, "shop", None, 9);
        assert_eq!(
            names(&order),
            [
                "projects/x",
                "instances/a/databases/shop",
                "instances/a/databases/shop_eu",
                "instances/a/databases/web_shop",
                "instances/a/databases/workshop",
            ]
        );
    }

    #[test]
    fn the_project_one_is_in_comes_first_and_each_kind_has_its_limit() {
        let found = vec![
            hit(Kind::Plan, "projects/a/plans/7", "Add points"),
            hit(Kind::Plan, "projects/b/plans/7", "Add points"),
            hit(Kind::Plan, "projects/b/plans/70", "Add more"),
            hit(Kind::User, "users/add@example.com", "Adda"),
        ];
        let order = best(found, "add", Some("b"), 1);
        assert_eq!(names(&order), ["projects/b/plans/7", "users/add@example.com"]);
    }

    #[test]
    fn a_number_is_the_id() {
        let found = vec![
            hit(Kind::Plan, "projects/a/plans/70", "7 columns"),
            hit(Kind::Plan, "projects/a/plans/7", "Points"),
        ];
        assert_eq!(names(&best(found, "#7", None, 9))[0], "projects/a/plans/7");
    }
}
