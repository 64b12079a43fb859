//! The schema before the files: a dump, walked into a catalog.
//!
//! What psql reads itself (`\connect`, the rows of COPY) is blanked first. What the walk-through cannot follow is left
//! out and said so: a dump of a real database has much that no rule reads.

use std::path::Path;

use anyhow::{Result, bail};
use schema::Catalog;
use sql::Dialect;

use super::inputs::{self, Source};
use crate::logging;

/// Most statements that are named as left out.
const NAMED: usize = 5;

pub fn read(path: &Path, dialect: &dyn Dialect) -> Result<Catalog> {
    let source = inputs::read(&Source::File(path.to_owned()))?;
    let text = without_psql(&source.text);
    let script = dialect.parse(&text);
    let mut catalog = Catalog::default();
    let mut left_out = Vec::new();
    for statement in &script.statements {
        let why = match &statement.error {
            Some(error) => Err(error.message.clone()),
            None => dialect.apply(&mut catalog, statement).map_err(|e| e.message),
        };
        left_out.extend(why.err().map(|why| (statement.start().line, why)));
    }
    if left_out.len() == script.statements.len() && !left_out.is_empty() {
        let (line, why) = &left_out[0];
        bail!("{}:{line}: this is no schema that can be read: {why}", source.path);
    }
    for (line, why) in left_out.iter().take(NAMED) {
        logging::warn(&format!("{}:{line}: left out of the schema: {why}", source.path));
    }
    if left_out.len() > NAMED {
        let more = left_out.len() - NAMED;
        logging::warn(&format!("{}: {more} more left out of the schema", source.path));
    }
    Ok(catalog)
}

/// The lines that psql does not send as SQL become empty: lines keep their numbers.
fn without_psql(dump: &str) -> String {
    let mut text = String::with_capacity(dump.len());
    let mut rows = false;
    for line in dump.lines() {
        let meta = line.strip_prefix('\\');
        if rows {
            rows = meta != Some(".");
        } else if meta.is_none_or(|m| !m.starts_with(|c: char| c.is_ascii_alphabetic())) {
            let upper = line.trim_end().to_ascii_uppercase();
            rows = upper.starts_with("COPY ") && upper.ends_with("FROM STDIN;");
            if !rows {
                text.push_str(line);
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_psql;

    #[test]
    fn what_psql_reads_itself_becomes_empty_lines() {
        let dump = "\\restrict x\nA;\nCOPY t (a) FROM stdin;\n1\n\\N\n\\.\nB;\n";
        assert_eq!(without_psql(dump), "\nA;\n\n\n\n\nB;\n");
    }
}
