//! The table of database engines: number and name on the wire, and what each can do.
//!
//! This is the one place outside an engine's own family that may tell engines apart.

use serde::{Deserialize, Serialize};

macro_rules! engines {
    ($($kind:ident $number:literal $wire:literal $title:literal $family:ident port $port:literal { $($cap:ident),* $(,)? })*) => {
        /// A kind of database. The discriminant is the wire number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum EngineKind { $(#[serde(rename = $wire)] $kind = $number,)* }

        impl EngineKind {
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The enum value's name on the wire.
            pub const fn wire_name(self) -> &'static str {
                match self { $(Self::$kind => $wire,)* }
            }

            /// The name people know.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title,)* }
            }

            /// Engines of a family share dialect and driver.
            pub const fn family(self) -> Family {
                match self { $(Self::$kind => Family::$family,)* }
            }

            /// The usual port; 0 where there is none.
            pub const fn default_port(self) -> u16 {
                match self { $(Self::$kind => $port,)* }
            }

            /// What this engine can do.
            pub fn capabilities(self) -> Capabilities {
                #[allow(unused_mut, clippy::allow_attributes, reason = "some rows of the table are empty")]
                let mut c = Capabilities::default();
                match self { $(Self::$kind => { $(c.$cap = true;)* })* }
                c
            }
        }
    };
}

/// What an engine can do, as far as plans, pages and checks need to know. All false unless the table says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capabilities {
    /// DDL can be rolled back with its transaction.
    pub transactional_ddl: bool,
    /// Has schemas between database and table.
    pub schemas: bool,
    /// Listens on host and port (else: a file).
    pub network: bool,
    /// The server has roles or users that we list.
    pub roles: bool,
    /// Databases can be created by a statement.
    pub create_database: bool,
    /// EXPLAIN gives an estimate of affected rows.
    pub explain_rows: bool,
    /// A running statement can be cancelled from another session.
    pub cancel: bool,
    /// Blocking sessions can be read.
    pub blocking_sessions: bool,
}

/// Engines that share a dialect and a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Postgres,
    Mysql,
    Sqlite,
    Clickhouse,
    Snowflake,
    Oracle,
    Mssql,
    Document,
    Other,
}

impl Family {
    /// Whether `--` begins a comment only when a blank follows.
    pub const fn wants_blank_after_dashes(self) -> bool {
        matches!(self, Self::Mysql)
    }

    /// A name as it stands in a statement, whatever letters it has.
    pub fn quoted(self, name: &str) -> String {
        match self {
            Self::Mysql | Self::Clickhouse => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }
}

engines! {
    Clickhouse 1 "CLICKHOUSE" "ClickHouse" Clickhouse port 8123 { network }
    Mysql 2 "MYSQL" "MySQL" Mysql port 3306 { network, roles, create_database, explain_rows, cancel, blocking_sessions }
    Postgres 3 "POSTGRES" "PostgreSQL" Postgres port 5432 { network, schemas, roles, transactional_ddl, create_database, explain_rows, cancel, blocking_sessions }
    Snowflake 4 "SNOWFLAKE" "Snowflake" Snowflake port 443 { network, schemas }
    Sqlite 5 "SQLITE" "SQLite" Sqlite port 0 { transactional_ddl, create_database, cancel }
    Tidb 6 "TIDB" "TiDB" Mysql port 4000 { network, roles, create_database, explain_rows, cancel }
    Mongodb 7 "MONGODB" "MongoDB" Document port 27017 { network }
    Redis 8 "REDIS" "Redis" Document port 6379 { network }
    Oracle 9 "ORACLE" "Oracle" Oracle port 1521 { network, schemas }
    Spanner 10 "SPANNER" "Spanner" Other port 443 { network, schemas }
    Mssql 11 "MSSQL" "SQL Server" Mssql port 1433 { network, schemas }
    Redshift 12 "REDSHIFT" "Redshift" Postgres port 5439 { network, schemas, transactional_ddl }
    Mariadb 13 "MARIADB" "MariaDB" Mysql port 3306 { network, roles, create_database, explain_rows, cancel, blocking_sessions }
    Oceanbase 14 "OCEANBASE" "OceanBase" Mysql port 2881 { network, roles, create_database }
    Starrocks 15 "STARROCKS" "StarRocks" Mysql port 9030 { network }
    Doris 16 "DORIS" "Doris" Mysql port 9030 { network }
    Hive 17 "HIVE" "Hive" Other port 10000 { network }
    Elasticsearch 18 "ELASTICSEARCH" "Elasticsearch" Document port 9200 { network }
    Bigquery 19 "BIGQUERY" "BigQuery" Other port 443 { network, schemas }
    Dynamodb 20 "DYNAMODB" "DynamoDB" Document port 443 { network }
    Databricks 21 "DATABRICKS" "Databricks" Other port 443 { network, schemas }
    Cockroachdb 22 "COCKROACHDB" "CockroachDB" Postgres port 26257 { network, schemas, roles }
    Cosmosdb 23 "COSMOSDB" "Cosmos DB" Document port 443 { network }
    Trino 24 "TRINO" "Trino" Other port 8080 { network, schemas }
    Cassandra 25 "CASSANDRA" "Cassandra" Other port 9042 { network }
}

impl EngineKind {
    /// The number on the wire.
    pub const fn number(self) -> i32 {
        self as i32
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.number() == number)
    }

    pub fn from_wire_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.wire_name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_the_family_does() {
        assert_eq!(Family::Mysql.quoted("a`b"), "`a``b`");
        assert_eq!(Family::Postgres.quoted("a\"B"), "\"a\"\"B\"");
    }

    #[test]
    fn numbers_and_names_are_unique_and_go_both_ways() {
        for k in EngineKind::ALL {
            assert_eq!(EngineKind::from_number(k.number()), Some(*k));
            assert_eq!(EngineKind::from_wire_name(k.wire_name()), Some(*k));
        }
        assert_eq!(EngineKind::from_number(0), None);
        assert!(EngineKind::Postgres.capabilities().transactional_ddl);
        assert!(!EngineKind::Mysql.capabilities().transactional_ddl);
    }
}
