//! Where things lie: the workspace, the target directory in use, the cache.
//!
//! The only file of this crate that reads the environment. `testkit::servers` looks for `servers.json`
//! by the same three steps as [`servers_file`]; change both together.
#![expect(
    clippy::disallowed_methods,
    reason = "a developer's tool has no server configuration to read from"
)]

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the workspace root")
}

/// The target directory in use. A relative `CARGO_TARGET_DIR` counts from the workspace root.
pub fn target_dir() -> PathBuf {
    match variable("CARGO_TARGET_DIR") {
        Some(dir) => workspace().join(dir),
        None => workspace().join("target"),
    }
}

/// The file that says which test servers run: `$BASALT_SERVERS`, else `servers.json` in the target directory.
pub fn servers_file() -> PathBuf {
    match variable("BASALT_SERVERS") {
        Some(file) => workspace().join(file),
        None => target_dir().join("servers.json"),
    }
}

/// What is kept between runs and can always be fetched again.
pub fn cache_dir() -> PathBuf {
    let base = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")));
    base.unwrap_or_else(std::env::temp_dir).join("basalt-servers")
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
