//! Large schemas and large statements.

use std::time::Instant;

use engine::{Engine as _, FailureKind};

use crate::support::{engine, run, servers, session, target};

/// As many as the largest schemas we promise to read.
const TABLES: usize = 5_000;

#[tokio::test]
#[ignore = "makes 5,000 tables, which takes minutes: cargo test -p driver-mysql -- --ignored --nocapture"]
async fn five_thousand_tables_are_read_in_seconds() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        for n in 0..TABLES {
            let parent = n.saturating_sub(1);
            run(
                &mut *s,
                &format!(
                    "create table table_{n} (id bigint not null auto_increment primary key, parent_id bigint,
                       name varchar(100) not null default 'x' comment 'name', amount decimal(12,2), at timestamp(3) null,
                       key by_name (name(20), at), constraint fk_{n} foreign key (parent_id) references table_{parent} (id))"
                ),
            )
            .await;
        }
        for what in ["cold", "warm"] {
            let started = Instant::now();
            let catalog = s.sync_database().await.expect("reads");
            let took = started.elapsed();
            println!("{:?}, {what}: {TABLES} tables in {took:?}", server.product);
            assert_eq!(catalog.table_count(), TABLES);
            assert!(catalog.schemas[0].tables.iter().all(|t| !t.definition.is_empty()));
            assert!(took.as_secs() < 20, "{took:?}");
        }
    }
}

#[tokio::test]
async fn definitions_come_in_batches_and_what_goes_meanwhile_is_left_out() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        let views: String =
            (0..250).map(|n| format!("create view view_{n:03} as select {n} as n;")).collect();
        run(&mut *s, "create table base (a int)").await;
        run(&mut *s, &views).await;
        // A view of a table that has gone: the server lists it and cannot describe it.
        run(&mut *s, "create view view_100_broken as select a from base; drop table base").await;
        let catalog = s.sync_database().await.expect("reads");
        let views = &catalog.schemas[0].views;
        assert_eq!(views.len(), 251);
        let read = views.iter().filter(|v| v.name != "view_100_broken");
        for (n, view) in read.enumerate() {
            assert!(view.definition.contains(&format!("select {n} AS `n`")), "{view:?}");
        }
    }
}

#[tokio::test]
async fn a_statement_larger_than_the_server_takes() {
    for server in servers().await {
        let before = server.database().await;
        before.execute("create table t (a longtext)").await;
        let limit: usize = before.rows("select @@global.max_allowed_packet").await[0][0]
            .as_ref()
            .unwrap()
            .parse()
            .unwrap();
        let mut s = engine().connect(&target(&server, Some(&before.name))).await.unwrap();
        let fits = format!("insert into t values ('{}')", "x".repeat(limit / 2));
        assert_eq!(s.statement(&fits).await.unwrap().rows, Some(1));
        let large = format!("insert into t values ('{}')", "x".repeat(limit));
        let failure = s.statement(&large).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Server, "{failure:?}");
        assert!(failure.message.contains("max_allowed_packet"), "{failure:?}");
        let still = s.statement("select 1").await;
        assert_eq!(
            failure.connection_lost,
            still.is_err(),
            "says whether the session lives: {still:?}"
        );
    }
}
