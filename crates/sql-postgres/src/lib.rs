//! sql-postgres
