//! What could stop or slow a change, looked at before its first statement in one message.
//!
//! What the account may not read is left out: it is no finding, and never an error.

mod privileges;

use std::collections::BTreeSet;

use engine::{Failure, Finding, FindingLevel, Preflight};
use mysql_async::{Conn, ServerError};
use sql::{ObjectRef, StatementClass, StatementKind as K};
use sql_mysql::alter;

use crate::flavor::Flavor;
use crate::lag;
use crate::rows::{Cells, literal};
use crate::sync::show;

use privileges::Granted;

/// Tables smaller than this are copied before anybody notices.
const WORTH_TELLING: u64 = 10 << 20;

/// Blockers and tables that are named one by one.
const MOST: usize = 20;

const STOP: FindingLevel = FindingLevel::Stop;
const WARNING: FindingLevel = FindingLevel::Warning;

/// Engines whose changes cannot be rolled back.
const NOT_TRANSACTIONAL: [&str; 7] =
    ["myisam", "aria", "memory", "csv", "archive", "mrg_myisam", "federated"];

/// What is known of the session.
#[derive(Debug, Default)]
struct Here {
    id: i64,
    comment: String,
    read_only: bool,
    database: String,
    /// Triggers and functions need more than their own privilege.
    logs_programs: bool,
}

/// A table that the change names.
struct Table {
    schema: String,
    name: String,
    engine: String,
    bytes: u64,
}

pub(crate) async fn preflight(
    conn: &mut Conn,
    flavor: Flavor,
    ask: &Preflight<'_>,
) -> Result<Vec<Finding>, Failure> {
    let named: BTreeSet<&ObjectRef> = ask
        .statements
        .iter()
        .flat_map(|(_, facts)| &facts.objects)
        .filter(|o| matches!(&*o.kind, "table" | "view"))
        .collect();
    let super_read_only =
        if flavor.is_mysql((5, 7, 8)) { " OR @@GLOBAL.super_read_only" } else { "" };
    let mut statements = vec![
        format!(
            "SELECT CONNECTION_ID(), @@version_comment, @@GLOBAL.read_only{super_read_only}, DATABASE(),
               @@GLOBAL.log_bin AND NOT @@GLOBAL.log_bin_trust_function_creators"
        ),
        lag::status(flavor).to_owned(),
        privileges::question(),
        "SELECT CURRENT_ROLE()".to_owned(),
        // Grants to everybody stand in no table that every account may read.
        if flavor.is_mariadb() && flavor.version >= (10, 11, 0) {
            "SHOW GRANTS FOR PUBLIC"
        } else {
            "DO 0"
        }
        .to_owned(),
        tables(&named),
    ];
    statements.extend(blockers(flavor, &named));
    let mut answers = show::each(conn, &statements).await?.into_iter().map(readable);
    let mut next = || answers.next().flatten();
    let here = next().and_then(|rows| rows.into_iter().next()).map(here).unwrap_or_default();
    let channels = next().unwrap_or_default();
    let granted = next().map(Granted::read);
    let roles = next().and_then(|rows| rows.into_iter().next());
    let to_everybody = next().is_some_and(|rows| !rows.is_empty());
    let tables: Vec<_> = next().unwrap_or_default().into_iter().map(table).collect();
    let held: Vec<_> = answers.flatten().flatten().collect();

    let mut found = Vec::new();
    found.extend(replica(&here, !channels.is_empty()));
    found.extend(pooler(&here, conn.id()));
    if let Some(granted) = granted {
        let has_roles = roles.is_some_and(|mut row| !matches!(&*row.text(0), "" | "NONE"));
        let has_others = has_roles || to_everybody;
        found.extend(granted.missing(ask, &here.database, has_others, here.logs_programs));
    }
    found.extend(rebuilt(flavor, ask, &here, &tables));
    found.extend(not_transactional(ask, &here, &tables));
    found.extend(waiting(held, ask));
    Ok(found)
}

