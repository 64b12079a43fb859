//! Lists, page by page, by key: page 1,000 costs what page 1 does, and nothing is skipped or shown twice when rows
//! come and go in between.
//!
//! A page token holds the sort values of the last row shown, signed with the store's key together with the list, its
//! filter and its order. A token of another list, or one that was edited, is refused.

use std::fmt::Write as _;

use base::page::{MAX_PAGE_SIZE, Page};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::db::{Conn, Row, Words};
use crate::error::{Result, StoreError};
use crate::filter::{Field, Filter};
use crate::sql::{Sql, Value, sql};
use crate::vault::Vault;

const PURPOSE: &str = "page token";
const TAG: usize = 16;

/// What a caller asks of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub filter: Filter,
    /// Before the list's own order.
    pub order: Vec<Order>,
    /// Rows a page; 0 means the largest page.
    pub size: usize,
    /// From the page before; None or empty for the first page.
    pub token: Option<String>,
}

/// One step of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Text, number or time; not a column of another table.
    pub field: Field,
    pub descending: bool,
}

/// What a list is, apart from what is asked of it.
pub(crate) struct ListSpec {
    /// Tells the tokens of lists apart.
    pub id: &'static str,
    pub columns: &'static str,
    pub from: &'static str,
    /// Unique together, none of them NULL: the last steps of every order.
    pub key: &'static [Field],
    /// The direction of the key.
    pub descending: bool,
}

impl List {
    /// All rows that match, in the list's own order: for loops that follow the tokens.
    pub fn of(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }
}

/// Reads one page.
pub(crate) async fn fetch_page<T: Send>(
    conn: &mut Conn,
    spec: &ListSpec,
    args: &List,
    read: impl Fn(&Row) -> Result<T> + Send + Sync,
) -> Result<Page<T>> {
    let words = conn.words();
    let order = full_order(spec, args)?;
    let mut text = sql("SELECT ");
    text.push(spec.columns);
    for (i, step) in order.iter().enumerate() {
        text.push(&format!(", {} AS sort_{i}", step.field.sql()));
    }
    text.push(" FROM ").push(spec.from).push(" WHERE (");
    args.filter.write(&mut text, words);
    text.push(")");
    let question = question(spec, &order, &text);
    if let Some(token) = args.token.as_deref().filter(|t| !t.is_empty()) {
        let last = open_token(conn.vault(), &question, token)?;
        if !order.iter().zip(&last).all(|(s, v)| s.field.is_text() == matches!(v, Value::Text(_)))
            || last.len() != order.len()
        {
            return Err(StoreError::PageToken);
        }
        text.push(" AND ");
        write_after(&order, &last, &mut text, words);
    }
    text.push(" ORDER BY ");
    for (i, step) in order.iter().enumerate() {
        text.push(if i > 0 { ", " } else { "" }).push(step.field.sql());
        text.push(if step.field.is_text() { words.by_bytes } else { "" });
        text.push(if step.descending { " DESC" } else { "" });
    }
    let size = if args.size == 0 { MAX_PAGE_SIZE } else { args.size.min(5 * MAX_PAGE_SIZE) };
    // One more row tells whether there is a next page.
    text.push(" LIMIT ").push_bind(i64::try_from(size + 1).unwrap_or(i64::MAX));
    let rows = conn.all(text).await?;
    let next = (rows.len() > size)
        .then(|| token(conn.vault(), &question, &sort_values(&order, &rows[size - 1])?))
        .transpose()?;
    let items = rows.iter().take(size).map(read).collect::<Result<_>>()?;
    Ok(Page { items, next })
}

/// How many rows match.
pub(crate) async fn count(conn: &mut Conn, spec: &ListSpec, filter: &Filter) -> Result<i64> {
    let mut text = sql("SELECT count(*) AS n FROM ");
    text.push(spec.from).push(" WHERE ");
    filter.write(&mut text, conn.words());
    conn.one(text).await?.int("n")
}

