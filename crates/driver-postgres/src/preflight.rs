//! What could stop or slow a change, found before its first statement.
//!
//! Stands between "run" and the first statement, so: all queries are set-based and sent at once, one round trip for the lot, and none
//! waits for a lock. Only a pooler that shows itself costs a connection more.

mod blockers;
mod needs;
mod objects;
mod pooler;

use engine::{Failure, Finding, FindingLevel, Preflight};
use sql::StatementClass;
use tokio_postgres::Client;

use crate::rows;
use needs::Needs;

pub use pooler::Connection;

pub async fn preflight(
    client: &Client,
    major: u32,
    connection: &Connection<'_>,
    ask: &Preflight<'_>,
) -> Result<Vec<Finding>, Failure> {
    let needs = Needs::of(ask.statements);
    // The client sends what is asked at once, without waiting for the answers before it.
    let (server, objects, schemas, blockers) = tokio::try_join!(
        server(client),
        objects::objects(client, major, &needs),
        objects::schemas(client, &needs),
        blockers::blockers(client, &needs, ask.blockers_older_than),
    )?;
    let mut findings = Vec::new();
    if let Some(finding) = pooler::judge(connection, &server.backend).await {
        findings.push(finding);
    }
    let writes = ask.statements.iter().any(|(_, facts)| {
        !matches!(facts.kind.class(), StatementClass::Query | StatementClass::Session)
    });
    findings.extend(server.judge(writes, &needs));
    for list in [objects, schemas, blockers] {
        findings.extend(list);
    }
    findings.sort_by_key(|f| std::cmp::Reverse(f.level));
    Ok(findings)
}

/// A server and what the role may do in it.
#[derive(Default)]
struct Server {
    backend: String,
    is_replica: bool,
    is_read_only: bool,
    role: String,
    makes_databases: bool,
    makes_schemas: bool,
}

async fn server(client: &Client) -> Result<Server, Failure> {
    const SQL: &str = "SELECT pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(), \
        pg_catalog.current_setting('transaction_read_only') = 'on', r.rolname, \
        r.rolsuper OR r.rolcreatedb, \
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') \
        FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
    let mut server = Server::default();
    rows::each(client, SQL, |row| {
        server = Server {
            backend: row.text(),
            is_replica: row.bool(),
            is_read_only: row.bool(),
            role: row.text(),
            makes_databases: row.bool(),
            makes_schemas: row.bool(),
        };
    })
    .await?;
    Ok(server)
}

impl Server {
    fn judge(&self, writes: bool, needs: &Needs) -> Vec<Finding> {
        let mut found = Vec::new();
        if self.is_replica {
            found.push(Finding::new(
                "REPLICA",
                FindingLevel::Stop,
                "this server is a replica and takes no changes: point the data source at the primary",
            ));
        } else if self.is_read_only && writes {
            found.push(Finding::new(
                "READ_ONLY",
                FindingLevel::Stop,
                "transactions are read-only here (default_transaction_read_only): set it off for this role or database, or use another role",
            ));
        }
        let mut missing = |needed: bool, has: bool, what: &str, grant: &str| {
            if needed && !has {
                found.push(needs.missing(format!("role {} may not {what}: {grant}", self.role)));
            }
        };
        missing(
            needs.makes_database,
            self.makes_databases,
            "create databases",
            "ALTER ROLE … CREATEDB",
        );
        missing(
            needs.makes_schema,
            self.makes_schemas,
            "create schemas in this database",
            "GRANT CREATE ON DATABASE … to it",
        );
        found
    }
}
