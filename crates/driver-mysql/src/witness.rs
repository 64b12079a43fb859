//! The state of what a statement that commits by itself is about to change: the server's own definition of each object it names, and
//! when a table was made.
//!
//! The text must not depend on the session, for it is compared with what another session reads: modes, character set and time zone
//! are set aside, and a name without a database counts only where the session is in the database of the target.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{Failure, Witness};
use mysql_async::{Conn, ServerError};
use sql::{Dialect as _, Facts, ObjectRef, StatementKind as K};
use sql_mysql::parse::Words;
use sql_mysql::{alter, quote_identifier, shown};

use crate::flavor::{Flavor, Product};
use crate::rows::{Cells, literal};
use crate::sync::show;

/// Bytes of a definition that are kept as they are.
const LONGEST: usize = 16 * 1024;

/// The server's clock for the making of tables counts seconds.
const TICK: Duration = Duration::from_millis(300);

/// More than a second; a clock that was set back is not waited for.
const TICKS: usize = 6;

pub(crate) async fn witness(
    conn: &mut Conn,
    flavor: Flavor,
    home: &str,
    statement: &str,
) -> Result<Witness, Failure> {
    let facts = sql_mysql::DIALECT.classify(statement);
    let effect = effect(flavor, statement, &facts);
    if effect == Effect::Hidden || facts.objects.is_empty() {
        return Ok(Witness::default());
    }
    let objects: Vec<_> = facts.objects.iter().filter(|o| o.kind != "index").collect();
    let mut seen = look(conn, flavor, &objects).await?;
    let mut told_apart = true;
    if effect == Effect::NewTable {
        // Else a table that is made again within the same second would look the same.
        for _ in 0..TICKS {
            told_apart = seen.made.values().all(|made| *made < seen.now);
            if told_apart {
                break;
            }
            tokio::time::sleep(TICK).await;
            seen = look(conn, flavor, &objects).await?;
        }
    }
    let at_home = seen.database == home || objects.iter().all(|o| is_qualified(o));
    Ok(Witness {
        decisive: at_home
            && told_apart
            && seen.states.iter().all(|s| !matches!(s.1, State::Hidden)),
        broken: half_dropped(flavor, &facts, &seen),
        text: seen.text(),
    })
}

/// How a statement's effect can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// In the definitions.
    Shown,
    /// In the time at which the table was made.
    NewTable,
    /// Not always.
    Hidden,
}

fn effect(flavor: Flavor, statement: &str, facts: &Facts) -> Effect {
    let says = |words: &[&str]| Words::new(statement).skip_to(words).is_some();
    let shown = |is: bool| if is { Effect::Shown } else { Effect::Hidden };
    match facts.kind {
        K::CreateTable if says(&["TEMPORARY"]) => Effect::Hidden,
        K::CreateTable if replaces(statement) => Effect::NewTable,
        // One that fills itself, and dies in the middle, leaves an empty table on older servers.
        K::CreateTable if fills_itself(statement) => shown(atomic(flavor, (8, 0, 21))),
        K::AlterTable => {
            let clauses = alter::clauses(statement);
            if alter::shows(&clauses) {
                Effect::Shown
            } else if rebuilds_only(&clauses) {
                Effect::NewTable
            } else {
                Effect::Hidden
            }
        }
        // One that ends removes itself.
        K::CreateEvent | K::AlterEvent => shown(!says(&["AT", "ENDS"])),
        K::AlterSequence => shown(!says(&["RESTART"])),
        // A function of a library is in no catalog that every account may read.
        K::CreateFunction | K::DropFunction => shown(!says(&["SONAME"]) && !says(&["AGGREGATE"])),
        K::DropTable if says(&["TEMPORARY"]) => Effect::Hidden,
        K::CreateTable
        | K::CreateView
        | K::CreateIndex
        | K::CreateSequence
        | K::CreateTrigger
        | K::CreateProcedure
        | K::CreateDatabase
        | K::DropDatabase
        | K::DropTable
        | K::DropView
        | K::DropIndex
        | K::DropSequence
        | K::DropTrigger
        | K::DropProcedure
        | K::DropEvent
        | K::AlterDatabase
        | K::AlterView
        | K::Rename => Effect::Shown,
        K::OtherDdl => {
            shown(facts.objects.iter().any(|o| matches!(&*o.kind, "procedure" | "function")))
        }
        _ => Effect::Hidden,
    }
}

fn replaces(statement: &str) -> bool {
    Words::new(statement).eat_all(&["CREATE", "OR", "REPLACE"])
}

/// `CREATE TABLE t [(…)] [options] [AS] SELECT …`, with the query behind all that is in parentheses.
fn fills_itself(statement: &str) -> bool {
    let mut words = Words::new(statement);
    words.skip_to(&["TABLE"]).is_some()
        && words.skip_to(&["SELECT", "VALUES", "WITH", "TABLE"]).is_some()
}

