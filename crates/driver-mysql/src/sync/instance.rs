//! What the server is, and what it holds.

use std::collections::BTreeMap;

use engine::{DatabaseInfo, Failure, FailureKind, InstanceInfo, RoleInfo, ServerInfo};
use mysql_async::Conn;

use crate::flavor::{Flavor, Product};
use crate::rows::{Cells, read};

/// Databases of the servers themselves.
const SYSTEM: &str = "'information_schema', 'performance_schema', 'mysql', 'sys', 'ndbinfo', 'metrics_schema', \
                      'oceanbase', '__recyclebin'";

pub(crate) async fn flavor(conn: &mut Conn) -> Result<Flavor, Failure> {
    let mut row = one(conn, "SELECT VERSION(), @@version_comment").await?;
    Ok(Flavor::read(&row.text(0), &row.text(1)))
}

pub(crate) async fn server(conn: &mut Conn, flavor: Flavor) -> Result<ServerInfo, Failure> {
    let super_read_only =
        if flavor.is_mysql((5, 7, 8)) { " OR @@GLOBAL.super_read_only" } else { "" };
    let mut row =
        one(conn, &format!("SELECT VERSION(), @@GLOBAL.read_only{super_read_only}")).await?;
    let (version, read_only) = (row.text(0), row.flag(1));
    Ok(ServerInfo { version, identity: identity(conn, flavor).await?, read_only })
}

/// The server's own unique id; where it has none, a fingerprint of what tells servers apart.
pub(crate) async fn identity(conn: &mut Conn, flavor: Flavor) -> Result<String, Failure> {
    let unique = if flavor.is_mariadb() { "@@server_uid" } else { "@@server_uuid" };
    match one(conn, &format!("SELECT {unique}")).await {
        Ok(mut row) => return Ok(row.text(0)),
        // Older MariaDB, TiDB and OceanBase have no such variable.
        Err(f) if f.kind == FailureKind::Server => {}
        Err(f) => return Err(f),
    }
    let mut row = one(conn, "SELECT @@hostname, @@port, @@datadir").await?;
    let traits = [row.text(0), row.text(1), row.text(2)].join("\n");
    Ok(base::id::sha256_hex(traits.as_bytes()))
}

pub(crate) async fn instance(conn: &mut Conn, flavor: Flavor) -> Result<InstanceInfo, Failure> {
    let server = server(conn, flavor).await?;
    let sql = format!(
        "SELECT schema_name, default_character_set_name, default_collation_name
         FROM information_schema.schemata WHERE LOWER(schema_name) NOT IN ({SYSTEM})"
    );
    let mut databases: Vec<_> = read(conn, &sql)
        .await?
        .into_iter()
        .map(|mut row| DatabaseInfo {
            name: row.text(0),
            owner: String::new(),
            character_set: row.text(1),
            collation: row.text(2),
        })
        .collect();
    databases.sort_by(|a, b| a.name.cmp(&b.name));
    let roles = if flavor.product == Product::Oceanbase { Vec::new() } else { roles(conn).await? };
    Ok(InstanceInfo { server, databases, roles })
}

/// Users and roles with their global privileges: all of them for an account that may read them, else its own.
async fn roles(conn: &mut Conn) -> Result<Vec<RoleInfo>, Failure> {
    let sql =
        "SELECT grantee, privilege_type, is_grantable FROM information_schema.user_privileges";
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mut row in read(conn, sql).await? {
        let (name, privilege, grantable) = (row.text(0), row.text(1), row.flag(2));
        let privileges = by_name.entry(name).or_default();
        if privilege != "USAGE" {
            privileges.push(privilege);
        }
        let option = "GRANT OPTION".to_owned();
        if grantable && !privileges.contains(&option) {
            privileges.push(option);
        }
    }
    let role = |(name, mut privileges): (String, Vec<String>)| {
        privileges.sort();
        RoleInfo { name, attributes: privileges.join(", ") }
    };
    Ok(by_name.into_iter().map(role).collect())
}

/// The first row; empty when there is none.
pub(crate) async fn one(conn: &mut Conn, sql: &str) -> Result<Cells, Failure> {
    Ok(read(conn, sql).await?.into_iter().next().unwrap_or_default())
}
