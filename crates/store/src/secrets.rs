//! Secrets: encrypted values, one row a field of a resource, and the rotation of their key.

use std::collections::HashMap;
use std::path::Path;

use base::Secret;

use crate::db::{Conn, Db};
use crate::error::{Result, StoreError};
use crate::key::{self, Key};
use crate::sql::sql;
use crate::vault::{Vault, place};
use crate::{audit, meta};

const COLUMN: &str = "secret/body";

/// Encrypts and keeps a value; the empty value removes it. `owner` is a resource name, `field` a path in it.
pub async fn put(conn: &mut Conn, owner: &str, field: &str, value: &Secret) -> Result<()> {
    if value.is_empty() {
        let text = "DELETE FROM secret WHERE owner = $1 AND field = $2";
        conn.run(sql(text).bind(owner).bind(field)).await?;
        return Ok(());
    }
    // A rotation waits for us, or we see that it was faster: nothing is written with a key that is gone.
    let stored = meta::get_for_update(conn, meta::KEY_FINGERPRINT).await?.unwrap_or_default();
    let given = conn.vault().fingerprint();
    if stored != given {
        return Err(StoreError::WrongKey { stored, given: given.to_owned() });
    }
    let body = conn.vault().seal(&place(COLUMN, &[owner, field]), value.expose().as_bytes())?;
    let text = "INSERT INTO secret (owner, field, body) VALUES ($1, $2, $3)
        ON CONFLICT (owner, field) DO UPDATE SET body = excluded.body";
    conn.run(sql(text).bind(owner).bind(field).bind(body)).await?;
    Ok(())
}

/// The decrypted value.
pub async fn get(conn: &mut Conn, owner: &str, field: &str) -> Result<Option<Secret>> {
    let text = sql("SELECT field, body FROM secret WHERE owner = $1 AND field = $2");
    let Some(row) = conn.optional(text.bind(owner).bind(field)).await? else { return Ok(None) };
    open(conn.vault(), owner, field, &row.bytes("body")?).map(Some)
}

/// All fields of a resource below `prefix`, decrypted, by path.
pub async fn all_of(conn: &mut Conn, owner: &str, prefix: &str) -> Result<Vec<(String, Secret)>> {
    let rows = conn
        .all(sql("SELECT field, body FROM secret WHERE owner = $1 ORDER BY field").bind(owner))
        .await?;
    let mut out = Vec::new();
    for row in rows {
        let field = row.text("field")?;
        if field.starts_with(prefix) {
            let value = open(conn.vault(), owner, &field, &row.bytes("body")?)?;
            out.push((field, value));
        }
    }
    Ok(out)
}

/// Which fields of each of many resources are set, without decrypting them; resources without secrets are absent.
pub async fn fields_of(conn: &mut Conn, owners: &[String]) -> Result<HashMap<String, Vec<String>>> {
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for batch in owners.chunks(crate::BATCH) {
        let mut text = sql("SELECT owner, field FROM secret WHERE owner IN ");
        text.push_list(batch).push(" ORDER BY field");
        for row in conn.all(text).await? {
            out.entry(row.text("owner")?).or_default().push(row.text("field")?);
        }
    }
    Ok(out)
}

pub async fn delete_all_of(conn: &mut Conn, owner: &str) -> Result<()> {
    conn.run(sql("DELETE FROM secret WHERE owner = $1").bind(owner)).await?;
    Ok(())
}

/// Encrypts every secret anew with `new`, in one transaction, and gives their number. `db` was opened with the old key.
///
/// `key_file` is where the key lives, None when it comes from the environment. The new key is put beside it before the
/// commit and takes its place after, so that no moment exists at which the store's key is nowhere. Servers that run on a
/// shared store must be restarted with the new key: until then they fail closed.
pub async fn rotate_key(db: &Db, new: &Key, key_file: Option<&Path>) -> Result<usize> {
    let next = key_file.map(key::next_file);
    if let Some(next) = &next {
        // Left by a rotation that did not commit: the store does not know it, else it would have been completed.
        match std::fs::remove_file(next) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io(next)(e));
            }
            _ => new.write(next)?,
        }
    }
    let vault = db.vault().renewed(new);
    let mut tx = db.begin().await?;
    let stored = meta::get_for_update(&mut tx, meta::KEY_FINGERPRINT).await?.unwrap_or_default();
    if stored != db.vault().fingerprint() {
        let given = db.vault().fingerprint().to_owned();
        return Err(StoreError::WrongKey { stored, given });
    }
    let rows = tx.all(sql("SELECT owner, field, body FROM secret")).await?;
    for row in &rows {
        let (owner, field) = (row.text("owner")?, row.text("field")?);
        let here = place(COLUMN, &[&owner, &field]);
        let plain = db.vault().open(&here, &row.bytes("body")?)?;
        let body = vault.seal(&here, plain.expose())?;
        let text = "UPDATE secret SET body = $3 WHERE owner = $1 AND field = $2";
        tx.run(sql(text).bind(owner).bind(field).bind(body)).await?;
    }
    audit::sign_head_with(&mut tx, &vault).await?;
    meta::put(&mut tx, meta::KEY_FINGERPRINT, vault.fingerprint()).await?;
    tx.commit().await?;
    if let (Some(next), Some(file)) = (&next, key_file) {
        key::replace(next, file)?;
    }
    Ok(rows.len())
}

fn open(vault: &Vault, owner: &str, field: &str, body: &[u8]) -> Result<Secret> {
    let plain = vault.open(&place(COLUMN, &[owner, field]), body)?;
    let text = std::str::from_utf8(plain.expose())
        .map_err(|e| StoreError::corrupt(format!("secret {owner}/{field}"), e))?;
    Ok(Secret::from(text))
}