/// Rebuilds the table, which is seen by its time, and does nothing that is not.
fn rebuilds_only(clauses: &[alter::Clause]) -> bool {
    alter::rebuilds(clauses)
        && clauses.iter().all(|c| {
            matches!(
                &*c.verb,
                "ENGINE" | "FORCE" | "ORDER" | "ROW_FORMAT" | "CONVERT" | "ALGORITHM" | "LOCK"
            )
        })
}

/// Whether a statement of DDL takes effect whole or not at all: MySQL from `from` on, MariaDB since 10.6.
fn atomic(flavor: Flavor, from: (u16, u16, u16)) -> bool {
    flavor.is_mysql(from) || flavor.product == Product::Mariadb && flavor.version >= (10, 6, 0)
}

/// What the server says of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Absent,
    Defined(String),
    /// This account may not see it.
    Hidden,
}

struct Seen {
    /// That the session is in.
    database: String,
    /// Seconds since 1970, on the server's clock.
    now: i64,
    /// In the order of the statement, with how the object is called.
    states: Vec<(String, State)>,
    /// When each table was made.
    made: BTreeMap<String, i64>,
}

impl Seen {
    fn text(&self) -> String {
        let line = |(name, state): &(String, State)| match state {
            State::Absent => format!("{name}: absent"),
            State::Hidden => format!("{name}: not shown to this account"),
            State::Defined(text) => match self.made.get(name) {
                Some(made) => format!("{name}, made at {made}: {text}"),
                None => format!("{name}: {text}"),
            },
        };
        self.states.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

async fn look(conn: &mut Conn, flavor: Flavor, objects: &[&ObjectRef]) -> Result<Seen, Failure> {
    let fresh = if flavor.is_mysql((8, 0, 3)) {
        // Else the times may be a day old.
        ", SESSION information_schema_stats_expiry = 0"
    } else {
        ""
    };
    let mut statements = vec![
        format!(
            "SET @basalt_mode = @@SESSION.sql_mode, @basalt_results = @@SESSION.character_set_results, \
             SESSION sql_mode = '', SESSION sql_quote_show_create = 1, SESSION character_set_results = utf8mb4{fresh}"
        ),
        "SELECT DATABASE(), UNIX_TIMESTAMP()".to_owned(),
        times(objects),
    ];
    let head = statements.len();
    statements.extend(objects.iter().map(|o| show_create(o)));
    statements.push(
        "SET SESSION sql_mode = @basalt_mode, SESSION character_set_results = @basalt_results"
            .to_owned(),
    );
    let mut answers = show::each(conn, &statements).await?.into_iter();
    let mut heads = answers.by_ref().take(head).skip(1).map(Result::unwrap_or_default);
    let mut here = heads.next().and_then(|rows| rows.into_iter().next()).unwrap_or_default();
    let times = heads.next().unwrap_or_default();
    let database = here.text(0);
    let mut made = BTreeMap::new();
    for mut row in times {
        let (schema, name, time) = (row.text(0), row.text(1), row.int(2));
        for o in objects.iter().filter(|o| o.kind == "table") {
            let in_schema = if o.schema.is_empty() { &database } else { &o.schema };
            // Names may differ in case where the server does not care.
            if o.name.eq_ignore_ascii_case(&name) && in_schema.eq_ignore_ascii_case(&schema) {
                made.extend(time.map(|time| (called(o), time)));
            }
        }
    }
    let states = objects.iter().zip(answers).map(|(o, answer)| (called(o), state(o, answer)));
    Ok(Seen { states: states.collect(), database, now: here.int(1).unwrap_or_default(), made })
}

/// When the tables were made. Never fails, and gives nothing for what is not there.
fn times(objects: &[&ObjectRef]) -> String {
    let one = |o: &&&ObjectRef| {
        let schema = if o.schema.is_empty() { "DATABASE()".to_owned() } else { literal(&o.schema) };
        format!("table_schema = {schema} AND table_name = {}", literal(&o.name))
    };
    let tables: Vec<_> = objects.iter().filter(|o| o.kind == "table").map(|o| one(&o)).collect();
    if tables.is_empty() {
        return "DO 0".to_owned();
    }
    format!(
        "SELECT table_schema, table_name, UNIX_TIMESTAMP(create_time) FROM information_schema.tables WHERE {}",
        tables.join(" OR ")
    )
}

fn show_create(o: &ObjectRef) -> String {
    let kind = match o.kind.as_str() {
        // The same statement shows both, and what stands in a view's place matters too.
        "view" => "TABLE".to_owned(),
        kind => kind.to_ascii_uppercase(),
    };
    format!("SHOW CREATE {kind} {}", quoted(o))
}

fn quoted(o: &ObjectRef) -> String {
    match o.schema.as_str() {
        "" => quote_identifier(&o.name),
        schema => format!("{}.{}", quote_identifier(schema), quote_identifier(&o.name)),
    }
}

fn called(o: &ObjectRef) -> String {
    format!("{} {}", o.kind, quoted(o))
}

fn is_qualified(o: &ObjectRef) -> bool {
    o.kind == "database" || !o.schema.is_empty()
}

fn state(o: &ObjectRef, answer: Result<Vec<Cells>, ServerError>) -> State {
    let row = match answer {
        Ok(rows) => rows.into_iter().next(),
        Err(e) if is_absent(e.code) => None,
        Err(e) => {
            tracing::debug!(object = o.name, message = %e.message, "not shown");
            return State::Hidden;
        }
    };
    let Some(mut row) = row else { return State::Absent };
    // The statement, behind the name, and the modes it is read under.
    let at = match o.kind.as_str() {
        "procedure" | "function" | "trigger" => 2,
        "event" => 3,
        _ => 1,
    };
    let Some(text) = row.opt(at) else { return State::Hidden };
    let text = if o.kind == "table" { shown::table(&text) } else { text };
    let is_program = at > 1;
    let modes = if is_program { row.text(1) } else { String::new() };
    State::Defined(kept(&text, &modes, is_program))
}

/// The text, or what stands for it: programs may hold anything, and definitions of remote tables hold passwords.
fn kept(text: &str, modes: &str, is_program: bool) -> String {
    let plain = !is_program && !sql_mysql::DIALECT.classify(text).sensitive;
    if plain && text.len() <= LONGEST {
        return text.to_owned();
    }
    let hash = base::id::sha256_hex(format!("{modes}\n{text}").as_bytes());
    format!("defined, {} bytes, SHA-256 {hash}", text.len())
}

/// No such database, table, routine, trigger, event, sequence, view.
const fn is_absent(code: u16) -> bool {
    matches!(code, 1049 | 1146 | 1305 | 1360 | 1539 | 4091)
}

/// DROP of several objects that went only half way, on servers where it can.
fn half_dropped(flavor: Flavor, facts: &Facts, seen: &Seen) -> Option<String> {
    let drops = matches!(facts.kind, K::DropTable | K::DropView | K::DropSequence);
    if !drops || flavor.is_mysql((8, 0, 0)) {
        return None;
    }
    let named = |absent: bool| {
        let of = seen.states.iter().filter(|(_, s)| (*s == State::Absent) == absent);
        of.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (gone, left) = (named(true), named(false));
    (!gone.is_empty() && !left.is_empty()).then(|| {
        format!(
            "of what this statement drops, {gone} is not there and {left} is: it may have gone half way, as this server drops one \
             after the other. Look whether the rest shall go too, and write DROP … IF EXISTS to repeat it"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(version: &str, sql: &str) -> Effect {
        let facts = sql_mysql::DIALECT.classify(sql);
        effect(Flavor::read(version, ""), sql, &facts)
    }

    #[test]
    fn knows_what_can_be_seen() {
        for (sql, expect) in [
            ("create table t (a int)", Effect::Shown),
            ("create or replace table t (a int)", Effect::NewTable),
            ("create temporary table t (a int)", Effect::Hidden),
            ("create table t as select 1", Effect::Shown),
            ("create view v as select 1", Effect::Shown),
            ("alter table t add a int", Effect::Shown),
            ("alter table t engine=innodb", Effect::NewTable),
            ("alter table t exchange partition p with table u", Effect::Hidden),
            ("create event e on schedule at now() do select 1", Effect::Hidden),
            ("create event e on schedule every 1 day do select 1", Effect::Shown),
            ("create function f returns int soname 'x'", Effect::Hidden),
            ("grant all on *.* to a", Effect::Hidden),
            ("optimize table t", Effect::Hidden),
            ("call p()", Effect::Hidden),
            ("alter procedure p comment 'x'", Effect::Shown),
            ("create server s foreign data wrapper mysql options (user 'x')", Effect::Hidden),
        ] {
            assert_eq!(of("9.7.4", sql), expect, "{sql}");
        }
        // The table keeps its time, on both.
        assert_eq!(of("9.7.4", "truncate t"), Effect::Hidden);
        assert_eq!(of("5.7.40", "create table t select 1"), Effect::Hidden);
        assert_eq!(of("10.11.2-MariaDB", "alter sequence s restart"), Effect::Hidden);
    }

    #[test]
    fn secrets_and_programs_are_not_kept() {
        let remote =
            "CREATE TABLE `t` (`a` int) ENGINE=FEDERATED CONNECTION='mysql://u:secret@h/d/t'";
        assert!(!kept(remote, "", false).contains("secret"));
        assert!(!kept("CREATE PROCEDURE p() select 'secret'", "", true).contains("secret"));
        assert_ne!(kept("a", "", true), kept("a", "ANSI_QUOTES", true));
        assert_eq!(kept("CREATE TABLE `t` (`a` int)", "", false), "CREATE TABLE `t` (`a` int)");
    }
}