fn readable(answer: Result<Vec<Cells>, ServerError>) -> Option<Vec<Cells>> {
    answer.map_err(|e| tracing::debug!(message = %e.message, "not shown to this account")).ok()
}

fn here(mut row: Cells) -> Here {
    Here {
        id: row.int(0).unwrap_or_default(),
        comment: row.text(1),
        read_only: row.flag(2),
        database: row.text(3),
        logs_programs: row.flag(4),
    }
}

fn table(mut row: Cells) -> Table {
    let bytes = row.int(3).and_then(|n| u64::try_from(n).ok()).unwrap_or_default();
    Table { schema: row.text(0), name: row.text(1), engine: row.text(2), bytes }
}

fn replica(here: &Here, receives: bool) -> Option<Finding> {
    if here.read_only {
        let what = if receives { "is a replica and" } else { "is set read-only: it" };
        let text = format!(
            "This server {what} refuses writes (read_only). Give the address of the server that takes them."
        );
        return Some(Finding::new("REPLICA", STOP, text));
    }
    receives.then(|| {
        let text = "This server receives changes from another one and takes writes itself. Change the source, unless both \
                    are meant to be written to.";
        Finding::new("REPLICA", WARNING, text)
    })
}

fn pooler(here: &Here, greeted_as: u32) -> Option<Finding> {
    let comment = here.comment.to_ascii_lowercase();
    let by_name = ["proxysql", "maxscale"].into_iter().find(|name| comment.contains(name));
    let why = match by_name {
        Some(name) => format!("{name} answers here"),
        None if here.id != 0 && here.id != i64::from(greeted_as) => format!(
            "The session was greeted as {greeted_as}, and the server knows it as {}: a proxy stands between",
            here.id
        ),
        None => return None,
    };
    let text = format!(
        "{why}. Locks, global transactions and KILL need one session at the server itself: give the server's own address."
    );
    Some(Finding::new("POOLER", WARNING, text))
}

/// Names of the tables with engine and size.
fn tables(named: &BTreeSet<&ObjectRef>) -> String {
    if named.is_empty() {
        return "DO 0".to_owned();
    }
    format!(
        "SELECT table_schema, table_name, engine, data_length + index_length FROM information_schema.tables
         WHERE {}",
        among(named, "table_schema", "table_name")
    )
}

fn among(named: &BTreeSet<&ObjectRef>, schema: &str, name: &str) -> String {
    let one = |o: &&ObjectRef| {
        let of = if o.schema.is_empty() { "DATABASE()".to_owned() } else { literal(&o.schema) };
        format!("{schema} = {of} AND {name} = {}", literal(&o.name))
    };
    format!("({})", named.iter().map(one).collect::<Vec<_>>().join(" OR "))
}

/// Questions for who holds what, each with the columns session, user, host, seconds, what.
fn blockers(flavor: Flavor, named: &BTreeSet<&ObjectRef>) -> Vec<String> {
    if named.is_empty() {
        return Vec::new();
    }
    // A prepared transaction without a session has number 0 on every server.
    let orphans = "SELECT 0, '', '', TIMESTAMPDIFF(SECOND, MIN(trx_started), NOW()), COUNT(*)
      FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = 0 HAVING COUNT(*) > 0";
    if flavor.is_mariadb() {
        let any = "SELECT p.id, p.user, p.host, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()), ''
          FROM information_schema.innodb_trx t JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
          WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()";
        return vec![any.to_owned(), orphans.to_owned()];
    }
    let locks = format!(
        "SELECT DISTINCT t.processlist_id, t.processlist_user, t.processlist_host,
           COALESCE(TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), t.processlist_time), m.object_name
         FROM performance_schema.metadata_locks m
         JOIN performance_schema.threads t ON t.thread_id = m.owner_thread_id
         LEFT JOIN information_schema.innodb_trx x ON x.trx_mysql_thread_id = t.processlist_id
         WHERE m.object_type = 'TABLE' AND m.lock_status = 'GRANTED' AND t.processlist_id <> CONNECTION_ID() AND {}",
        among(named, "m.object_schema", "m.object_name")
    );
    vec![locks, orphans.to_owned()]
}

