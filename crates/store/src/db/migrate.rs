//! The store's own schema: one list of migrations in PostgreSQL's words, rewritten for SQLite.
//!
//! Invariants: a landed file is never edited; each runs in one transaction with its bookkeeping, so a server that dies
//! half way leaves the schema of before, and the next start completes it. A file's checksum is of its own text, so
//! that a better rewriting does not make old stores look tampered with.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::error::{Result, StoreError};

/// Number, title, text. Add new ones at the end.
const MIGRATIONS: &[(i64, &str, &str)] =
    &[(1, "foundation", include_str!("../../migrations/0001_foundation.sql"))];

/// The schema version that this build makes.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// sqlx's bookkeeping table.
pub(super) const BOOKKEEPING: &str = "_sqlx_migrations";

/// Brings the store behind `conn` to `target`. The caller keeps others out (SQLite: file lock; PostgreSQL: the migrator
/// takes an advisory lock).
pub(super) async fn run<C: Migrate>(
    conn: &mut C,
    rewrite: fn(&'static str) -> Cow<'static, str>,
    target: i64,
) -> Result<()> {
    let migrations = MIGRATIONS.iter().map(|(version, title, text)| {
        let original = Migration::new(
            *version,
            Cow::Borrowed(*title),
            MigrationType::Simple,
            text.into_sql_str(),
            false,
        );
        Migration { sql: AssertSqlSafe(rewrite(text)).into_sql_str(), ..original }
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    migrator.run_direct(Some(target), conn, false).await.map_err(|e| match e {
        MigrateError::VersionMissing(found) => StoreError::Newer { found, known: SCHEMA_VERSION },
        MigrateError::ExecuteMigration(e, version) => match StoreError::from(e) {
            StoreError::Sql(e) => StoreError::Migration { version, why: e.to_string() },
            known => known,
        },
        MigrateError::Execute(e) => e.into(),
        other => StoreError::Migration { version: target, why: other.to_string() },
    })
}

/// PostgreSQL takes the files as they are.
pub(super) const fn for_postgres(text: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(text)
}

/// SQLite: its type names; byte order is its default; only `INTEGER PRIMARY KEY` counts up by itself, and only with
/// AUTOINCREMENT never gives a number twice.
pub(super) fn for_sqlite(text: &'static str) -> Cow<'static, str> {
    const WORDS: [(&str, &str); 4] = [
        ("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
        ("BYTEA", "BLOB"),
        ("JSONB", "TEXT"),
        (" COLLATE \"C\"", ""),
    ];
    Cow::Owned(WORDS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_up_from_one() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|m| m.0).collect();
        assert_eq!(numbers, (1..=SCHEMA_VERSION).collect::<Vec<_>>());
    }

    #[test]
    fn sqlite_gets_its_own_words() {
        for (_, title, text) in MIGRATIONS {
            let rewritten = for_sqlite(text);
            for word in ["BYTEA", "JSONB", "COLLATE", "GENERATED", "SERIAL", "BOOLEAN", "TIMESTAMP"]
            {
                assert!(!rewritten.contains(word), "{title}: {word}");
            }
        }
    }
}
