//! `basalt adopt` on tables that the real tools made (scripts/adopt-fixtures.sh), and the rollout that follows: only what the tool had not run.

mod baseline;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use testkit::servers::{self, Product, Server, TestDatabase};

use crate::change::last_of;
use crate::pipeline::{AGENT, Job, Ran, account};
use crate::shop::{Shop, list, text};

/// A file that nothing has run yet.
const LATER: &str = "CREATE TABLE shelf (id int NOT NULL PRIMARY KEY);\n";

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/adopt/fixtures")
}

fn fixture(path: &str) -> String {
    let path = fixtures().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The files of a tool's folder, under `migrations/`.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = std::fs::read_dir(fixtures().join(folder))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.ends_with(ending))
        .map(|name| (format!("migrations/{name}"), fixture(&format!("{folder}/{name}"))))
        .collect();
    found.sort();
    found
}

fn write(job: &Job, files: &[(String, String)]) {
    for (path, text) in files {
        job.write(&[(path, text)]);
    }
}

/// An instance `test` of the SQLite files of a folder.
async fn files_of(shop: &Shop, folder: &Path) {
    let source = json!({"id": "admin", "type": "ADMIN", "host": folder});
    let instance = json!({"title": "Files", "engine": "SQLITE", "environment": "environments/test", "activation": true, "dataSources": [source]});
    let request = json!({"instanceId": "test", "instance": instance});
    shop.ada.json("InstanceService/CreateInstance", request).await.expect("an instance");
    let name = json!({"name": "instances/test"});
    shop.ada.json("InstanceService/SyncInstance", name).await.expect("a sync");
}

/// A database as a tool left it, in a project, and a repository beside it.
struct Taken {
    shop: Shop,
    target: String,
    job: Job,
    /// None for SQLite.
    database: Option<TestDatabase>,
    folder: Option<tempfile::TempDir>,
}

impl Taken {
    async fn on(server: &Server, dump: &str) -> Self {
        let database = server.database().await;
        database.execute(&fixture(dump)).await;
        let shop = Shop::open().await;
        let target = shop.adopt("test", "test", &database).await;
        Self::new(shop, target, Some(database)).await
    }

    /// A file, into which another Basalt has written the dump: this one knows nothing of it.
    async fn sqlite(dump: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let shop = Shop::open().await;
        files_of(&shop, folder.path()).await;
        let create = json!({"target": "instances/test", "database": "main"});
        let spec =
            json!({"id": "6a1f1d1e-0000-4000-8000-000000000001", "createDatabaseConfig": create});
        let plan =
            json!({"parent": "projects/shop", "plan": {"title": "A database", "specs": [spec]}});
        let plan = shop.ada.json("PlanService/CreatePlan", plan).await.expect("a plan");
        assert_eq!(shop.roll_out(&plan).await[0]["status"], "DONE");
        let target = "instances/test/databases/main".to_owned();
        let plan = shop.plan(&fixture(dump), &[&target]).await;
        assert_eq!(shop.roll_out(&plan).await[0]["status"], "DONE");
        drop(shop);
        let shop = Shop::open().await;
        files_of(&shop, folder.path()).await;
        let change = json!({"database": {"name": target, "project": "projects/shop"}, "updateMask": "project"});
        shop.ada.json("DatabaseService/UpdateDatabase", change).await.expect("a transfer");
        Self { folder: Some(folder), ..Self::new(shop, target, None).await }
    }

    async fn new(shop: Shop, target: String, database: Option<TestDatabase>) -> Self {
        let owner = account(&shop, "owner", &["roles/projectOwner", AGENT]).await;
        let job = Job::new(&[]).of(&shop, &owner, &[&target]);
        Self { shop, target, job, database, folder: None }
    }

    async fn adopt(&self, args: &[&str]) -> Ran {
        self.job.run(&[&["adopt", "--output", "out.json"], args].concat()).await
    }

