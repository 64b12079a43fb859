//! What was found, for whoever reads it: one file a format. A format is a function from reviewed files to text.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use anyhow::Result;

use super::Format;
use super::reviewed::{Counts, Reviewed};

pub fn render(format: Format, files: &[Reviewed], counts: &Counts, colour: bool) -> Result<String> {
    Ok(match format {
        Format::Text => text::render(files, counts, colour)?,
        Format::Json => pretty(&json::render(files, counts))?,
        Format::Sarif => pretty(&sarif::render(files))?,
        Format::Github => github::render(files),
        Format::Gitlab => pretty(&gitlab::render(files))?,
        Format::Junit => junit::render(files)?,
    })
}

fn pretty(value: &serde_json::Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
