//! Crates that deny.toml bans are not in Cargo.lock.
//!
//! cargo-deny checks the same and licences too, but is slow to install; this costs nothing and reads the
//! same list.

use super::Finding;
use super::tree::Tree;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let (Some(deny), Some(lock)) = (tree.text("deny.toml"), tree.text("Cargo.lock")) else {
        // The tests of other rules have neither; the repository has both or does not build.
        return Vec::new();
    };
    let banned: Vec<&str> = deny.lines().filter_map(banned).collect();
    if banned.is_empty() {
        return vec![Finding::new(
            "deny.toml",
            1,
            "no line `{ crate = \"NAME\" … }` under [bans]: the list cannot be read",
        )];
    }
    lock.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let name = line.strip_prefix("name = \"")?.strip_suffix('"')?;
            banned.contains(&name).then(|| {
                Finding::new(
                    "Cargo.lock",
                    index + 1,
                    format!("{name} is banned; `cargo tree -i {name}` says who brings it"),
                )
            })
        })
        .collect()
}

fn banned(line: &str) -> Option<&str> {
    line.trim().strip_prefix("{ crate = \"")?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_the_two_lists() {
        let deny =
            ("deny.toml", "[bans]\ndeny = [\n  { crate = \"native-tls\", reason = \"x\" },\n]\n");
        let lock = |name: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n");
        assert_eq!(check(&Tree::of(&[deny, ("Cargo.lock", &lock("rustls"))])), []);
        let found = check(&Tree::of(&[deny, ("Cargo.lock", &lock("native-tls"))]));
        assert_eq!((found.len(), found[0].line), (1, 2));
        assert_eq!(
            check(&Tree::of(&[("deny.toml", "[bans]\n"), ("Cargo.lock", &lock("a"))])).len(),
            1,
            "an unreadable list is not an empty one"
        );
    }
}
