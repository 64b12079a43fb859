//! What was found, for whoever reads it: one file a format.
//!
//! What is said of a file is made where the file was reviewed, and written in the order in which files were named: only
//! the counts are kept, so that thousands of files need no more memory than a few.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use std::io::Write;

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::Format;
use super::reviewed::{Counts, Reviewed};

/// Writes one report.
pub struct Printer {
    format: Format,
    colour: bool,
    /// What stands before the files, and between them in a list.
    before: String,
    between: String,
    /// Nothing was said of a file yet.
    is_empty: bool,
    /// The rules that found something, in the order in which they did.
    rules: Vec<&'static str>,
}

impl Printer {
    pub fn new(format: Format, colour: bool) -> Result<Self> {
        let mut printer = Self {
            format,
            colour,
            before: String::new(),
            between: String::new(),
            is_empty: true,
            rules: Vec::new(),
        };
        match format {
            Format::Text | Format::Github => {}
            Format::Junit => printer.before = junit::begin()?,
            Format::Json | Format::Sarif | Format::Gitlab => {
                let list = printer.list(&Counts::default())?;
                printer.between = format!("{}  ", list.indent);
                printer.before = list.before;
            }
        }
        Ok(printer)
    }

    pub fn begin(&self, out: &mut dyn Write) -> Result<()> {
        Ok(out.write_all(self.before.as_bytes())?)
    }

    /// What is said of a file. For several threads at once.
    pub fn of_file(&self, file: &Reviewed) -> Result<String> {
        match self.format {
            Format::Text => text::of_file(file, self.colour),
            Format::Github => Ok(github::of_file(file)),
            Format::Junit => junit::of_file(file),
            Format::Json => self.items(&[json::of_file(file)]),
            Format::Sarif => self.items(&sarif::results(file)),
            Format::Gitlab => self.items(&gitlab::findings(file)),
        }
    }

    /// Writes that, file by file, in order.
    pub fn say(&mut self, out: &mut dyn Write, file: &Reviewed, said: &str) -> Result<()> {
        for name in file.rules() {
            if !self.rules.contains(&name) {
                self.rules.push(name);
            }
        }
        let text = match self.format {
            Format::Json | Format::Sarif | Format::Gitlab if self.is_empty => {
                said.strip_prefix(',').unwrap_or(said)
            }
            _ => said,
        };
        self.is_empty &= text.is_empty();
        Ok(out.write_all(text.as_bytes())?)
    }

    pub fn end(self, out: &mut dyn Write, counts: &Counts) -> Result<()> {
        let text = match self.format {
            Format::Text => format!("{counts}\n"),
            Format::Github => String::new(),
            Format::Junit => junit::end(),
            _ => {
                let List { after, indent, .. } = self.list(counts)?;
                format!("{}]{after}", if self.is_empty { "" } else { &indent })
            }
        };
        Ok(out.write_all(text.as_bytes())?)
    }

    fn list(&self, counts: &Counts) -> Result<List> {
        match self.format {
            Format::Json => List::of(&json::frame(counts), "files"),
            Format::Sarif => List::of(&sarif::frame(&self.rules), "results"),
            _ => List::of(&serde_json::json!([]), ""),
        }
    }

    /// Items of the list, each after a comma.
    fn items<T: Serialize>(&self, items: &[T]) -> Result<String> {
        let mut text = String::new();
        for item in items {
            text.push(',');
            text.push_str(&self.between);
            // A line end in a string is written as two characters: each one here is between parts.
            let parts = serde_json::to_string_pretty(item)?;
            for (n, line) in parts.split('\n').enumerate() {
                if n > 0 {
                    text.push_str(&self.between);
                }
                text.push_str(line);
            }
        }
        Ok(text)
    }
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
        Ok(Self { before, after: after.to_owned(), indent })
    }
}
