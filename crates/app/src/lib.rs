//! app

pub mod cx;
pub mod gate;
pub mod ports;
