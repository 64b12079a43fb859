//! driver-postgres
