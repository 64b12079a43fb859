//! driver-mysql
