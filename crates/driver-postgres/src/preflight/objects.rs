//! Rights on the relations and schemas that a change names, their size, and what is wrong with their indexes.

use engine::{Failure, Finding, FindingLevel};
use sql_postgres::quote::{identifier, literal, qualified};
use tokio_postgres::Client;

use super::needs::{Need, Needs};
use crate::{rows, witness};

/// Smaller tables are rewritten before anybody notices.
const BIG: u64 = 16 << 20;

/// The relations as rows `(n, name)` of a list; None when there are none.
pub fn listed(needs: &Needs) -> Option<String> {
    let rows: Vec<String> = needs
        .relations
        .iter()
        .enumerate()
        .map(|(n, ((schema, name), need))| {
            let name = literal(&qualified(schema, name));
            format!("({n}, {name}::text, {}, {}, {})", need.definition, need.rows, need.concurrent)
        })
        .collect();
    let list = rows.join(", ");
    (!rows.is_empty())
        .then(|| format!("(VALUES {list}) w(n, name, definition, changed, concurrent)"))
}

pub async fn objects(client: &Client, major: u32, needs: &Needs) -> Result<Vec<Finding>, Failure> {
    let Some(list) = listed(needs) else { return Ok(Vec::new()) };
    // The size comes from the catalog: asking for the file's would wait for who has locked the table.
    let privileges: Vec<String> = PRIVILEGES
        .iter()
        .map(|p| {
            let columns = if matches!(*p, "INSERT" | "UPDATE") {
                format!(" OR pg_catalog.has_any_column_privilege(t.oid, '{p}')")
            } else {
                String::new()
            };
            format!("CASE WHEN t.relkind IN ('r', 'p', 'v', 'f', 'm') THEN pg_catalog.has_table_privilege(t.oid, '{p}'){columns} ELSE true END")
        })
        .collect();
    let sql = format!(
        "SELECT w.n, current_user, pg_catalog.pg_get_userbyid(t.relowner), \
         pg_catalog.pg_has_role(t.relowner, 'USAGE'), pg_catalog.pg_has_role(s.nspowner, 'USAGE'), {}, \
         t.relpages::bigint * pg_catalog.current_setting('block_size')::bigint, \
         pg_catalog.to_json(ARRAY(SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) {} \
         WHERE x.indrelid = t.oid AND {} ORDER BY 1)) \
         FROM {list} JOIN pg_catalog.pg_class t ON t.oid = pg_catalog.to_regclass(w.name) \
         JOIN pg_catalog.pg_namespace s ON s.oid = t.relnamespace ORDER BY w.n",
        privileges.join(", "),
        witness::INDEX_FROM,
        witness::left_invalid(major),
    );
    let names: Vec<_> = needs.relations.iter().collect();
    let mut found = Vec::new();
    rows::each(client, &sql, |row| {
        let Some(((schema, name), need)) = row.number::<usize>().and_then(|n| names.get(n)) else {
            return;
        };
        let shown = qualified(schema, name);
        let (role, owner) = (row.text(), row.text());
        let (is_owner, owns_schema) = (row.bool(), row.bool());
        for privilege in PRIVILEGES {
            if !row.bool() && need.privileges.contains(privilege) {
                found.push(needs.missing(format!(
                    "role {role} may not {privilege} in {shown}: GRANT {privilege} ON {shown} TO {}",
                    identifier(&role)
                )));
            }
        }
        if let Some(what) = not_owned(need, is_owner, owns_schema) {
            found.push(needs.missing(format!(
                "{shown} belongs to {owner}, and role {role} is not a member of it: it may not be {what}; GRANT {} TO {}, or run the change as the owner (setting role)",
                identifier(&owner),
                identifier(&role)
            )));
        }
        let size: u64 = row.number().unwrap_or(0);
        if need.rewrite && size >= BIG {
            found.push(Finding::new(
                "REWRITE",
                FindingLevel::Warning,
                format!(
                    "{shown} has about {} MB and may be written anew as a whole, locked against everybody: have that much free disk and more for its indexes and WAL, and time without users",
                    size >> 20
                ),
            ));
        }
        for index in row.list() {
            found.push(Finding::new(
                "INVALID_INDEX",
                FindingLevel::Warning,
                format!("index {index} is INVALID: no query uses it and every write pays for it; DROP INDEX CONCURRENTLY {index} and make it again, or REINDEX it"),
            ));
        }
    })
    .await?;
    Ok(found)
}

const PRIVILEGES: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"];

fn not_owned(need: &Need, is_owner: bool, owns_schema: bool) -> Option<&'static str> {
    if need.owner && !is_owner {
        return Some("altered");
    }
    (need.drop && !is_owner && !owns_schema).then_some("dropped")
}

/// A schema that is not there is not judged: the change may make it.
pub async fn schemas(client: &Client, needs: &Needs) -> Result<Vec<Finding>, Failure> {
    if needs.schemas.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> =
        needs.schemas.iter().map(|s| format!("({}::text)", literal(s))).collect();
    let sql = format!(
        "SELECT s.nspname, current_user FROM (VALUES {}) w(name) JOIN pg_catalog.pg_namespace s \
         ON s.nspname = CASE w.name WHEN '' THEN pg_catalog.current_schema() ELSE w.name END \
         WHERE NOT pg_catalog.has_schema_privilege(s.oid, 'CREATE') ORDER BY 1",
        list.join(", ")
    );
    let mut found = Vec::new();
    rows::each(client, &sql, |row| {
        let (schema, role) = (row.text(), row.text());
        found.push(needs.missing(format!(
            "role {role} may not create anything in schema {schema}: GRANT CREATE ON SCHEMA {} TO {}",
            identifier(&schema),
            identifier(&role)
        )));
    })
    .await?;
    Ok(found)
}
