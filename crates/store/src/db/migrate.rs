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
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "foundation", include_str!("../../migrations/0001_foundation.sql")),
    (2, "execution", include_str!("../../migrations/0002_execution.sql")),
    (3, "release", include_str!("../../migrations/0003_release.sql")),
    (4, "review_config", include_str!("../../migrations/0004_review_config.sql")),
    (5, "audit_request", include_str!("../../migrations/0005_audit_request.sql")),
    (6, "group", include_str!("../../migrations/0006_group.sql")),
    (7, "query_history", include_str!("../../migrations/0007_query_history.sql")),
    (8, "org_policy", include_str!("../../migrations/0008_org_policy.sql")),
    (9, "plan_check_specs", include_str!("../../migrations/0009_plan_check_specs.sql")),
    (10, "draft", include_str!("../../migrations/0010_draft.sql")),
    (11, "webhook", include_str!("../../migrations/0011_webhook.sql")),
    (12, "mail_code", include_str!("../../migrations/0012_mail_code.sql")),
    (13, "approval", include_str!("../../migrations/0013_approval.sql")),
    (14, "emergency", include_str!("../../migrations/0014_emergency.sql")),
    (15, "identity_provider", include_str!("../../migrations/0015_identity_provider.sql")),
    (16, "thread", include_str!("../../migrations/0016_thread.sql")),
    (17, "identity_link", include_str!("../../migrations/0017_identity_link.sql")),
    (18, "stream", include_str!("../../migrations/0018_stream.sql")),
    (19, "workload_identity", include_str!("../../migrations/0019_workload_identity.sql")),
    (20, "revision_reason", include_str!("../../migrations/0020_revision_reason.sql")),
    (21, "repository", include_str!("../../migrations/0021_repository.sql")),
    (22, "commit_report", include_str!("../../migrations/0022_commit_report.sql")),
];

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
    use std::task::Poll;

    use futures_util::{StreamExt as _, stream};
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;
    use crate::db::options::{Options, Place};
    use crate::db::{DATABASE_FILE, Db};

    const UPGRADES_AT_ONCE: usize = 6;

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

    /// A server that is killed when it has been woken `turns` times.
    async fn killed_after<T>(turns: usize, start: impl Future<Output = T>) -> Option<T> {
        let mut start = std::pin::pin!(start);
        let mut left = turns;
        std::future::poll_fn(|cx| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            start.as_mut().poll(cx).map(Some)
        })
        .await
    }

    /// Names of all tables and indexes.
    async fn shape(options: &Options) -> Vec<String> {
        match &options.place {
            Place::Sqlite(dir) => {
                let file = SqliteConnectOptions::new().filename(dir.join(DATABASE_FILE));
                let mut conn = file.create_if_missing(true).connect().await.unwrap();
                let text = "SELECT name FROM sqlite_master WHERE tbl_name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name";
                sqlx::query_scalar(text).fetch_all(&mut conn).await.unwrap()
            }
            Place::Postgres(url) => {
                let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
                let text = "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relnamespace = 'public'::regnamespace
                    AND relname NOT LIKE '\\_%' ORDER BY relname";
                sqlx::query_scalar(text).fetch_all(&mut conn).await.unwrap()
            }
        }
    }

    async fn open_at(options: &Options, version: i64) -> Db {
        Db::open(options.clone().at_version(version)).await.unwrap()
    }

    /// Upgrades an empty store to the newest version, and one of each version to the next, by a server that is killed again and again,
    /// each time a little later.
    async fn upgrade_killed_half_way(fresh: impl AsyncFn() -> Options) {
        let reference = fresh().await;
        let mut whole = vec![Vec::new()];
        for version in 1..=SCHEMA_VERSION {
            open_at(&reference, version).await.close().await;
            whole.push(shape(&reference).await);
        }
        // Most of the time is waiting for the database.
        stream::iter(0..SCHEMA_VERSION)
            .for_each_concurrent(UPGRADES_AT_ONCE, |from| killed_from(&fresh, &whole, from))
            .await;
    }

    /// `whole`: what there is at each version.
    async fn killed_from(fresh: &impl AsyncFn() -> Options, whole: &[Vec<String>], from: i64) {
        let to = if from == 0 { SCHEMA_VERSION } else { from + 1 };
        let on_the_way = &whole[usize::try_from(from).unwrap()..=usize::try_from(to).unwrap()];
        let options = fresh().await;
        if from > 0 {
            let db = open_at(&options, from).await;
            let mut tx = db.begin().await.unwrap();
            crate::meta::put(&mut tx, "probe", "before the upgrade").await.unwrap();
            tx.commit().await.unwrap();
            db.close().await;
        }
        let (mut turns, mut kills) = (1, 0);
        let db = loop {
            if let Some(opened) = killed_after(turns, open_at(&options, to)).await {
                break opened;
            }
            let found = shape(&options).await;
            assert!(
                on_the_way.contains(&found),
                "killed after {turns} turns from version {from}: {found:?}"
            );
            kills += 1;
            turns += 1 + turns / 3;
        };
        assert!(kills > 3, "only {kills} kills: it was never killed half way");
        let mut conn = db.read().await.unwrap();
        let probe = crate::meta::get(&mut conn, "probe").await.unwrap();
        assert_eq!(probe.as_deref(), (from > 0).then_some("before the upgrade"));
        drop(conn);
        db.close().await;
        assert_eq!(Some(&shape(&options).await), on_the_way.last());
    }

    #[tokio::test]
    async fn a_migration_killed_half_way_is_done_by_the_next_start_on_sqlite() {
        let root = tempfile::tempdir().unwrap();
        let count = std::cell::Cell::new(0);
        upgrade_killed_half_way(async || {
            count.set(count.get() + 1);
            Options::sqlite(root.path().join(count.get().to_string()))
        })
        .await;
    }

    #[tokio::test]
    async fn a_migration_killed_half_way_is_done_by_the_next_start_on_postgres() {
        let Some(server) = testkit::servers::postgres().await else { return };
        let root = tempfile::tempdir().unwrap();
        let databases = std::cell::RefCell::new(Vec::new());
        upgrade_killed_half_way(async || {
            let database = server.database().await;
            let options = Options::postgres(database.url(), &root.path().join(&database.name));
            databases.borrow_mut().push(database);
            options
        })
        .await;
    }
}