    /// Looks, is refused, marks, and marks nothing more; the schema becomes the baseline. Gives the versions with their files, and what was left out.
    async fn marked(&self, args: &[&str]) -> (Vec<String>, Vec<String>) {
        let ran = self.adopt(&[&["--dry-run"], args].concat()).await.ended(0);
        ran.says("to mark as applied").says("1 baseline to record: the schema as it is now");
        assert_eq!(self.baseline(), "NEW");
        self.adopt(args)
            .await
            .ended(2)
            .says("nothing was written: look at what is above and give --yes");
        assert_eq!(self.revisions().await, [""; 0], "nothing is written before somebody agreed");
        assert_eq!(self.changelogs().await, [""; 0], "nothing is written before somebody agreed");
        let ran = self.adopt(&[&["--yes"], args].concat()).await.ended(0);
        ran.says("the next rollout begins behind them").says("recorded 1 baseline");
        assert_eq!(self.baseline(), "WRITTEN");
        assert_eq!(self.changelogs().await, ["BASELINE DONE"]);
        let found = self.found();
        let revisions = self.revisions().await;
        self.adopt(&[&["--yes"], args].concat()).await.ended(0).says("0 versions on 0 databases");
        assert_eq!(self.revisions().await, revisions, "a second run marks nothing");
        assert_eq!(self.baseline(), "THERE");
        assert_eq!(self.changelogs().await, ["BASELINE DONE"]);
        (revisions, found)
    }

    /// What the output says was left out.
    fn found(&self) -> Vec<String> {
        let output: Value = serde_json::from_str(&self.job.read("out.json")).expect("JSON");
        let left = |l: &Value| format!("{} {}", text(&l["what"]), text(&l["reason"]));
        let reports = list(&output["adopted"]);
        reports.iter().flat_map(|r| list(&r["left"])).map(|l| left(&l)).collect()
    }

    /// What the output says of the first database's baseline.
    fn baseline(&self) -> String {
        let output: Value = serde_json::from_str(&self.job.read("out.json")).expect("JSON");
        text(&output["adopted"][0]["baseline"])
    }

    /// What is recorded of the database, oldest first.
    async fn changelogs(&self) -> Vec<String> {
        let of = json!({"parent": self.target});
        let page = self.shop.ada.json("ChangelogService/ListChangelogs", of).await;
        let shown = |c: &Value| format!("{} {}", text(&c["type"]), text(&c["status"]));
        let mut all: Vec<_> =
            list(&page.expect("changelogs")["changelogs"]).iter().map(shown).collect();
        all.reverse();
        all
    }

    /// The run that changed the database last.
    async fn last_run(&self) -> Value {
        let of = json!({"parent": self.target, "pageSize": 1});
        let page = self.shop.ada.json("ChangelogService/ListChangelogs", of).await;
        let run = text(&page.expect("changelogs")["changelogs"][0]["taskRun"]);
        let (task, _) = run.split_once("/taskRuns/").expect("a run");
        last_of(&self.shop.ada, task).await.expect("a run")
    }

    /// Version, file, and whether its text is known; lowest first.
    async fn revisions(&self) -> Vec<String> {
        let page =
            self.shop.ada.json("RevisionService/ListRevisions", json!({"parent": self.target}));
        let shown = |r: &Value| {
            let known = if text(&r["sheetSha256"]).is_empty() { " ?" } else { "" };
            format!("{} {}{known}", text(&r["version"]), text(&r["file"])).trim().to_owned()
        };
        let mut all: Vec<_> =
            list(&page.await.expect("revisions")["revisions"]).iter().map(shown).collect();
        all.reverse();
        all
    }

    /// The number of rows in a table; fails when it is not there.
    async fn rows(&self, table: &str) -> String {
        let ask =
            json!({"name": self.target, "statement": format!("SELECT count(*) FROM {table}")});
        let answer = self.shop.ada.json("SQLService/Query", ask).await.expect("an answer");
        assert_eq!(text(&answer["results"][0]["error"]), "", "{table}");
        text(&answer["results"][0]["rows"][0]["values"][0]["int64Value"])
    }

    /// The change is recorded behind the baseline, which it adds no other to.
    async fn goes_on(&self) {
        assert_eq!(self.changelogs().await, ["BASELINE DONE", "MIGRATE DONE"]);
    }

