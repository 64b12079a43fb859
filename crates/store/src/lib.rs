//! The metadata store: what Basalt knows, over SQLite or PostgreSQL.
//!
//! Invariants: SQL for the metadata stands in this crate only; a backend is named in [`db`] only; secrets leave this crate
//! decrypted but never rest in it so; a query function does not decide, it reads or writes what it is told.
//!
//! # Using it
//!
//! ```no_run
//! # async fn example(now: base::Time) -> Result<(), store::StoreError> {
//! use store::{Db, Filter, List, Options, projects};
//!
//! let db = Db::open(Options::sqlite("data")).await?; // or Options::postgres(url, "data".as_ref())
//! let mut conn = db.read().await?; // many at a time; a write through it fails
//! let mut args = List::of(Filter::eq(projects::TITLE, "Shop"));
//! args.size = 50;
//! let page = projects::list(&mut conn, &args).await?;
//! drop(conn);
//!
//! let mut tx = db.begin().await?; // writes; SQLite has one at a time: await nothing else inside
//! let mut shop = projects::get(&mut tx, "shop").await?.expect("made before");
//! shop.title = "The shop".to_owned();
//! projects::update(&mut tx, &mut shop, now).await?; // StoreError::Stale if another was faster
//! store::events::append(&mut tx, "projects/shop", "project", &shop.version.to_string(), now).await?;
//! tx.commit().await?; // dropped instead: nothing happened
//! # Ok(()) }
//! ```
//!
//! # Conventions
//!
//! - One file a resource, named as its table in plural; functions are verbs; the first argument is `&mut Conn` (a
//!   [`Tx`] derefs to it). A function that writes more than one row must be called with a transaction.
//! - `get` gives an Option; `get_many` skips what is not there; `list` takes a [`List`] (filter, order, page) and gives a
//!   page. Ids are bare (`shop`), not names (`projects/shop`); messages carry names.
//! - `insert(conn, &mut row)` sets `row.version = 1`; a taken key is [`StoreError::Exists`]. `update(conn, &mut row, now)`
//!   writes only if `row.version` is still the stored one, else [`StoreError::Stale`]; then it counts it up. The version is
//!   the etag.
//! - Fields that a list can be filtered or ordered by are constants beside it, all of them in its `FIELDS`. A field's
//!   name is the one in filters and order_by.
//! - Time comes in as an argument; leases alone use the database's clock.
//! - A change wakes whoever waits for it: [`Conn::wake`], [`Db::wakes`]. Pages are told by [`events::append`].
//! - Lists of things with parts: load the parts of all with one call (`of_many`), never one by one.
//!
//! # Adding a resource
//!
//! Table in a *new* file of migrations/ (and its line in db/migrate.rs; PostgreSQL's words: TEXT, BIGINT, BYTEA) → structs in
//! rows/ → a file of queries here, with a line in `backup::TABLES` → a test in tests/it/ within `store_tests!`, which runs it
//! on both backends. SQL must mean the same on both: `$1` placeholders, no booleans, CAST(… AS BIGINT) around sums, COLLATE
//! only through `words()`, lower-cased `search` columns written by Rust, UNIQUE constraints without names.

pub mod addresses;
pub mod approvals;
mod archive;
pub mod audit;
pub mod backup;
pub mod blobs;
mod by_email;
pub mod catalogs;
pub mod changelogs;
pub mod checkpoints;
mod counters;
pub mod databases;
pub mod db;
pub mod drafts;
pub mod emergencies;
pub mod error;
pub mod events;
pub mod filter;
pub mod groups;
pub mod iam;
pub mod identity_links;
pub mod identity_providers;
pub mod instances;
pub mod issue_comments;
pub mod issues;
pub mod key;
mod labels;
pub mod login_failures;
pub mod mail_codes;
pub mod marks;
pub mod meta;
pub mod org_policies;
pub mod outbox;
pub mod page;
mod pairs;
mod payload;
pub mod plan_checks;
pub mod plans;
pub mod preferences;
mod programs;
pub mod projects;
pub mod query_histories;
pub mod releases;
pub mod repositories;
pub mod repository_syncs;
pub mod restore;
pub mod review_configs;
pub mod revisions;
pub mod roles;
pub mod rows;
pub mod secrets;
pub mod service_accounts;
pub mod sessions;
pub mod settings;
pub mod sheets;
pub mod sign_ons;
mod sql;
pub mod task_run_logs;
pub mod task_runs;
pub mod tasks;
pub mod users;
mod vault;
pub mod webhooks;
pub mod workload_identities;

pub use db::{Conn, Db, Options, Topic, Tx, Wake};
pub use error::{Result, StoreError};
pub use filter::{Field, FieldKind, Filter};
pub use key::Key;
pub use page::{List, Order};
pub use sql::Value;

/// Keys asked for in one statement: below what either backend can bind, and few enough to plan quickly.
pub(crate) const BATCH: usize = 500;

/// What an update with a version in its condition comes to: it touched one row, or somebody was faster.
pub(crate) fn changed_one(rows: u64, name: impl FnOnce() -> String) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Stale(name())) }
}
