//! The text of every file that git tracks or would track.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Path (with `/`, from the workspace root) → text. A file that is not UTF-8 has a path and no text.
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Asks git, so that ignored files (builds, node_modules) do not count and new ones do.
    pub fn read(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            // The checkout may belong to another user, as in a container.
            .args([
                "-c",
                "safe.directory=*",
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .context("cannot run git")?;
        if !output.status.success() {
            bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let mut files = BTreeMap::new();
        for name in String::from_utf8(output.stdout)
            .context("a file name is not UTF-8")?
            .split_terminator('\0')
        {
            match fs::read(root.join(name)) {
                Ok(bytes) => {
                    files.insert(name.to_owned(), String::from_utf8(bytes).unwrap_or_default())
                }
                // Deleted and not yet committed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(error).with_context(|| format!("cannot read {name}")),
            };
        }
        Ok(Self { files })
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All files, as (path, text).
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files whose name ends in one of `endings`.
    pub fn ending_in<'t>(
        &'t self,
        endings: &'t [&str],
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.files().filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
    }

    /// The manifests of the workspace's crates, as (crate, path, text).
    pub fn manifests(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.files().filter_map(|(path, text)| {
            let name = path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
            (!name.contains('/')).then_some((name, path, text))
        })
    }

    /// Rust sources of a crate's `src`, as (path, text).
    pub fn sources(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let folder = format!("crates/{name}/src/");
        self.files().filter(move |(path, _)| path.starts_with(&folder) && path.ends_with(".rs"))
    }
}