    /// Only what was added since runs: the others would fail, since their tables are there.
    async fn rolls_out(&self, args: &[&str], later: &[(&str, &str)]) {
        self.job.write(later);
        let before = self.revisions().await.len();
        self.job
            .run(&[&["rollout", "--target-stage", "environments/test"], args].concat())
            .await
            .ended(0);
        let revisions = self.revisions().await;
        assert_eq!(revisions.len(), before + later.len(), "{revisions:?}");
        assert_eq!(self.rows("shelf").await, "0");
        self.goes_on().await;
    }
}

async fn flyway(server: Option<Server>, engine: &str) {
    let Some(server) = server else { return };
    let taken = Taken::on(&server, &format!("flyway/{engine}.sql")).await;
    write(&taken.job, &files("flyway/migrations", ".sql"));
    let (marked, left) = taken.marked(&[]).await;
    assert_eq!(
        marked,
        [
            "1 migrations/V1__books.sql",
            "1.5 migrations/V1.5__notes.sql",
            "2.1 migrations/V2.1__authors.sql"
        ]
    );
    // PostgreSQL takes DDL back with its transaction, so Flyway records no failure there.
    let failed = if server.product == Product::Postgres { "NOT_APPLIED" } else { "FAILED" };
    assert_eq!(
        left,
        ["R__titles.sql REPEATABLE".to_owned(), format!("migrations/V3__prices.sql {failed}")]
    );
    let mended = "CREATE INDEX price_amount ON price (amount);\n";
    taken
        .rolls_out(
            &[],
            &[("migrations/V3__prices.sql", mended), ("migrations/V4__shelf.sql", LATER)],
        )
        .await;
    // What was adopted is guarded as what Basalt ran.
    taken.job.write(&[("migrations/V1__books.sql", "CREATE TABLE book (id bigint);\n")]);
    taken.job.run(&["check"]).await.ended(1).says("V1__books.sql");

    // A database that Flyway itself took over: all up to its baseline is there.
    let taken = Taken::on(&server, &format!("flyway/baseline-{engine}.sql")).await;
    write(&taken.job, &files("flyway/migrations", ".sql"));
    let (marked, left) = taken.marked(&["--from", "flyway"]).await;
    assert_eq!(marked.len(), 3, "{marked:?}");
    assert_eq!(left, ["migrations/V3__prices.sql NOT_APPLIED"]);
}

#[tokio::test]
async fn flyway_on_postgres() {
    flyway(servers::postgres().await, "postgres").await;
}

#[tokio::test]
async fn flyway_on_mariadb() {
    flyway(servers::mariadb().await, "mariadb").await;
}

async fn dbmate(taken: Taken) {
    write(&taken.job, &files("dbmate/migrations", ".sql"));
    let with_a_way_back = format!("-- migrate:up\n{LATER}\n-- migrate:down\nDROP TABLE shelf;\n");
    taken.job.write(&[("migrations/20240301090000_shelf.sql", &with_a_way_back)]);
    let (marked, left) = taken.marked(&[]).await;
    assert_eq!(
        marked,
        [
            "20240101090000 migrations/20240101090000_books.sql",
            "20240102090000 migrations/20240102090000_authors.sql"
        ]
    );
    let later = "migrations/20240301090000_shelf.sql";
    assert_eq!(left, [format!("{later} NOT_APPLIED"), format!("{later} WRONG_TO_RUN")]);
    taken.rolls_out(&[], &[(later, &format!("-- migrate:up\n{LATER}"))]).await;
    drop(taken.folder);
}

#[tokio::test]
async fn dbmate_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    dbmate(Taken::on(&server, "dbmate/postgres.sql").await).await;
}

#[tokio::test]
async fn dbmate_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    dbmate(Taken::on(&server, "dbmate/mariadb.sql").await).await;
}

#[tokio::test]
async fn dbmate_on_sqlite() {
    dbmate(Taken::sqlite("dbmate/sqlite.sql").await).await;
}

