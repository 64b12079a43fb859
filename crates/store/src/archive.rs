//! The backup's file format: zstd over lines of JSON, the same for both backends.
//!
//! ```text
//! {"basalt_backup":1,"schema_version":1,"key_fingerprint":"…","created_at":…}
//! {"table":"meta","columns":[["key","text"],["value","text"]]}
//! ["audit_head","…"]
//! …
//! {"end":{"meta":{"rows":3,"checksum":"…"},…}}
//! ```
//! Bytes are base64. A table's checksum is the sum of the hashes of its lines: it does not depend on their order, which the
//! backends do not agree on. A file without its last line was cut off.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base::Time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::db::Row;
use crate::error::{Result, StoreError};
use crate::sql::Value;

const FORMAT: u32 = 1;
const LEVEL: i32 = 3;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(rename = "basalt_backup")]
    format: u32,
    pub schema_version: i64,
    /// Of the key that the secrets inside are encrypted with. The key itself is not inside.
    pub key_fingerprint: String,
    pub created_at: Time,
}

/// Rows of a table and their checksum.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    pub rows: i64,
    pub checksum: String,
}

/// Adds up the hashes of lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summing {
    rows: i64,
    sum: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Int,
    Text,
    Bytes,
}

#[derive(Debug, Serialize, Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<(String, Type)>,
}

#[derive(Debug, Serialize, Deserialize)]
struct EndLine {
    end: BTreeMap<String, Sum>,
}

/// Writes an archive.
pub(crate) struct Writer {
    path: PathBuf,
    out: zstd::Encoder<'static, File>,
    sums: BTreeMap<String, Sum>,
}

/// Reads an archive.
pub(crate) struct Reader {
    path: PathBuf,
    lines: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    pub(crate) header: Header,
    table: Option<(String, Vec<(String, Type)>)>,
    summing: Summing,
    found: BTreeMap<String, Sum>,
}

/// One step through an archive.
pub(crate) enum Item {
    /// A table begins: its name and columns.
    Table(String, Vec<String>),
    Row(Vec<Value>),
    /// The end, with every sum checked.
    End(BTreeMap<String, Sum>),
}

impl Header {
    pub(crate) const fn new(
        schema_version: i64,
        key_fingerprint: String,
        created_at: Time,
    ) -> Self {
        Self { format: FORMAT, schema_version, key_fingerprint, created_at }
    }
}

impl Summing {
    pub(crate) fn add(&mut self, line: &[u8]) {
        let digest = Sha256::digest(line);
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
        self.rows += 1;
    }

    pub(crate) fn finish(&self) -> Sum {
        Sum { rows: self.rows, checksum: format!("{:032x}", self.sum) }
    }
}

impl Writer {
    /// Makes a new file with mode 0600.
    pub(crate) fn create(path: &Path, header: &Header) -> Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(StoreError::io(path))?;
        let mut out = zstd::Encoder::new(file, LEVEL).map_err(StoreError::io(path))?;
        out.include_checksum(true).map_err(StoreError::io(path))?;
        let mut writer = Self { path: path.to_owned(), out, sums: BTreeMap::new() };
        writer.line(header)?;
        Ok(writer)
    }

    /// Begins a table; `first` is any of its rows, None when it has none.
    pub(crate) fn table(&mut self, name: &str, first: Option<&Row>) -> Result<()> {
        let columns = first.map(columns).transpose()?.unwrap_or_default();
        self.line(&TableLine { table: name.to_owned(), columns })
    }

    pub(crate) fn row(&mut self, line: &[u8]) -> Result<()> {
        self.out
            .write_all(line)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(StoreError::io(&self.path))
    }

    pub(crate) fn sum(&mut self, table: &str, sum: Sum) {
        self.sums.insert(table.to_owned(), sum);
    }

    /// Makes the file durable.
    pub(crate) fn finish(mut self) -> Result<()> {
        let end = EndLine { end: std::mem::take(&mut self.sums) };
        self.line(&end)?;
        let file = self.out.finish().map_err(StoreError::io(&self.path))?;
        file.sync_all().map_err(StoreError::io(&self.path))
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        let json = serde_json::to_vec(line).map_err(|e| StoreError::Mistake(e.to_string()))?;
        self.row(&json)
    }
}

