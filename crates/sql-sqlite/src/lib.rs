//! sql-sqlite
