//! Sheets: which project may read which blob. The SQL itself is a blob ([`crate::blobs`]), kept once for all projects.

use base::Time;

use crate::blobs::{self, Packed};
use crate::db::{Conn, Row};
use crate::error::Result;
use crate::rows::Sheet;
use crate::sql::sql;

const SELECT: &str =
    "SELECT sheet.*, blob.size AS size FROM sheet JOIN blob ON blob.sha256 = sheet.sha256";

/// Keeps the text and lets the project read it. A sheet that is there already stays as it is.
pub async fn insert(
    conn: &mut Conn,
    project: &str,
    packed: &Packed,
    creator: &str,
    now: Time,
) -> Result<Sheet> {
    blobs::put(conn, packed).await?;
    let text = "INSERT INTO sheet (project, sha256, creator, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (project, sha256) DO NOTHING";
    let insert = sql(text).bind(project).bind(&packed.sha256).bind(creator).bind(now);
    let inserted = conn.run(insert).await;
    inserted.map_err(|e| e.about(format!("projects/{project}/sheets/{}", packed.sha256)))?;
    let found = get(conn, project, &packed.sha256).await?;
    Ok(found.unwrap_or_else(|| Sheet {
        project: project.to_owned(),
        sha256: packed.sha256.clone(),
        size: packed.size,
        creator: creator.to_owned(),
        created_at: now,
    }))
}

/// Without the text: see [`blobs::text`] and [`blobs::head`].
pub async fn get(conn: &mut Conn, project: &str, sha256: &str) -> Result<Option<Sheet>> {
    Ok(get_many(conn, project, &[sha256.to_owned()]).await?.pop())
}

pub async fn get_many(conn: &mut Conn, project: &str, sha256s: &[String]) -> Result<Vec<Sheet>> {
    let mut found = Vec::new();
    for batch in sha256s.chunks(crate::BATCH) {
        let mut text = sql(SELECT);
        text.push(" WHERE sheet.project = ").push_bind(project);
        text.push(" AND sheet.sha256 IN ").push_list(batch);
        for row in conn.all(text).await? {
            found.push(sheet(&row)?);
        }
    }
    Ok(found)
}

fn sheet(row: &Row) -> Result<Sheet> {
    Ok(Sheet {
        project: row.text("project")?,
        sha256: row.text("sha256")?,
        size: row.int("size")?,
        creator: row.text("creator")?,
        created_at: row.time("created_at")?,
    })
}