impl Reader {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(StoreError::io(path))?;
        let bad = |why: String| StoreError::BadBackup { path: path.to_owned(), why };
        let decoder = zstd::Decoder::new(file).map_err(|e| bad(e.to_string()))?;
        let mut lines = BufReader::new(decoder);
        let mut first = Vec::new();
        // The first line is short; anything else is no backup, and may be endless.
        let limited = lines.by_ref().take(4096).read_until(b'\n', &mut first);
        limited.map_err(|_| bad("it is not one of `basalt backup`".to_owned()))?;
        let header: Header = serde_json::from_slice(&first)
            .map_err(|_| bad("it is not one of `basalt backup`".to_owned()))?;
        if header.format != FORMAT {
            return Err(bad(format!("its format {} is not known here", header.format)));
        }
        Ok(Self {
            path: path.to_owned(),
            lines,
            header,
            table: None,
            summing: Summing::default(),
            found: BTreeMap::new(),
        })
    }

    /// The next step. After [`Item::End`] there is none.
    pub(crate) fn next(&mut self) -> Result<Item> {
        let mut line = Vec::new();
        match self.lines.read_until(b'\n', &mut line) {
            Ok(_) if line.pop() == Some(b'\n') => {}
            Ok(_) => return Err(self.bad("it was cut off")),
            Err(e) => return Err(self.bad(format!("it was cut off or altered: {e}"))),
        }
        if line.first() == Some(&b'[') {
            self.summing.add(&line);
            let values = self.values(&line)?;
            return Ok(Item::Row(values));
        }
        self.end_table();
        if let Ok(EndLine { end }) = serde_json::from_slice(&line) {
            if end != self.found {
                return Err(self.bad("rows are missing or altered"));
            }
            self.check_end()?;
            return Ok(Item::End(end));
        }
        let begun: TableLine = serde_json::from_slice(&line)
            .map_err(|e| self.bad(format!("a line is no row: {e}")))?;
        let names = begun.columns.iter().map(|(name, _)| name.clone()).collect();
        self.table = Some((begun.table.clone(), begun.columns));
        Ok(Item::Table(begun.table, names))
    }

    /// Nothing may follow, and zstd's own checksum, which comes last, must fit.
    fn check_end(&mut self) -> Result<()> {
        let mut rest = [0];
        match self.lines.read(&mut rest) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.bad("something follows its end")),
            Err(e) => Err(self.bad(format!("it was cut off or altered: {e}"))),
        }
    }

    fn end_table(&mut self) {
        if let Some((table, _)) = self.table.take() {
            self.found.insert(table, std::mem::take(&mut self.summing).finish());
        }
    }

    fn values(&self, line: &[u8]) -> Result<Vec<Value>> {
        let cells: Vec<Json> =
            serde_json::from_slice(line).map_err(|e| self.bad(format!("a row: {e}")))?;
        let Some((_, columns)) = &self.table else { return Err(self.bad("a row of no table")) };
        if cells.len() != columns.len() {
            return Err(self.bad("a row has not as many values as its table has columns"));
        }
        cells
            .into_iter()
            .zip(columns)
            .map(|(cell, (name, r#type))| {
                value(cell, *r#type).ok_or_else(|| self.bad(format!("a value of {name}")))
            })
            .collect()
    }

    fn bad(&self, why: impl Into<String>) -> StoreError {
        StoreError::BadBackup { path: self.path.clone(), why: why.into() }
    }
}

/// A row as its line: the same text whichever backend it came from.
pub(crate) fn line_of(row: &Row) -> Result<Vec<u8>> {
    let cells: Vec<Json> = (0..row.width())
        .map(|i| {
            Ok(match row.value(i)? {
                Value::Int(v) => Json::from(v),
                Value::Text(v) => Json::from(v),
                Value::Bytes(v) => Json::from(v.map(|b| STANDARD.encode(b))),
            })
        })
        .collect::<Result<_>>()?;
    serde_json::to_vec(&cells).map_err(|e| StoreError::Mistake(e.to_string()))
}

fn columns(row: &Row) -> Result<Vec<(String, Type)>> {
    let names = row.columns().into_iter().enumerate();
    names
        .map(|(i, name)| {
            let r#type = match row.value(i)? {
                Value::Int(_) => Type::Int,
                Value::Text(_) => Type::Text,
                Value::Bytes(_) => Type::Bytes,
            };
            Ok((name, r#type))
        })
        .collect()
}

fn value(cell: Json, r#type: Type) -> Option<Value> {
    match (r#type, cell) {
        (Type::Int, Json::Null) => Some(Value::Int(None)),
        (Type::Text, Json::Null) => Some(Value::Text(None)),
        (Type::Bytes, Json::Null) => Some(Value::Bytes(None)),
        (Type::Int, Json::Number(n)) => n.as_i64().map(Value::from),
        (Type::Text, Json::String(s)) => Some(Value::from(s)),
        (Type::Bytes, Json::String(s)) => STANDARD.decode(s).ok().map(Value::from),
        _ => None,
    }
}
