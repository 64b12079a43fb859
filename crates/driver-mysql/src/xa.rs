//! Our transactions, and what became of them.
//!
//! A transaction that somebody may ask about is a global one (XA): prepared, it outlives its session under its own name, until whoever
//! comes next commits it or rolls it back. COMMIT is sent only after the answer to [`Transactions::prepare`] is on our own disk, so:
//! nothing on the disk, then it is rolled back; something on the disk, then it is committed, or was.
//!
//! Servers where a prepared transaction ends with its session get a plain transaction, about which nothing can be proved.

mod verdict;

use std::collections::BTreeMap;

use engine::{FailureKind, StatementFailure, Transaction};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};

use crate::classify_error::{code, statement_failure};
use crate::flavor::{Flavor, Product};
use crate::history::{self, Server};
use crate::rows::cells;

pub(crate) use verdict::verdict;

/// Keys of [`engine::Proof::facts`].
mod fact {
    pub const HOW: &str = "how";
    pub const BECAUSE: &str = "because";
    pub const SERVER: &str = "server";
    pub const HISTORY: &str = "history";
    pub const FORGETFUL_SINCE: &str = "forgetful_since";
    /// Of [`HOW`].
    pub const XA: &str = "xa";
    pub const NONE: &str = "none";
}

/// What this session has open, and what is known about its server.
#[derive(Debug, Default)]
pub(crate) struct Transactions {
    open: Open,
    /// Why there are no global transactions here; None before it was asked.
    ability: Option<Result<(), String>>,
    server: Option<Server>,
    /// The session has made temporary tables.
    temporary: bool,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
enum Open {
    /// Nothing of ours. The script may have its own.
    #[default]
    Nothing,
    Plain {
        because: String,
    },
    Active(String),
    Prepared(String),
}

impl Transactions {
    /// Looks at a statement that is going to run.
    pub fn see(&mut self, statement: &str) {
        self.temporary = self.temporary || makes_temporary_table(statement);
    }

    pub async fn begin(
        &mut self,
        conn: &mut Conn,
        flavor: Flavor,
        transaction: &Transaction,
    ) -> Result<(), StatementFailure> {
        let id = &transaction.id;
        refuse_name(id)?;
        if let Some(level) = transaction.isolation {
            let sql = format!("SET TRANSACTION ISOLATION LEVEL {}", level.as_sql());
            control(conn, &sql).await?;
        }
        let why_plain = if id.is_empty() {
            Some("nobody was going to ask about it".to_owned())
        } else if self.temporary && flavor.is_mysql((8, 0, 29)) {
            Some("the session has temporary tables, and this server allows none in XA".to_owned())
        } else {
            self.ability(conn, flavor).await?.err()
        };
        let because = match why_plain {
            Some(because) => because,
            None => match conn.query_drop(format!("XA START '{id}'")).await {
                Ok(()) => {
                    self.open = Open::Active(id.clone());
                    return Ok(());
                }
                Err(Error::Server(e)) if is_unsupported(e.code) => {
                    let because = format!("the server refuses XA: {}", e.message);
                    self.ability = Some(Err(because.clone()));
                    because
                }
                Err(e) => return Err(statement_failure(e, "")),
            },
        };
        control(conn, "START TRANSACTION").await?;
        self.open = Open::Plain { because };
        Ok(())
    }