async fn golang_migrate(server: Option<Server>, engine: &str) {
    let Some(server) = server else { return };
    let up = ["--file-pattern", "migrations/*.up.sql"];
    let taken = Taken::on(&server, &format!("golang-migrate/{engine}.sql")).await;
    write(&taken.job, &files("golang-migrate/migrations", ".sql"));
    taken.adopt(&["--dry-run"]).await.ended(2).says("take in only *.up.sql");
    let (marked, left) = taken.marked(&up).await;
    assert_eq!(marked.len(), 2, "{marked:?}");
    assert_eq!(left, ["migrations/20240103090000_born.up.sql NOT_APPLIED"]);
    let mended = "ALTER TABLE author ADD COLUMN born int;\n";
    let later = [
        ("migrations/20240103090000_born.up.sql", mended),
        ("migrations/20240301090000_shelf.up.sql", LATER),
    ];
    taken.rolls_out(&up, &later).await;

    let taken = Taken::on(&server, &format!("golang-migrate/dirty-{engine}.sql")).await;
    write(&taken.job, &files("golang-migrate/migrations", ".sql"));
    let (marked, left) = taken.marked(&up).await;
    assert_eq!(marked.len(), 2, "{marked:?}");
    assert_eq!(left, ["migrations/20240103090000_born.up.sql FAILED"]);
}

#[tokio::test]
async fn golang_migrate_on_postgres() {
    golang_migrate(servers::postgres().await, "postgres").await;
}

#[tokio::test]
async fn golang_migrate_on_mariadb() {
    golang_migrate(servers::mariadb().await, "mariadb").await;
}

async fn liquibase(server: Option<Server>, engine: &str) {
    let Some(server) = server else { return };
    let taken = Taken::on(&server, &format!("liquibase/{engine}.sql")).await;
    write(&taken.job, &files("liquibase/migrations", ".sql"));
    let (marked, left) = taken.marked(&[]).await;
    assert_eq!(
        marked,
        [
            "0001 migrations/0001_books.sql",
            "0002 migrations/0002_authors.sql",
            "0003 migrations/0003_titles.sql"
        ]
    );
    // Liquibase does not record what failed and was passed over.
    let mut expected =
        vec!["migrations/0004_prices.sql PARTLY", "bob:country in changelog.yaml NO_FILE"];
    if server.product != Product::Postgres {
        expected.push("migrations/0004_prices.sql WRONG_TO_RUN");
    }
    assert_eq!(left, expected);
    let mended = "-- changeset bob:price-index\nCREATE INDEX price_amount ON price (amount);\n";
    taken
        .rolls_out(
            &[],
            &[("migrations/0004_prices.sql", mended), ("migrations/0005_shelf.sql", LATER)],
        )
        .await;
}

#[tokio::test]
async fn liquibase_on_postgres() {
    liquibase(servers::postgres().await, "postgres").await;
}

#[tokio::test]
async fn liquibase_on_mariadb() {
    liquibase(servers::mariadb().await, "mariadb").await;
}

async fn alembic(taken: Taken, engine: &str) {
    write(&taken.job, &files(&format!("alembic/{engine}"), ".sql"));
    for (path, text) in files("alembic/versions", ".py") {
        taken.job.write(&[(&path.replace("migrations/", "alembic/versions/"), &text)]);
    }
    let (marked, left) = taken.marked(&[]).await;
    assert_eq!(marked, ["0001 migrations/0001_books.sql", "0002 migrations/0002_authors.sql"]);
    assert_eq!(left, ["migrations/0003_shelves.sql NOT_APPLIED"]);
    taken.job.run(&["rollout", "--target-stage", "environments/test"]).await.ended(0);
    assert_eq!(taken.rows("shelf").await, "0");
    taken.goes_on().await;
    // The file that Alembic wrote keeps its table true, too.
    assert_eq!(taken.rows("alembic_version WHERE version_num = '0f3b5d9e1c22'").await, "1");
    drop(taken.folder);
}

#[tokio::test]
async fn alembic_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    alembic(Taken::on(&server, "alembic/postgres.sql").await, "postgres").await;
}

#[tokio::test]
async fn alembic_on_mariadb() {
    let Some(server) = servers::mariadb().await else { return };
    alembic(Taken::on(&server, "alembic/mariadb.sql").await, "mariadb").await;
}

#[tokio::test]
async fn alembic_on_sqlite() {
    alembic(Taken::sqlite("alembic/sqlite.sql").await, "sqlite").await;
}

/// The scripts keep their first line and get a version before their name.
fn sqitch_files(job: &Job) {
    for (number, change) in ["books", "authors", "prices"].iter().enumerate() {
        let path = format!("migrations/{:04}_{change}.sql", number + 1);
        job.write(&[(&path, &fixture(&format!("sqitch/deploy/{change}.sql")))]);
    }
}

