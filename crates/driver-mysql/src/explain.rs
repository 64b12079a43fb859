//! Rows that a statement would touch, as the planner estimates them.

use engine::Failure;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error, Row};
use sql::{Dialect as _, StatementKind};

use crate::classify_error::failure;
use crate::flavor::Flavor;

/// None for what is not INSERT, UPDATE or DELETE, and where the server says no number, as for `INSERT … VALUES`.
pub(crate) async fn estimate_rows(
    conn: &mut Conn,
    flavor: Flavor,
    statement: &str,
) -> Result<Option<i64>, Failure> {
    let kind = sql_mysql::DIALECT.classify(statement).kind;
    if !matches!(kind, StatementKind::Insert | StatementKind::Update | StatementKind::Delete) {
        return Ok(None);
    }
    // Newer servers explain by a tree of text unless told otherwise.
    let format = if flavor.is_mysql((5, 6, 0)) { "FORMAT=TRADITIONAL " } else { "" };
    let rows: Vec<Row> = match conn.query(format!("EXPLAIN {format}{statement}")).await {
        Ok(rows) => rows,
        // A table that the script itself makes, or no right to it: there is no estimate.
        Err(Error::Server(e)) => {
            tracing::debug!(code = e.code, "no estimate");
            return Ok(None);
        }
        Err(e) => return Err(failure(e)),
    };
    Ok(product(rows.into_iter().filter_map(step)))
}

/// One line of the plan: the select it belongs to, rows read, and the share that is kept.
struct Step {
    select: i64,
    rows: f64,
}

fn step(row: Row) -> Option<Step> {
    let at =
        |name: &str| row.columns_ref().iter().position(|c| c.name_str().eq_ignore_ascii_case(name));
    let (id, rows, filtered) = (at("id")?, at("rows")?, at("filtered"));
    let mut cells = crate::rows::cells(row);
    let rows: f64 = cells.opt(rows)?.parse().ok()?;
    let kept = filtered.and_then(|f| cells.opt(f)?.parse::<f64>().ok()).unwrap_or(100.0);
    Some(Step { select: cells.int(id).unwrap_or(1), rows: rows * kept / 100.0 })
}

/// A join touches the product of its steps; sub-queries have numbers of their own and do not count.
fn product(steps: impl Iterator<Item = Step>) -> Option<i64> {
    let steps: Vec<_> = steps.collect();
    let first = steps.iter().map(|s| s.select).min()?;
    let rows: f64 = steps.iter().filter(|s| s.select == first).map(|s| s.rows.max(1.0)).product();
    let none = steps.iter().any(|s| s.select == first && s.rows == 0.0);
    // Saturates: an estimate beyond 2^63 is as good as that.
    Some(if none { 0 } else { rows.round() as i64 })
}
