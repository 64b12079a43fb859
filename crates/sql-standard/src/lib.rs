//! Engines whose language needs few words of its own: standard SQL, Trino, ClickHouse, Databricks, Hive, Cassandra,
//! Cosmos DB, DynamoDB. Each is a [`Language`].
//!
//! There is no parser yet: see `sql::Reader` for what text alone can tell.

mod batch;
mod document;
mod lake;

use base::EngineKind;
use sql::{Language, Reader};

static PLAIN: Language = Language::PLAIN;

/// SQL as it is written, for engines of which nothing is known. It takes the quotes and comments of the standard.
pub static STANDARD: &'static dyn Reader = &PLAIN;

pub fn reader(kind: EngineKind) -> Option<&'static dyn Reader> {
    Some(match kind {
        EngineKind::Trino => &lake::TRINO,
        EngineKind::Clickhouse => &lake::CLICKHOUSE,
        EngineKind::Databricks => &lake::DATABRICKS,
        EngineKind::Hive => &lake::HIVE,
        EngineKind::Cassandra => &document::CASSANDRA,
        EngineKind::Cosmosdb => &document::COSMOSDB,
        EngineKind::Dynamodb => &document::DYNAMODB,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use sql::Purity;

    use super::*;

    #[test]
    fn the_standard_has_its_quotes_only() {
        let script = "select 'a\\'; select \"b;\" /* ; */ -- ;\n; select [c;]";
        assert_eq!(STANDARD.split(script).len(), 4);
        assert!(!STANDARD.purity("explain select 1").is_certain());
        assert_eq!(STANDARD.purity("select a from t"), Purity::Reads);
    }
}
