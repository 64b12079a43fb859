//! Every query function on both backends: `store_tests!` makes two tests of each body.

#[macro_use]
mod support;

mod accounts;
mod databases;
mod lists;
mod plans;
mod runs;
