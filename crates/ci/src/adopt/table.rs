//! Finds the history table of a migration tool in a database and reads it, through the API alone.

use api::bytebase::v1::row_value::Kind;
use api::bytebase::v1::{
    Database, DatabaseMetadata, GetDatabaseMetadataRequest, GetDatabaseRequest, QueryRequest,
    QueryResponse, RowValue, SyncDatabaseRequest, SyncDatabaseResponse,
};
use base::EngineKind;
use base::engine::Family;

use super::tool::Tool;
use crate::failure::{Exit, Failure, Result};
use crate::remote::Remote;
use crate::tell;

/// Rows that are asked for at once.
const PAGE: i32 = 1_000;

/// What the caller said of the table.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub tool: Option<Tool>,
    pub schema: Option<String>,
    pub table: Option<String>,
}

/// A table that holds a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub tool: Tool,
    /// Empty on engines without schemas.
    pub schema: String,
    pub table: String,
    pub family: Family,
    /// Of the order of rows, as the table spells them.
    order: Vec<String>,
    /// The table of the same schema in which sqitch keeps what failed.
    events: Option<String>,
}

/// Text of each cell; None is NULL.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rows {
    columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

impl Rows {
    #[cfg(test)]
    pub fn of(columns: &[&str], rows: &[&[&str]]) -> Self {
        let cell = |c: &&str| (*c != "NULL").then(|| (*c).to_owned());
        Self {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            rows: rows.iter().map(|r| r.iter().map(cell).collect()).collect(),
        }
    }

    /// The cell of that column, whatever its case; empty for NULL.
    pub fn cell<'a>(&self, row: &'a [Option<String>], column: &str) -> &'a str {
        let at = self.columns.iter().position(|c| c.eq_ignore_ascii_case(column));
        at.and_then(|at| row.get(at)?.as_deref()).unwrap_or_default()
    }
}

impl Wanted {
    /// What was named and is in no catalog of the target: on MySQL, a registry that is a database of its own.
    fn assumed(&self, family: Family) -> Option<Place> {
        let (tool, schema) = (self.tool?, self.schema.clone()?);
        let table = self.table.clone().unwrap_or_else(|| tool.tables()[0].to_owned());
        let order = tool.order().iter().map(|c| (*c).to_owned()).collect();
        let events = (tool == Tool::Sqitch).then(|| "events".to_owned());
        Some(Place { tool, schema, table, family, order, events })
    }
}

impl Place {
    /// As people write it.
    pub fn name(&self) -> String {
        match self.schema.as_str() {
            "" => self.table.clone(),
            schema => format!("{schema}.{}", self.table),
        }
    }
}

/// The tables of the database that may be meant, read from a fresh sync.
pub async fn find(remote: &Remote, target: &str, wanted: &Wanted) -> Result<Vec<Place>> {
    let family = family(remote, target).await?;
    let sync = SyncDatabaseRequest { name: target.to_owned() };
    if let Err(error) =
        remote.make::<SyncDatabaseResponse>("DatabaseService/SyncDatabase", &sync).await
    {
        tell::note(&format!("{target} is read as it was at the last sync: {error}"));
    }
    let request =
        GetDatabaseMetadataRequest { name: format!("{target}/metadata"), ..Default::default() };
    let metadata: DatabaseMetadata =
        remote.read("DatabaseService/GetDatabaseMetadata", &request).await?;
    let found = among(&metadata, wanted, family);
    Ok(if found.is_empty() { wanted.assumed(family).into_iter().collect() } else { found })
}

