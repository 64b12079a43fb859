//! Large texts by content: sheets, schema texts, snapshots. One text is kept once, however many refer to it.

use std::collections::HashMap;

use base::id::sha256_hex;

use crate::db::Conn;
use crate::error::{Result, StoreError};
use crate::sql::sql;

/// Fast, and SQL text compresses well at any level.
const LEVEL: i32 = 3;
/// Larger work leaves the async threads.
const INLINE: usize = 64 * 1024;

/// Bytes that are hashed and compressed, ready to write: do this before the transaction.
#[derive(Debug, Clone)]
pub struct Packed {
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Before compression.
    pub size: i64,
    body: Vec<u8>,
}

impl Packed {
    pub async fn new(bytes: Vec<u8>) -> Result<Self> {
        off_thread(bytes.len(), move || {
            let body = zstd::encode_all(bytes.as_slice(), LEVEL)
                .map_err(|e| StoreError::Mistake(format!("zstd: {e}")))?;
            Ok(Self {
                sha256: sha256_hex(&bytes),
                size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                body,
            })
        })
        .await
    }
}

/// Keeps it, if it is not there yet.
pub async fn put(conn: &mut Conn, packed: &Packed) -> Result<()> {
    // Looked for first: a tenant's hundredth equal schema must not travel to the database.
    if size(conn, &packed.sha256).await?.is_some() {
        return Ok(());
    }
    let text =
        "INSERT INTO blob (sha256, size, body) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING";
    conn.run(sql(text).bind(&packed.sha256).bind(packed.size).bind(packed.body.clone())).await?;
    Ok(())
}

/// Packs and keeps; gives the hash. For small texts: large ones are packed before the transaction.
pub async fn put_bytes(conn: &mut Conn, bytes: impl Into<Vec<u8>>) -> Result<String> {
    let packed = Packed::new(bytes.into()).await?;
    put(conn, &packed).await?;
    Ok(packed.sha256)
}

/// The whole content; checked against its hash.
pub async fn get(conn: &mut Conn, sha256: &str) -> Result<Option<Vec<u8>>> {
    let Some((body, size)) = packed_body(conn, sha256).await? else { return Ok(None) };
    unpack(sha256.to_owned(), body, size).await.map(Some)
}

async fn unpack(name: String, body: Vec<u8>, size: usize) -> Result<Vec<u8>> {
    let unpack = move || {
        let bytes = zstd::decode_all(body.as_slice())
            .map_err(|e| StoreError::corrupt(format!("blob {name}"), e))?;
        if sha256_hex(&bytes) != name {
            return Err(StoreError::corrupt(
                format!("blob {name}"),
                "its content has another hash",
            ));
        }
        Ok(bytes)
    };
    off_thread(size, unpack).await
}

/// The content as text. A blob that is not UTF-8 is [`StoreError::Corrupt`]: texts are checked before they come here.
pub async fn text(conn: &mut Conn, sha256: &str) -> Result<Option<String>> {
    let bytes = get(conn, sha256).await?;
    bytes.map(|bytes| as_text(sha256, bytes)).transpose()
}

/// The contents of several as texts; those that are not there are absent. For few or small ones: all are in memory.
pub async fn texts(conn: &mut Conn, sha256s: &[&str]) -> Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    for batch in sha256s.chunks(crate::BATCH) {
        let mut text = sql("SELECT sha256, body, size FROM blob WHERE sha256 IN ");
        text.push_list(batch.iter().copied());
        for row in conn.all(text).await? {
            let name = row.text("sha256")?;
            let size = usize::try_from(row.int("size")?).unwrap_or(0);
            let bytes = unpack(name.clone(), row.bytes("body")?, size).await?;
            let text = as_text(&name, bytes)?;
            found.insert(name, text);
        }
    }
    Ok(found)
}

fn as_text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|e| StoreError::corrupt(format!("blob {name}"), e))
}

/// At most the first `limit` bytes, and the full size.
pub async fn head(conn: &mut Conn, sha256: &str, limit: usize) -> Result<Option<(Vec<u8>, i64)>> {
    let Some((body, size)) = packed_body(conn, sha256).await? else { return Ok(None) };
    let name = sha256.to_owned();
    let unpack = move || {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        zstd::Decoder::new(body.as_slice())
            .and_then(|d| d.take(limit).read_to_end(&mut bytes))
            .map_err(|e| StoreError::corrupt(format!("blob {name}"), e))?;
        Ok(bytes)
    };
    let bytes = off_thread(limit.min(size), unpack).await?;
    Ok(Some((bytes, i64::try_from(size).unwrap_or(i64::MAX))))
}

/// Bytes before compression of many blobs; those that are not there are absent.
pub async fn sizes(conn: &mut Conn, sha256s: &[impl AsRef<str>]) -> Result<HashMap<String, i64>> {
    let mut out = HashMap::new();
    for batch in sha256s.chunks(crate::BATCH) {
        let mut text = sql("SELECT sha256, size FROM blob WHERE sha256 IN ");
        text.push_list(batch.iter().map(AsRef::as_ref));
        for row in conn.all(text).await? {
            out.insert(row.text("sha256")?, row.int("size")?);
        }
    }
    Ok(out)
}

/// Bytes before compression; None when there is no such blob.
pub async fn size(conn: &mut Conn, sha256: &str) -> Result<Option<i64>> {
    let row = conn.optional(sql("SELECT size FROM blob WHERE sha256 = $1").bind(sha256)).await?;
    row.map(|r| r.int("size")).transpose()
}

async fn packed_body(conn: &mut Conn, sha256: &str) -> Result<Option<(Vec<u8>, usize)>> {
    let text = sql("SELECT body, size FROM blob WHERE sha256 = $1").bind(sha256);
    let Some(row) = conn.optional(text).await? else { return Ok(None) };
    Ok(Some((row.bytes("body")?, usize::try_from(row.int("size")?).unwrap_or(0))))
}

/// Runs at once when there is little to do.
pub(crate) async fn off_thread<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    if bytes <= INLINE {
        return work();
    }
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| StoreError::Mistake(format!("a worker thread failed: {e}")))?
}
