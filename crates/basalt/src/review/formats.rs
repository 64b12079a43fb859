//! What was found, for whoever reads it: one file a format.
//!
//! Files are made ready in parallel, some at a time, and let go when they are written: what is said of thousands of
//! files takes many times the memory of their text.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use std::io::Write;

use anyhow::{Context as _, Result};
use rayon::prelude::*;
use serde::Serialize;

use super::Format;
use super::reviewed::{Counts, Reviewed};

/// Files that are made ready before the first of them is written.
const TOGETHER: usize = 64;

pub fn write(
    out: &mut dyn Write,
    format: Format,
    files: &[Reviewed],
    counts: &Counts,
    colour: bool,
) -> Result<()> {
    match format {
        Format::Text => {
            in_turn(
                files,
                |f| text::of_file(f, colour),
                |text| Ok(out.write_all(text.as_bytes())?),
            )?;
            writeln!(out, "{counts}")?;
        }
        Format::Json => {
            let list = List::of(&json::frame(counts), "files")?;
            list.write(out, files, |file| vec![json::of_file(file)])?;
        }
        Format::Sarif => {
            let rules = sarif::rules(files);
            let list = List::of(&sarif::frame(&rules), "results")?;
            list.write(out, files, |file| sarif::results(file, &rules))?;
        }
        Format::Gitlab => {
            let list = List::of(&serde_json::json!([]), "")?;
            list.write(out, files, gitlab::findings)?;
        }
        Format::Github => out.write_all(github::render(files).as_bytes())?,
        Format::Junit => out.write_all(junit::render(files)?.as_bytes())?,
    }
    Ok(())
}

/// Makes in parallel, and gives on in order.
fn in_turn<'f, T: Send>(
    files: &'f [Reviewed],
    make: impl Fn(&'f Reviewed) -> Result<T> + Sync,
    mut give: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    for some in files.chunks(TOGETHER) {
        let made: Vec<Result<T>> = some.par_iter().map(&make).collect();
        for one in made {
            give(one?)?;
        }
    }
    Ok(())
}

/// A JSON document with a list in it that is too long to be made at once.
struct List {
    before: String,
    after: String,
    indent: String,
}

impl List {
    /// `frame` has an empty list of that name; or is one, without a name.
    fn of(frame: &serde_json::Value, name: &str) -> Result<Self> {
        let text = serde_json::to_string_pretty(frame)? + "\n";
        let mark = if name.is_empty() { "[]".to_owned() } else { format!("\"{name}\": []") };
        let (before, after) = text.split_once(&mark).context("the frame has no such list")?;
        let line = before.rsplit('\n').next().unwrap_or("");
        let indent = format!("\n{}", " ".repeat(line.len()));
        let before = format!("{before}{}", &mark[..mark.len() - 1]);
        Ok(Self { before, after: format!("]{after}"), indent })
    }

    fn write<'f, T: Serialize>(
        &self,
        out: &mut dyn Write,
        files: &'f [Reviewed],
        items: impl Fn(&'f Reviewed) -> Vec<T> + Sync,
    ) -> Result<()> {
        out.write_all(self.before.as_bytes())?;
        let mut is_empty = true;
        let make = |file: &'f Reviewed| -> Result<String> {
            let inside = format!("{}  ", self.indent);
            let mut text = String::new();
            for item in items(file) {
                text.push(',');
                text.push_str(&inside);
                // A line end in a string is written as two characters: each one here is between parts.
                let parts = serde_json::to_string_pretty(&item)?;
                for (n, line) in parts.split('\n').enumerate() {
                    if n > 0 {
                        text.push_str(&inside);
                    }
                    text.push_str(line);
                }
            }
            Ok(text)
        };
        in_turn(files, make, |text| {
            let text = if is_empty { text.strip_prefix(',').unwrap_or(&text) } else { &text };
            is_empty &= text.is_empty();
            Ok(out.write_all(text.as_bytes())?)
        })?;
        if !is_empty {
            out.write_all(self.indent.as_bytes())?;
        }
        out.write_all(self.after.as_bytes())?;
        Ok(())
    }
}
