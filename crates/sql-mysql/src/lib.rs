//! sql-mysql
