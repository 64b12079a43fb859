//! Triggers, routines and events.

use std::collections::{BTreeMap, BTreeSet};

use engine::Failure;
use schema::{Event, Routine, RoutineKind, Trigger};
use sql_mysql::shown;

use super::{Draft, Reader, show};
use crate::rows::read;

pub(super) async fn triggers(r: &mut Reader<'_>, draft: &mut Draft) -> Result<(), Failure> {
    let sql = format!(
        "SELECT event_object_table, action_timing, event_manipulation, action_order, trigger_name, action_statement,
           sql_mode, character_set_client, collation_connection
         FROM information_schema.triggers WHERE event_object_schema = {}",
        r.db
    );
    let mut rows: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut c| ((c.text(0), c.text(1), c.text(2), c.int(3).unwrap_or(0), c.text(4)), c))
        .collect();
    // Several triggers of one event fire in their order, and are made again in it.
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    for ((table, timing, event, _, name), mut row) in rows {
        let Some(t) = draft.tables.get_mut(&table) else { continue };
        t.triggers.push(Trigger {
            name,
            event,
            timing,
            body: row.text(5),
            sql_mode: row.text(6),
            character_set_client: row.text(7),
            collation_connection: row.text(8),
            ..Trigger::default()
        });
    }
    Ok(())
}

pub(super) async fn routines(r: &mut Reader<'_>) -> Result<Vec<Routine>, Failure> {
    let sql = format!(
        "SELECT routine_type, routine_name, routine_comment FROM information_schema.routines
         WHERE routine_schema = {} AND routine_type IN ('FUNCTION', 'PROCEDURE')",
        r.db
    );
    let mut found: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut c| (c.text(0), c.text(1), c.text(2)))
        .collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    found.sort();
    let mut parameters = parameters(r).await?;
    let mut out = Vec::with_capacity(found.len());
    for (kind, list) in [
        ("FUNCTION", found.iter().filter(|f| f.0 == "FUNCTION").collect::<Vec<_>>()),
        ("PROCEDURE", found.iter().filter(|f| f.0 == "PROCEDURE").collect()),
    ] {
        let names: Vec<&str> = list.iter().map(|f| f.1.as_str()).collect();
        for ((_, name, comment), row) in
            list.into_iter().zip(show::create(r.conn, kind, &names).await?)
        {
            let mut row = row.unwrap_or_default();
            let types = parameters.remove(&(kind.to_owned(), name.clone())).unwrap_or_default();
            out.push(Routine {
                kind: if kind == "FUNCTION" {
                    RoutineKind::Function
                } else {
                    RoutineKind::Procedure
                },
                name: name.clone(),
                signature: format!("{name}({})", types.join(", ")),
                sql_mode: row.text(1),
                definition: shown::without_definer(&row.text(2)),
                character_set_client: row.text(3),
                collation_connection: row.text(4),
                database_collation: row.text(5),
                comment: comment.clone(),
                ..Routine::default()
            });
        }
    }
    tell_apart(&mut out);
    out.sort_by(|a, b| a.signature.cmp(&b.signature));
    Ok(out)
}

/// A function and a procedure may have the same name and parameters; signatures may not.
fn tell_apart(routines: &mut [Routine]) {
    let functions: BTreeSet<String> = routines
        .iter()
        .filter(|r| r.kind == RoutineKind::Function)
        .map(|r| r.signature.clone())
        .collect();
    for r in routines.iter_mut().filter(|r| r.kind == RoutineKind::Procedure) {
        if functions.contains(&r.signature) {
            r.signature += " PROCEDURE";
        }
    }
}

/// Types of the parameters of each (kind, name), in order: `int(11)`, `OUT varchar(10)`.
async fn parameters(
    r: &mut Reader<'_>,
) -> Result<BTreeMap<(String, String), Vec<String>>, Failure> {
    let sql = format!(
        "SELECT routine_type, specific_name, ordinal_position, parameter_mode, dtd_identifier
         FROM information_schema.parameters WHERE specific_schema = {} AND ordinal_position > 0",
        r.db
    );
    let mut rows: Vec<_> = read(r.conn, &sql)
        .await?
        .into_iter()
        .map(|mut c| ((c.text(0), c.text(1)), c.int(2).unwrap_or(0), c.text(3), c.text(4)))
        .collect();
    rows.sort();
    let mut out: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (routine, _, mode, kind) in rows {
        let mode = if mode.is_empty() || mode == "IN" { String::new() } else { format!("{mode} ") };
        out.entry(routine).or_default().push(mode + &kind);
    }
    Ok(out)
}

pub(super) async fn events(r: &mut Reader<'_>) -> Result<Vec<Event>, Failure> {
    let sql = format!(
        "SELECT event_name, event_comment FROM information_schema.events WHERE event_schema = {}",
        r.db
    );
    let mut found: Vec<_> =
        read(r.conn, &sql).await?.into_iter().map(|mut c| (c.text(0), c.text(1))).collect();
    found.sort();
    let names: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
    let rows = show::create(r.conn, "EVENT", &names).await?;
    let events = found.iter().zip(rows).map(|((name, comment), row)| {
        let mut row = row.unwrap_or_default();
        Event {
            name: name.clone(),
            sql_mode: row.text(1),
            time_zone: row.text(2),
            definition: shown::without_definer(&row.text(3)),
            character_set_client: row.text(4),
            collation_connection: row.text(5),
            comment: comment.clone(),
        }
    });
    Ok(events.collect())
}