fn full_order(spec: &ListSpec, args: &List) -> Result<Vec<Order>> {
    use crate::filter::FieldKind::{Bool, Int, Text, Time};
    let mut order = Vec::new();
    let last = spec.key.iter().map(|field| Order { field: *field, descending: spec.descending });
    for step in args.order.iter().copied().chain(last) {
        if !matches!(step.field.kind, Text | Int | Bool | Time) {
            return Err(StoreError::Order(step.field.name.to_owned()));
        }
        let known = order.iter().any(|o: &Order| o.field.sql() == step.field.sql());
        // A column with one value orders nothing, and would keep the rest of an index from being used.
        if !known && !args.filter.fixes(&step.field) {
            order.push(step);
        }
    }
    match (order.is_empty(), spec.key.last()) {
        // The filter names one row.
        (true, Some(field)) => Ok(vec![Order { field: *field, descending: spec.descending }]),
        _ => Ok(order),
    }
}

/// What a token belongs to: list, filter with values, and order.
fn question(spec: &ListSpec, order: &[Order], text: &Sql) -> String {
    let mut out = format!("{} {}", spec.id, text.text);
    for value in &text.values {
        // Writing to a String cannot fail.
        let _ = write!(out, "\0{value:?}");
    }
    for step in order {
        let _ = write!(out, "\0{} {}", step.field.sql(), step.descending);
    }
    out
}

/// Rows after `last` in this order. Steps of one direction are compared as a row, which an index can serve.
fn write_after(order: &[Order], last: &[Value], out: &mut Sql, words: &Words) {
    let column = |step: &Order, out: &mut Sql| {
        out.push(step.field.sql());
        out.push(if step.field.is_text() { words.by_bytes } else { "" });
    };
    if order.iter().all(|s| s.descending == order[0].descending) {
        out.push("(");
        for (i, step) in order.iter().enumerate() {
            out.push(if i > 0 { ", " } else { "" });
            column(step, out);
        }
        out.push(if order[0].descending { ") < " } else { ") > " }).push_list(last.iter().cloned());
        return;
    }
    // a > x OR (a = x AND (b < y OR …))
    out.push("(");
    for (i, (step, value)) in order.iter().zip(last).enumerate() {
        column(step, out);
        out.push(if step.descending { " < " } else { " > " }).push_bind(value.clone());
        if i + 1 < order.len() {
            out.push(" OR (");
            column(step, out);
            out.push(" = ").push_bind(value.clone()).push(" AND (");
        }
    }
    out.push(&"))".repeat(order.len() - 1)).push(")");
}

fn sort_values(order: &[Order], row: &Row) -> Result<Vec<Value>> {
    let value = |(i, step): (usize, &Order)| {
        let column = format!("sort_{i}");
        Ok(if step.field.is_text() { row.text(&column)?.into() } else { row.int(&column)?.into() })
    };
    order.iter().enumerate().map(value).collect()
}

/// base64url of: 16 bytes of signature, then the sort values as JSON.
fn token(vault: &Vault, question: &str, last: &[Value]) -> Result<String> {
    let values = last.iter().map(|v| match v {
        Value::Text(t) => serde_json::Value::from(t.clone()),
        Value::Int(i) => serde_json::Value::from(*i),
        Value::Bytes(_) => serde_json::Value::Null,
    });
    let json = serde_json::to_vec(&values.collect::<Vec<_>>())
        .map_err(|e| StoreError::Mistake(e.to_string()))?;
    let mut bytes = vault.sign(PURPOSE, &signed(question, &json))[..TAG].to_vec();
    bytes.extend_from_slice(&json);
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn open_token(vault: &Vault, question: &str, token: &str) -> Result<Vec<Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| StoreError::PageToken)?;
    let (tag, json) = bytes.split_at_checked(TAG).ok_or(StoreError::PageToken)?;
    if !vault.is_signed(PURPOSE, &signed(question, json), tag) {
        return Err(StoreError::PageToken);
    }
    let values: Vec<serde_json::Value> =
        serde_json::from_slice(json).map_err(|_| StoreError::PageToken)?;
    let value = |v| match v {
        serde_json::Value::String(s) => Ok(Value::from(s)),
        serde_json::Value::Number(n) => n.as_i64().map(Value::from).ok_or(StoreError::PageToken),
        _ => Err(StoreError::PageToken),
    };
    values.into_iter().map(value).collect()
}

fn signed(question: &str, json: &[u8]) -> Vec<u8> {
    [question.as_bytes(), b"\0", json].concat()
}