    /// Prepares the transaction, and gives what [`verdict`] asks by.
    pub async fn prepare(
        &mut self,
        conn: &mut Conn,
        flavor: Flavor,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        let because = match &self.open {
            Open::Active(id) => {
                let id = id.clone();
                return self.prepare_global(conn, flavor, id).await;
            }
            Open::Plain { because } => because.as_str(),
            Open::Nothing => "the transaction is the script's own",
            Open::Prepared(_) => "it is prepared already",
        };
        let facts = [(fact::HOW, fact::NONE), (fact::BECAUSE, because)];
        Ok(facts.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    async fn prepare_global(
        &mut self,
        conn: &mut Conn,
        flavor: Flavor,
        id: String,
    ) -> Result<BTreeMap<String, String>, StatementFailure> {
        let server = self.server(conn, flavor).await?;
        // The history of right before: what is not contained in a later one was lost together with our transaction.
        let sql = format!("SELECT {}; XA END '{id}'; XA PREPARE '{id}'", history::position(flavor));
        let position = first_value(conn, &sql).await.map_err(|e| statement_failure(e, ""))?;
        self.open = Open::Prepared(id);
        let mut facts = BTreeMap::from([
            (fact::HOW.to_owned(), fact::XA.to_owned()),
            (fact::SERVER.to_owned(), server.identity),
            (fact::HISTORY.to_owned(), position),
        ]);
        if let Some(since) = server.forgetful_since {
            facts.insert(fact::FORGETFUL_SINCE.to_owned(), since.to_string());
        }
        Ok(facts)
    }

    pub async fn commit(&mut self, conn: &mut Conn) -> Result<(), StatementFailure> {
        match &self.open {
            Open::Nothing | Open::Plain { .. } => control(conn, "COMMIT").await?,
            Open::Active(id) => {
                let sql = format!("XA END '{id}'; XA COMMIT '{id}' ONE PHASE");
                control(conn, &sql).await?;
            }
            Open::Prepared(id) => {
                let sql = format!("XA COMMIT '{id}'");
                // Whatever was said: it stays prepared until somebody ends it, or somebody has. So it must be asked.
                control(conn, &sql).await.map_err(|failure| StatementFailure {
                    message: format!("{}: what became of {id} must be asked", failure.message),
                    connection_lost: true,
                    ..failure
                })?;
            }
        }
        self.open = Open::Nothing;
        Ok(())
    }

    /// Undoes what is open, in whatever state it is: also when the server has undone it by itself (a deadlock).
    pub async fn rollback(&mut self, conn: &mut Conn) -> Result<(), StatementFailure> {
        match &self.open {
            Open::Nothing | Open::Plain { .. } => control(conn, "ROLLBACK").await?,
            Open::Active(id) => {
                // Fails when it has ended, or can only be rolled back; ROLLBACK then says what matters.
                let ended = conn.query_drop(format!("XA END '{id}'")).await;
                if let Err(e) = ended
                    && !matches!(e, Error::Server(_))
                {
                    return Err(statement_failure(e, ""));
                }
                match conn.query_drop(format!("XA ROLLBACK '{id}'")).await {
                    Ok(()) => {}
                    Err(Error::Server(e)) if e.code == code::XA_UNKNOWN || is_undone(e.code) => {}
                    Err(e) => return Err(statement_failure(e, "")),
                }
            }
            Open::Prepared(id) => match conn.query_drop(format!("XA ROLLBACK '{id}'")).await {
                Ok(()) => {}
                Err(Error::Server(e)) if is_undone(e.code) => {}
                // It stays prepared, or somebody else has ended it: the end of this session undoes nothing.
                Err(e) => {
                    let failure = statement_failure(e, "");
                    return Err(StatementFailure {
                        message: format!("{}: what became of {id} must be asked", failure.message),
                        connection_lost: true,
                        ..failure
                    });
                }
            },
        }
        self.open = Open::Nothing;
        Ok(())
    }

    /// Whether a prepared transaction outlives its session here; if not, why.
    pub async fn ability(
        &mut self,
        conn: &mut Conn,
        flavor: Flavor,
    ) -> Result<Result<(), String>, StatementFailure> {
        if let Some(known) = &self.ability {
            return Ok(known.clone());
        }
        let ability = match outlives(flavor) {
            false => Err(format!(
                "{:?} {}.{}.{} does not keep a prepared transaction when its session ends",
                flavor.product, flavor.version.0, flavor.version.1, flavor.version.2
            )),
            true => {
                let asked = "SHOW SESSION VARIABLES LIKE 'wsrep_on'";
                let found: Option<(String, String)> =
                    conn.query_first(asked).await.map_err(|e| statement_failure(e, asked))?;
                match found {
                    Some((_, on)) if on.eq_ignore_ascii_case("ON") || on == "1" => {
                        Err("a Galera cluster has no XA".to_owned())
                    }
                    _ => Ok(()),
                }
            }
        };
        self.ability = Some(ability.clone());
        Ok(ability)
    }

    async fn server(
        &mut self,
        conn: &mut Conn,
        flavor: Flavor,
    ) -> Result<Server, StatementFailure> {
        if let Some(known) = &self.server {
            return Ok(known.clone());
        }
        let server = history::server(conn, flavor).await.map_err(|failure| StatementFailure {
            connection_lost: conn.is_disconnected(),
            ..StatementFailure::new(failure.kind, failure.message)
        })?;
        self.server = Some(server.clone());
        Ok(server)
    }
}

/// A clear word about what a global transaction does not allow.
pub(crate) fn explained(
    failure: StatementFailure,
    flavor: Flavor,
    open: &Transactions,
) -> StatementFailure {
    if !matches!(open.open, Open::Active(_)) {
        return failure;
    }
    let hint = match failure.code.parse() {
        Ok(code::XA_STATE) => {
            "this statement commits by itself or ends a transaction, and runs inside one of Basalt's: write -- txn-mode = off \
             before the first statement"
        }
        // MariaDB uses the number for something else.
        Ok(code::XA_TEMPORARY) if !flavor.is_mariadb() => {
            "this server allows no temporary tables inside the transactions by which Basalt proves what was committed: make the \
             table by a statement of the same script, or put the statements between BEGIN and COMMIT of their own"
        }
        _ => return failure,
    };
    StatementFailure {
        message: format!("{}. {hint}", failure.message.trim_end_matches('.')),
        ..failure
    }
}

/// MySQL since 5.7.7 and MariaDB since 10.5 keep a prepared transaction when its session ends.
fn outlives(flavor: Flavor) -> bool {
    match flavor.product {
        Product::Mysql => flavor.version >= (5, 7, 7),
        Product::Mariadb => flavor.version >= (10, 5, 0),
        Product::Tidb | Product::Oceanbase => false,
    }
}

/// Syntax; unknown command; not supported by the engine; not yet supported; not with this option.
const fn is_unsupported(code: u16) -> bool {
    matches!(code, 1064 | 1047 | 1178 | 1235 | 1289 | 1290)
}

/// The server has rolled the branch back: by itself, for a deadlock, for a time limit.
const fn is_undone(code: u16) -> bool {
    matches!(code, 1402 | 1613 | 1614)
}

fn refuse_name(id: &str) -> Result<(), StatementFailure> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if plain && id.len() <= 60 {
        return Ok(());
    }
    let why =
        format!("{id:?} cannot name a transaction: at most 60 ASCII letters, digits and - can");
    Err(StatementFailure::new(FailureKind::Unsupported, why))
}

pub(crate) fn makes_temporary_table(statement: &str) -> bool {
    let mut words = sql_mysql::parse::Words::new(statement);
    words.eat("CREATE") && {
        words.eat_all(&["OR", "REPLACE"]);
        words.eat("TEMPORARY")
    }
}

async fn control(conn: &mut Conn, sql: &str) -> Result<(), StatementFailure> {
    conn.query_drop(sql).await.map_err(|e| statement_failure(e, ""))
}

/// The first value of several statements in one message, all of which must succeed.
async fn first_value(conn: &mut Conn, sql: &str) -> Result<String, Error> {
    let mut result = conn.query_iter(sql).await?;
    let rows: Vec<mysql_async::Row> = result.collect().await?;
    result.drop_result().await?;
    Ok(rows.into_iter().next().map(|row| cells(row).text(0)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_smuggle_in_sql() {
        assert!(refuse_name("run-01ab-7").is_ok() && refuse_name("").is_ok());
        for bad in ["a'b", "a b", "ä", &"x".repeat(61)] {
            assert_eq!(refuse_name(bad).unwrap_err().kind, FailureKind::Unsupported, "{bad}");
        }
    }

    #[test]
    fn knows_who_keeps_prepared_transactions() {
        for (version, comment, keeps) in [
            ("5.7.6", "", false),
            ("5.7.44-log", "", true),
            ("10.4.30-MariaDB", "", false),
            ("10.5.0-MariaDB", "", true),
            ("8.0.11-TiDB-v7.5.0", "TiDB Server", false),
            ("5.7.25", "OceanBase_CE 4.3", false),
        ] {
            assert_eq!(outlives(Flavor::read(version, comment)), keeps, "{version}");
        }
    }

    #[test]
    fn notices_temporary_tables() {
        assert!(makes_temporary_table("/* x */ create or replace temporary table t (a int)"));
        assert!(!makes_temporary_table("create table temporary (a int)"));
    }
}