async fn sqitch(taken: &Taken, args: &[&str]) {
    sqitch_files(&taken.job);
    let (marked, left) = taken.marked(args).await;
    assert_eq!(marked, ["0001 migrations/0001_books.sql", "0002 migrations/0002_authors.sql"]);
    assert_eq!(left, ["migrations/0003_prices.sql FAILED"]);
    let mended = "-- Deploy shop:prices\nCREATE TABLE price (id int NOT NULL PRIMARY KEY);\n";
    taken
        .rolls_out(
            &[],
            &[("migrations/0003_prices.sql", mended), ("migrations/0004_shelf.sql", LATER)],
        )
        .await;
}

#[tokio::test]
async fn sqitch_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    sqitch(&Taken::on(&server, "sqitch/postgres.sql").await, &[]).await;
}

#[tokio::test]
async fn sqitch_on_mariadb_with_its_registry_beside_the_database() {
    let Some(server) = servers::mariadb().await else { return };
    let registry = server.database().await;
    registry.execute(&fixture("sqitch/mariadb.sql")).await;
    let taken = Taken::on(&server, "dbmate/mariadb.sql").await;
    sqitch(&taken, &["--from", "sqitch", "--schema", &registry.name]).await;
}

async fn rails(server: Option<Server>, engine: &str) {
    let Some(server) = server else { return };
    let taken = Taken::on(&server, &format!("rails/{engine}.sql")).await;
    write(&taken.job, &files("rails/migrate", ".rb"));
    let (marked, left) = taken.marked(&["--file-pattern", "migrations/*"]).await;
    assert_eq!(marked, ["20240101090000  ?", "20240102090000  ?"]);
    assert_eq!(
        left,
        [
            "migrations/20240101090000_create_books.rb NOT_SQL",
            "migrations/20240102090000_create_authors.rb NOT_SQL"
        ]
    );
    let output: Value = serde_json::from_str(&taken.job.read("out.json")).expect("JSON");
    assert_eq!(output["adopted"][0]["tool"], "rails");
    taken.rolls_out(&[], &[("migrations/20240301090000_shelf.sql", LATER)]).await;
}

#[tokio::test]
async fn rails_on_postgres() {
    rails(servers::postgres().await, "postgres").await;
}

#[tokio::test]
async fn rails_on_mariadb() {
    rails(servers::mariadb().await, "mariadb").await;
}

#[tokio::test]
async fn atlas_on_postgres() {
    let Some(server) = servers::postgres().await else { return };
    let taken = Taken::on(&server, "atlas/postgres.sql").await;
    write(&taken.job, &files("atlas/migrations", ".sql"));
    let (marked, left) = taken.marked(&[]).await;
    assert_eq!(
        marked,
        [
            "20240101090000 migrations/20240101090000_books.sql",
            "20240102090000 migrations/20240102090000_authors.sql"
        ]
    );
    assert_eq!(left, ["migrations/20240103090000_prices.sql FAILED"]);
    let mended = "CREATE INDEX price_amount ON price (amount);\n";
    taken
        .rolls_out(
            &[],
            &[
                ("migrations/20240103090000_prices.sql", mended),
                ("migrations/20240301090000_shelf.sql", LATER),
            ],
        )
        .await;
}

