//! A page of the audit log as a file.

use base::page::Page;
use base::{Error, Result};
use serde_json::json;

use super::search::{Entry, page};
use crate::cx::Cx;
use crate::filter::Ask;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// With a header line. A field that a spreadsheet would take for a formula stands behind an apostrophe.
    Csv,
    /// An array of objects, named as the API names them.
    Json,
}

const COLUMNS: [&str; 11] = [
    "name",
    "create_time",
    "user",
    "method",
    "severity",
    "resource",
    "status",
    "reason",
    "latency_ms",
    "caller_ip",
    "request",
];

/// The file, and the token of the next page.
pub async fn export(cx: &Cx, parent: &str, ask: &Ask, format: Format) -> Result<Page<u8>> {
    let mut conn = cx.app.store.read().await?;
    let Page { items, next } = page(&mut conn, parent, ask).await?;
    let items = match format {
        Format::Csv => csv(&items).into_bytes(),
        Format::Json => json(&items)?,
    };
    Ok(Page { items, next })
}

fn csv(entries: &[Entry]) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for entry in entries {
        let fields = fields(entry).map(|f| quoted(&f));
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

fn json(entries: &[Entry]) -> Result<Vec<u8>> {
    let objects: Vec<_> = entries
        .iter()
        .map(|e| {
            let mut object: serde_json::Map<_, _> = COLUMNS
                .iter()
                .zip(fields(e))
                .map(|(name, text)| ((*name).to_owned(), json!(text)))
                .collect();
            object.insert("latency_ms".to_owned(), json!(millis(e)));
            if let Ok(request) = serde_json::from_str(&e.request) {
                object.insert("request".to_owned(), request);
            }
            object
        })
        .collect();
    serde_json::to_vec_pretty(&objects)
        .map_err(|e| Error::internal("the log cannot be written as JSON").with_source(e))
}

fn fields(entry: &Entry) -> [String; 11] {
    let (code, reason) = entry.fault.clone().unwrap_or_default();
    [
        entry.name.clone(),
        entry.time.to_string(),
        entry.actor.clone(),
        entry.method.clone(),
        format!("{:?}", entry.severity).to_uppercase(),
        entry.resource.clone(),
        code,
        reason,
        millis(entry).to_string(),
        entry.client_ip.clone(),
        entry.request.clone(),
    ]
}

fn millis(entry: &Entry) -> u64 {
    u64::try_from(entry.latency.as_millis()).unwrap_or(u64::MAX)
}

/// As RFC 4180 has it.
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_no_formula_runs() {
        assert_eq!(quoted("a\"b,\nc"), "\"a\"\"b,\nc\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
