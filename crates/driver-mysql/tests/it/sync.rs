//! What a sync reads.

use engine::Engine as _;
use schema::GenerationKind;

use crate::support::{engine, is_mysql, run, servers, session, target};

#[tokio::test]
async fn the_instance() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = engine().connect(&target(&server, None)).await.unwrap();
        let info = s.sync_instance().await.unwrap();
        assert_eq!(info.server, s.ping().await.unwrap());
        assert!(
            info.server.version.starts_with(server.version.split('-').next().unwrap()),
            "{info:?}"
        );
        assert!(!info.server.identity.is_empty() && !info.server.read_only);
        let found = info.databases.iter().find(|d| d.name == database.name).expect("is listed");
        assert_eq!(found.character_set, "utf8mb4");
        assert!(info.databases.iter().all(|d| d.name != "mysql" && d.name != "information_schema"));
        let admin = info.roles.iter().find(|r| r.name.contains(&server.user)).expect("is listed");
        assert!(admin.attributes.contains("CREATE USER"), "{admin:?}");
        assert!(s.sync_database().await.is_err(), "in no database there is nothing to read");
    }
}

#[tokio::test]
async fn the_parts_of_a_table() {
    for server in servers().await {
        let database = server.database().await;
        let mut s = session(&database).await;
        run(
            &mut *s,
            "create table parent (id int primary key);
             create table t (
               id bigint unsigned not null auto_increment primary key,
               name varchar(20) not null default 'x' comment 'n',
               at timestamp not null default current_timestamp on update current_timestamp,
               n int,
               twice int generated always as (n * 2) virtual,
               thrice int generated always as (n * 3) stored,
               parent_id int,
               key by_name (name(5)),
               constraint to_parent foreign key (parent_id) references parent (id) on delete cascade,
               constraint named check (name <> '')
             ) comment 'about t'",
        )
        .await;
        let catalog = s.sync_database().await.unwrap();
        assert_eq!(catalog.name, database.name);
        let t = catalog.schemas[0].tables.iter().find(|t| t.name == "t").unwrap();
        assert_eq!(
            (t.comment.as_str(), t.engine.as_str(), t.charset.as_str()),
            ("about t", "InnoDB", "utf8mb4")
        );
        let column = |name: &str| t.columns.iter().find(|c| c.name == name).unwrap();
        assert!(column("id").auto_increment && !column("id").nullable);
        assert!(column("id").r#type.contains("unsigned"));
        assert_eq!(column("name").default.as_deref(), Some("'x'"));
        assert_eq!(column("name").comment, "n");
        assert!(column("at").on_update.to_lowercase().starts_with("current_timestamp"));
        assert_eq!(column("twice").generation.as_ref().unwrap().kind, GenerationKind::Virtual);
        assert_eq!(column("thrice").generation.as_ref().unwrap().kind, GenerationKind::Stored);
        assert_eq!(column("parent_id").default, None);
        assert!(t.indexes[0].primary);
        let by_name = t.indexes.iter().find(|i| i.name == "by_name").unwrap();
        assert_eq!((by_name.keys[0].expression.as_str(), by_name.keys[0].length), ("name", 5));
        let key = &t.foreign_keys[0];
        assert_eq!((key.name.as_str(), key.on_delete.as_str()), ("to_parent", "CASCADE"));
        assert_eq!((key.referenced_table.as_str(), key.referenced_schema.as_str()), ("parent", ""));
        assert_eq!((&*key.columns[0], &*key.referenced_columns[0]), ("parent_id", "id"));
        assert_eq!(t.checks[0].name, "named");
        assert!(t.definition.starts_with("CREATE TABLE `t` ("));
        let again = s.sync_database().await.unwrap();
        let hashes = |c: schema::Catalog| {
            c.into_objects().iter().map(|p| p.object.hash()).collect::<Vec<_>>()
        };
        assert_eq!(hashes(catalog), hashes(again), "two reads of one schema are equal");
        let mode = s.statement("select 1 where @@sql_mode like '%STRICT%'").await.unwrap();
        assert_eq!(
            mode.rows,
            Some(1),
            "a sync leaves the session's modes as they were ({})",
            is_mysql(&server)
        );
    }
}