fn among(metadata: &DatabaseMetadata, wanted: &Wanted, family: Family) -> Vec<Place> {
    let mut found = Vec::new();
    for schema in &metadata.schemas {
        if wanted.schema.as_ref().is_some_and(|s| *s != schema.name) {
            continue;
        }
        let beside: Vec<&str> = schema.tables.iter().map(|t| t.name.as_str()).collect();
        for table in &schema.tables {
            let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
            let Some(tool) = Tool::of(&columns, &beside) else { continue };
            let is_named = match &wanted.table {
                Some(name) => *name == table.name,
                None => tool.tables().iter().any(|t| t.eq_ignore_ascii_case(&table.name)),
            };
            // Only what people say tells these two apart when Rails' second table is gone.
            let alike =
                |a, b| matches!((a, b), (Tool::Dbmate, Tool::Rails) | (Tool::Rails, Tool::Dbmate));
            let tool = match wanted.tool {
                Some(wanted) if alike(wanted, tool) => wanted,
                Some(wanted) if wanted != tool => continue,
                _ => tool,
            };
            if is_named {
                let spelled = |name: &&str| {
                    columns.iter().find(|c| c.eq_ignore_ascii_case(name)).map(|c| (*c).to_owned())
                };
                let order = tool.order().iter().filter_map(spelled).collect();
                let events = (tool == Tool::Sqitch && beside.contains(&"events"))
                    .then(|| "events".to_owned());
                found.push(Place {
                    tool,
                    schema: schema.name.clone(),
                    table: table.name.clone(),
                    family,
                    order,
                    events,
                });
            }
        }
    }
    found
}

/// All rows, in their order.
pub async fn read(remote: &Remote, target: &str, place: &Place) -> Result<Rows> {
    let order: Vec<&str> = place.order.iter().map(String::as_str).collect();
    select(remote, target, place, &place.table, &order).await
}

/// What sqitch says of deploys that failed.
pub async fn read_events(remote: &Remote, target: &str, place: &Place) -> Result<Rows> {
    let Some(table) = &place.events else { return Ok(Rows::default()) };
    select(remote, target, place, table, &["committed_at", "change_id", "event"]).await
}

async fn select(
    remote: &Remote,
    target: &str,
    place: &Place,
    table: &str,
    order: &[&str],
) -> Result<Rows> {
    let family = place.family;
    let from = match place.schema.as_str() {
        "" => family.quoted(table),
        schema => format!("{}.{}", family.quoted(schema), family.quoted(table)),
    };
    let by = order.iter().map(|c| family.quoted(c)).collect::<Vec<_>>().join(", ");
    let mut all = Rows::default();
    loop {
        let request = QueryRequest {
            name: target.to_owned(),
            statement: format!(
                "SELECT * FROM {from} ORDER BY {by} LIMIT {PAGE} OFFSET {}",
                all.rows.len()
            ),
            limit: PAGE,
            ..QueryRequest::default()
        };
        let answer: QueryResponse = remote.read("SQLService/Query", &request).await?;
        let failed = |why: &str| {
            Failure::new(Exit::Server, format!("{target}: {} cannot be read: {why}", place.name()))
        };
        let Some(result) = answer.results.into_iter().next() else {
            return Err(failed("the answer has no result"));
        };
        if !result.error.is_empty() {
            return Err(failed(&result.error));
        }
        if result.masked.iter().any(|m| !m.algorithm.is_empty()) {
            return Err(failed("its columns are masked for you"));
        }
        let came = result.rows.len();
        let text = |row: api::bytebase::v1::QueryRow| row.values.into_iter().map(cell).collect();
        all.rows.extend(result.rows.into_iter().map(text));
        all.columns = result.column_names;
        // The server may allow fewer rows than were asked for.
        if came == 0 || (came < PAGE as usize && result.truncation == 0) {
            return Ok(all);
        }
    }
}

async fn family(remote: &Remote, target: &str) -> Result<Family> {
    let request = GetDatabaseRequest { name: target.to_owned() };
    let database: Database = remote.read("DatabaseService/GetDatabase", &request).await?;
    let engine = database.instance_resource.map_or(0, |instance| instance.engine);
    Ok(EngineKind::from_number(engine).map_or(Family::Other, EngineKind::family))
}

fn cell(value: RowValue) -> Option<String> {
    match value.kind? {
        Kind::NullValue(_) => None,
        Kind::BoolValue(v) => Some(v.to_string()),
        Kind::BytesValue(v) => Some(String::from_utf8_lossy(&v).into_owned()),
        Kind::DoubleValue(v) => Some(v.to_string()),
        Kind::FloatValue(v) => Some(v.to_string()),
        Kind::Int32Value(v) => Some(v.to_string()),
        Kind::Int64Value(v) => Some(v.to_string()),
        Kind::StringValue(v) => Some(v),
        Kind::Uint32Value(v) => Some(v.to_string()),
        Kind::Uint64Value(v) => Some(v.to_string()),
        // No tool keeps such values where we look.
        Kind::ValueValue(_) | Kind::TimestampValue(_) | Kind::TimestampTzValue(_) => None,
    }
}
