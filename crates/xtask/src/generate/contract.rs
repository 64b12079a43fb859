//! The contract as the generators see it: all of `proto/`, parsed and linked.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use prost_types::FileDescriptorSet;
use protox::Compiler;

pub struct Contract {
    /// Every file with its imports, imported before importing; with comments, without custom options
    /// (`prost_types` has no place for them).
    pub files: FileDescriptorSet,
    /// The same encoded, without comments and with custom options: what the server reads at start-up.
    pub encoded: Vec<u8>,
}

impl Contract {
    /// Parses `root/{bytebase,basalt}/v1/*.proto`; imports are looked up below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let mut sources = Vec::new();
        for package in ["basalt/v1", "bytebase/v1"] {
            sources.extend(proto_files(&root.join(package))?);
        }
        Ok(Self {
            files: compiled(root, &sources, true)?.file_descriptor_set(),
            encoded: compiled(root, &sources, false)?.encode_file_descriptor_set(),
        })
    }
}

fn compiled(root: &Path, sources: &[PathBuf], comments: bool) -> Result<Compiler> {
    let mut compiler = Compiler::new([root])?;
    compiler.include_imports(true).include_source_info(comments);
    // The error of protox quotes the line; its Debug form prints that.
    compiler.open_files(sources).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(compiler)
}

fn proto_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