#[tokio::test]
async fn several_histories_are_asked_about_and_several_databases_have_each_their_own() {
    let Some(server) = servers::postgres().await else { return };
    let taken = Taken::on(&server, "golang-migrate/postgres.sql").await;
    let database = taken.database.as_ref().expect("a database");
    database.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)").await;
    let behind = server.database().await;
    behind.execute("CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20240101090000'); CREATE TABLE book (id int)").await;
    let empty = server.database().await;
    let (second, third) = (
        taken.shop.adopt("prod", "prod", &behind).await,
        taken.shop.adopt("new", "prod", &empty).await,
    );
    write(&taken.job, &files("golang-migrate/migrations", ".up.sql"));
    let targets = [taken.target.as_str(), &second, &third].join(",");
    let args = ["--targets", targets.as_str()];
    let ran = taken.adopt(&[&["--yes"], &args[..]].concat()).await.ended(2);
    ran.says("public.schema_migrations of golang-migrate")
        .says("public.alembic_version of Alembic")
        .says("--from TOOL");
    // The second database has another tool's table of that name.
    let args = [&args[..], &["--table", "schema_migrations", "--yes"]].concat();
    let ran = taken.adopt(&args).await.ended(0);
    ran.says("3 versions on 2 databases").says(&format!("{third}: no history of a migration tool"));
    ran.says("recorded 2 baselines");
    assert_eq!(taken.revisions().await.len(), 2);
    // Without any history: what people say.
    taken.adopt(&["--targets", &third, "--yes"]).await.ended(2).says("no database has the history");
    taken.adopt(&["--targets", &third, "--up-to", "1.x"]).await.ended(2).says("--up-to 1.x");
    let args = ["--targets", third.as_str(), "--up-to", "20240102090000", "--yes"];
    // Whose files they are is not known without a history, but a way back is plain to see.
    let both_ways = "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n";
    taken.job.write(&[("migrations/20240401090000_x.up.sql", both_ways)]);
    let ran = taken.adopt(&args).await.ended(0);
    ran.says("2 versions on 1 database").says("(NOT_APPLIED)").says("(WRONG_TO_RUN)");
    ran.says("recorded 1 baseline");
    taken.adopt(&args).await.ended(0).says("0 versions");
}

#[tokio::test]
async fn a_table_of_another_name_is_read_and_who_may_not_mark_is_told() {
    let Some(server) = servers::postgres().await else { return };
    let taken = Taken::on(&server, "dbmate/postgres.sql").await;
    let database = taken.database.as_ref().expect("a database");
    database.execute("CREATE SCHEMA \"Ops\"; ALTER TABLE schema_migrations SET SCHEMA \"Ops\"; ALTER TABLE \"Ops\".schema_migrations RENAME TO \"my \"\"History\"").await;
    write(&taken.job, &files("dbmate/migrations", ".sql"));
    taken.adopt(&["--yes"]).await.ended(2).says("no database has the history");
    let pipeline = account(&taken.shop, "pipeline", &[AGENT, "roles/sqlEditorReadUser"]).await;
    let args = ["--table", "my \"History", "--schema", "Ops"];
    let key = text(&pipeline["serviceKey"]);
    let email = text(&pipeline["email"]);
    let as_pipeline = ["--yes", "--service-account", &email, "--service-account-secret", &key];
    let ran = taken.adopt(&[&args[..], &as_pipeline].concat()).await.ended(3);
    ran.says("permission_denied").says("roles/projectDeveloper has bb.revisions.list");
    assert_eq!(taken.revisions().await, [""; 0]);
    // Who may see it all is told before anything is written.
    let roles = ["roles/projectDeveloper", "roles/sqlEditorReadUser"];
    let developer = account(&taken.shop, "developer", &roles).await;
    let (email, key) = (text(&developer["email"]), text(&developer["serviceKey"]));
    let as_developer = ["--yes", "--service-account", &email, "--service-account-secret", &key];
    let ran = taken.adopt(&[&args[..], &as_developer].concat()).await.ended(3);
    ran.says("bb.revisions.create").says("roles/projectOwner has bb.revisions.create");
    assert_eq!((taken.revisions().await, taken.changelogs().await), (vec![], vec![]));
    taken
        .adopt(&[&args[..], &["--yes", "--category", "web"]].concat())
        .await
        .ended(0)
        .says("for releases of category web");
    assert_eq!(taken.revisions().await.len(), 2);
}

#[tokio::test]
async fn the_page_about_it_works_as_it_is_written() {
    let Some(server) = servers::postgres().await else { return };
    let taken = Taken::on(&server, "dbmate/postgres.sql").await;
    write(&taken.job, &files("dbmate/migrations", ".sql"));
    taken.job.write(&[("migrations/20240301090000_shelf.sql", LATER)]);
    let page = include_str!("../../../../docs/howto/adopt.md");
    let ran = taken.job.follow(page).await.ended(0);
    ran.says("marked 2 versions on 1 database").says("0 versions on 0 databases to mark");
    ran.says("2 files are applied already");
}
