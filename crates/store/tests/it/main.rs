//! Every query function on both backends: `store_tests!` makes two tests of each body.

#[macro_use]
mod support;

mod accounts;
mod audit;
mod backups;
mod databases;
mod lists;
mod opening;
mod plans;
mod runs;
mod trail;
