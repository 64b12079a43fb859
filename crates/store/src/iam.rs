//! Policies that bind members to roles: one of the workspace, one a project.

use base::Time;

use crate::changed_one;
use crate::db::{Conn, Row, Topic};
use crate::error::Result;
use crate::payload::{decode, encode};
use crate::rows::IamPolicy;
use crate::sql::sql;

/// The policy of `workspaces/default` or `projects/{project}`; None when none was ever set.
pub async fn get(conn: &mut Conn, resource: &str) -> Result<Option<IamPolicy>> {
    let text = sql("SELECT * FROM iam_policy WHERE resource = $1").bind(resource);
    conn.optional(text).await?.as_ref().map(policy).transpose()
}

pub async fn get_many(conn: &mut Conn, resources: &[String]) -> Result<Vec<IamPolicy>> {
    let mut found = Vec::new();
    for batch in resources.chunks(crate::BATCH) {
        let mut text = sql("SELECT * FROM iam_policy WHERE resource IN ");
        text.push_list(batch).push(" ORDER BY resource");
        for row in conn.all(text).await? {
            found.push(policy(&row)?);
        }
    }
    Ok(found)
}

/// Every policy there is: to find what a person may see, and who holds a role.
pub async fn all(conn: &mut Conn) -> Result<Vec<IamPolicy>> {
    let rows = conn.all(sql("SELECT * FROM iam_policy ORDER BY resource")).await?;
    rows.iter().map(policy).collect()
}

/// Sets it. `row.version` is 0 for the first policy of a resource, else the stored version.
pub async fn put(conn: &mut Conn, row: &mut IamPolicy, now: Time) -> Result<()> {
    let body = encode(&row.policy)?;
    if row.version == 0 {
        let text =
            "INSERT INTO iam_policy (resource, payload, version, updated_at) VALUES ($1, $2, 1, $3)
            ON CONFLICT (resource) DO NOTHING";
        let insert = sql(text).bind(&row.resource).bind(body).bind(now);
        changed_one(conn.run(insert).await?, || row.resource.clone())?;
    } else {
        let text = "UPDATE iam_policy SET payload = $3, updated_at = $4, version = version + 1
            WHERE resource = $1 AND version = $2";
        let update = sql(text).bind(&row.resource).bind(row.version).bind(body).bind(now);
        changed_one(conn.run(update).await?, || row.resource.clone())?;
    }
    (row.version, row.updated_at) = (row.version + 1, now);
    conn.wake(Topic::Access, &row.resource).await
}

fn policy(row: &Row) -> Result<IamPolicy> {
    let resource = row.text("resource")?;
    Ok(IamPolicy {
        policy: decode(&format!("policy of {resource}"), &row.text("payload")?)?,
        version: row.int("version")?,
        updated_at: row.time("updated_at")?,
        resource,
    })
}
