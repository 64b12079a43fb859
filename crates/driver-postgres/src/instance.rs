//! The server: version, identity, databases, roles.

use engine::{DatabaseInfo, Failure, InstanceInfo, RoleInfo, ServerInfo};
use tokio_postgres::Client;

use crate::rows;

pub async fn server(client: &Client, identity: String) -> Result<ServerInfo, Failure> {
    const SQL: &str =
        "SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery()";
    let mut info = ServerInfo { identity, ..ServerInfo::default() };
    rows::each(client, SQL, |row| {
        // `15.18 (Debian 15.18-0+deb12u1)`: the packager's words are not the version.
        info.version = row.text().split(' ').next().unwrap_or_default().to_owned();
        info.read_only = row.bool();
    })
    .await?;
    Ok(info)
}

/// The roles whose rights the session has.
pub async fn roles(client: &Client) -> Result<Vec<String>, Failure> {
    const SQL: &str = "SELECT rolname FROM pg_catalog.pg_roles \
        WHERE pg_catalog.pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname = current_user DESC, rolname";
    let mut roles = Vec::new();
    rows::each(client, SQL, |row| roles.push(row.text())).await?;
    Ok(roles)
}

pub async fn sync_instance(client: &Client, identity: String) -> Result<InstanceInfo, Failure> {
    const DATABASES: &str = "SELECT d.datname, pg_catalog.pg_get_userbyid(d.datdba), \
        pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate FROM pg_catalog.pg_database d \
        WHERE d.datallowconn AND NOT d.datistemplate";
    const ROLES: &str = "SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, \
        rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil FROM pg_catalog.pg_roles \
        WHERE rolname !~ '^pg_'";
    let mut info =
        InstanceInfo { server: server(client, identity).await?, ..InstanceInfo::default() };
    rows::each(client, DATABASES, |row| {
        info.databases.push(DatabaseInfo {
            name: row.text(),
            owner: row.text(),
            character_set: row.text(),
            collation: row.text(),
        });
    })
    .await?;
    rows::each(client, ROLES, |row| {
        let name = row.text();
        let mut attributes: Vec<String> = Vec::new();
        for (word, when) in [
            ("SUPERUSER", true),
            ("NOINHERIT", false),
            ("CREATEROLE", true),
            ("CREATEDB", true),
            ("NOLOGIN", false),
            ("REPLICATION", true),
            ("BYPASSRLS", true),
        ] {
            if row.bool() == when {
                attributes.push(word.to_owned());
            }
        }
        if let Some(limit) = row.number::<i32>().filter(|n| *n >= 0) {
            attributes.push(format!("CONNECTION LIMIT {limit}"));
        }
        if let Some(until) = row.opt() {
            attributes.push(format!("VALID UNTIL '{until}'"));
        }
        info.roles.push(RoleInfo { name, attributes: attributes.join(", ") });
    })
    .await?;
    info.databases.sort_by(|a, b| a.name.cmp(&b.name));
    info.roles.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(info)
}
