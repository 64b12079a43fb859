//! The arrows: which crate may use which. docs/ARCHITECTURE.md § 3 as a table.
//!
//! A crate may use what its row lists, and what those list, unless [`OWNED`] keeps it back. Development
//! dependencies are free. A new crate needs a row here; a family (`driver-*`) shares one.

/// One crate, or a family if the name ends in `*`.
pub struct Layer {
    pub name: &'static str,
    /// Names, families, or `any`. In a family's row `*` stands for the same ending as the user's own.
    pub uses: &'static [&'static str],
    /// Pure code: same input, same output; no runtime, network, clock or file system.
    pub pure: bool,
}

pub const LAYERS: &[Layer] = &[
    pure("base", &[]),
    pure("schema", &["base"]),
    pure("policy", &["base"]),
    pure("sql", &["schema"]),
    pure("sql-*", &["sql"]),
    pure("review", &["sql", "every sql-*"]),
    io("engine", &["sql"]),
    io("driver-*", &["engine", "sql-*"]),
    io("store", &["schema", "policy"]),
    io("integrations", &["base"]),
    io("app", &["review", "engine", "store", "policy", "integrations"]),
    io("api", &[]),
    io("server", &["app", "api"]),
    io("ci", &["api", "base"]),
    io("basalt", &["server", "ci", "every driver-*"]),
    io("conformance", &["testkit", "every sql-*"]),
    io("testkit", &["any"]),
    io("xtask", &[]),
];

/// What only some crates may depend on, ours or not, however the arrows run.
pub struct Owned {
    /// A name, or a family if it ends in `*`.
    pub name: &'static str,
    pub by: &'static [&'static str],
    pub why: &'static str,
}

pub const OWNED: &[Owned] = &[
    Owned {
        name: "api",
        by: &["server", "ci", "testkit"],
        why: "wire types stay at the edge: the server converts, everything inside speaks the domain",
    },
    Owned {
        name: "driver-*",
        by: &["basalt", "testkit"],
        why: "engines enter only through basalt/src/engines.rs; all others use the engine traits",
    },
    Owned {
        name: "sql-*",
        by: &["driver-*", "review", "basalt", "testkit"],
        why: "a grammar is reached through sql::Dialect, so that no use case depends on one engine",
    },
    Owned {
        name: "sqlx",
        by: &["store"],
        why: "SQL for the metadata lives in store and nowhere else",
    },
    Owned {
        name: "tokio-postgres",
        by: &["driver-postgres", "testkit"],
        why: "each driver owns its client library",
    },
    Owned {
        name: "mysql_async",
        by: &["driver-mysql", "testkit"],
        why: "each driver owns its client library",
    },
    Owned { name: "rusqlite", by: &["driver-sqlite"], why: "each driver owns its client library" },
    Owned { name: "axum", by: &["server"], why: "transport ends in server" },
];

/// Crates that a pure crate may not depend on: runtimes, sockets, entropy.
pub const IMPURE: &[&str] = &[
    "tokio",
    "tokio-*",
    "async-trait",
    "mio",
    "socket2",
    "hyper",
    "hyper-*",
    "reqwest",
    "axum",
    "tower-http",
    "rustls",
    "rustls-*",
    "russh",
    "sqlx",
    "mysql_async",
    "rusqlite",
    "getrandom",
    "rand",
    "tempfile",
    "fs4",
];

/// Where a pure crate may touch the machine all the same.
pub const PURE_EXCEPTIONS: &[(&str, &str)] = &[
    ("crates/base/src/clock.rs", "the one implementation of Clock and Rng that reads the machine"),
    ("crates/base/Cargo.toml", "getrandom, for that implementation"),
];

const fn pure(name: &'static str, uses: &'static [&'static str]) -> Layer {
    Layer { name, uses, pure: true }
}

const fn io(name: &'static str, uses: &'static [&'static str]) -> Layer {
    Layer { name, uses, pure: false }
}

/// The row of a crate.
pub fn layer(name: &str) -> Option<&'static Layer> {
    // An own row counts before the family's.
    LAYERS
        .iter()
        .find(|layer| layer.name == name)
        .or_else(|| LAYERS.iter().find(|layer| matches(layer.name, name)))
}

/// Whether the arrows lead from one crate to another.
pub fn may_use(user: &str, used: &str) -> bool {
    let Some(layer) = layer(user) else { return false };
    layer.uses.iter().any(|listed| {
        if *listed == "any" {
            return true;
        }
        let next = match listed.strip_prefix("every ") {
            Some(family) => return matches(family, used) || layer_reaches(family, used),
            // `sql-*` in the row of `driver-*` is the sibling with the same ending.
            None => sibling(layer.name, user, listed),
        };
        next == used || may_use(&next, used)
    })
}

/// Whether any member of a family could use `used`; families use the same things but for their siblings.
fn layer_reaches(family: &str, used: &str) -> bool {
    let stem = family.trim_end_matches('*');
    let ending = used.split_once('-').map_or("", |(_, ending)| ending);
    may_use(&format!("{stem}{ending}"), used)
}

fn sibling(row: &str, user: &str, listed: &str) -> String {
    match (row.strip_suffix('*'), listed.strip_suffix('*')) {
        (Some(own), Some(stem)) => format!("{stem}{}", user.strip_prefix(own).unwrap_or_default()),
        _ => listed.to_string(),
    }
}

/// Whether a name is the pattern, or of its family.
pub fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |stem| name.starts_with(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_run_down_and_never_up() {
        for (user, used) in [
            ("schema", "base"),
            ("sql", "base"),
            ("sql-mysql", "schema"),
            ("driver-mysql", "sql-mysql"),
            ("driver-mysql", "base"),
            ("review", "sql-sqlite"),
            ("app", "schema"),
            ("server", "store"),
            ("basalt", "driver-postgres"),
            ("basalt", "engine"),
            ("testkit", "server"),
        ] {
            assert!(may_use(user, used), "{user} → {used}");
        }
        for (user, used) in [
            ("base", "schema"),
            ("policy", "schema"),
            ("driver-mysql", "sql-postgres"),
            ("driver-mysql", "driver-postgres"),
            ("engine", "store"),
            ("store", "sql"),
            ("store", "engine"),
            ("app", "server"),
            ("app", "driver-sqlite"),
            ("ci", "app"),
            ("xtask", "base"),
            ("nobody", "base"),
        ] {
            assert!(!may_use(user, used), "{user} → {used}");
        }
    }
}