fn waiting(held: Vec<Cells>, ask: &Preflight<'_>) -> Vec<Finding> {
    let limit = ask.blockers_older_than.as_secs();
    let finding = |mut row: Cells| {
        let (id, user, host) = (row.int(0)?, row.text(1), row.text(2));
        let age = u64::try_from(row.int(3)?).ok().filter(|age| *age >= limit)?;
        let what = row.text(4);
        let text = if id == 0 {
            format!(
                "{what} prepared transactions have no session any more, the oldest for {age} s, and may hold what the change needs. \
                 XA RECOVER shows them; end each by XA COMMIT or XA ROLLBACK."
            )
        } else {
            let holds = match what.as_str() {
                "" => "in this database, and may hold what the change needs".to_owned(),
                table => format!("and holds table {table}"),
            };
            format!(
                "Session {id} of {user}@{host} has a transaction open for {age} s {holds}. Let it end, or end it by KILL {id}."
            )
        };
        Some(Finding::new("BLOCKER", WARNING, text))
    };
    held.into_iter().filter_map(finding).take(MOST).collect()
}

/// Whether a table is the one that a statement names.
fn is(table: &Table, object: &ObjectRef, here: &Here) -> bool {
    let schema = if object.schema.is_empty() { &here.database } else { &object.schema };
    table.name.eq_ignore_ascii_case(&object.name) && table.schema.eq_ignore_ascii_case(schema)
}

fn rebuilt(flavor: Flavor, ask: &Preflight<'_>, here: &Here, tables: &[Table]) -> Vec<Finding> {
    let mariadb = flavor.is_mariadb();
    let instant_add = mariadb && flavor.version >= (10, 3, 2) || flavor.is_mysql((8, 0, 12));
    let instant_drop = mariadb && flavor.version >= (10, 4, 0) || flavor.is_mysql((8, 0, 29));
    let of_statement = |(text, facts): &(&str, &sql::Facts)| {
        let object = facts.objects.first().filter(|_| facts.kind == K::AlterTable)?;
        if !alter::may_rebuild(&alter::clauses(text), instant_add, instant_drop) {
            return None;
        }
        let table = tables.iter().find(|t| is(t, object, here) && t.bytes >= WORTH_TELLING)?;
        Some((table.name.clone(), table.bytes >> 20))
    };
    let large: BTreeSet<_> = ask.statements.iter().filter_map(of_statement).collect();
    let finding = |(name, mib): (String, u64)| {
        let text = format!(
            "ALTER TABLE may copy {name}, which has {mib} MiB: it takes time, as much room again on the server's disk, and may \
             keep writers waiting. ALGORITHM=INSTANT or INPLACE makes the server refuse rather than copy."
        );
        Finding::new("TABLE_REBUILD", WARNING, text)
    };
    large.into_iter().map(finding).take(MOST).collect()
}

fn not_transactional(ask: &Preflight<'_>, here: &Here, tables: &[Table]) -> Vec<Finding> {
    let changed = |table: &&Table| {
        ask.statements.iter().any(|(_, facts)| {
            facts.kind.class() == StatementClass::Dml
                && facts.objects.iter().any(|o| is(table, o, here))
        })
    };
    let plain = |t: &&Table| NOT_TRANSACTIONAL.contains(&t.engine.to_ascii_lowercase().as_str());
    let finding = |t: &Table| {
        let text = format!(
            "Table {} is of engine {}: its rows cannot be rolled back, and after a failure nobody can tell which were changed.",
            t.name, t.engine
        );
        Finding::new("NOT_TRANSACTIONAL", WARNING, text)
    };
    tables.iter().filter(plain).filter(changed).map(finding).take(MOST).collect()
}
