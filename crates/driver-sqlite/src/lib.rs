//! driver-sqlite
