//! A project that requires approvals, over SQLite files: stage test is free, prod takes an owner and a DBA.

use std::collections::BTreeSet;

use app::approval::{IssueView, view};
use app::issue::create::{self as file, NewIssue};
use app::plan::NewPlan;
use app::{instance, runners};
use policy::approval::{Rule, Source, Status, Template};
use policy::iam::{Binding, Policy};
use store::rows::{
    ApprovalSetting, ChangeDatabase, DataSourceKind, IamPolicy, Spec, SpecConfig, State, User,
    UserPayload,
};
use store::settings;
use tokio_util::sync::CancellationToken;

use crate::support::{World, folder};

pub const OWNER: &str = "owner@x.io";
pub const DBA: &str = "dba@x.io";
pub const DEV: &str = "dev@x.io";
/// Databases of each stage.
pub const DATABASES: [&str; 2] = ["one", "two"];

/// People, databases, and the runners.
pub struct Governed {
    pub world: World,
    stop: CancellationToken,
}

impl Governed {
    pub async fn open() -> Self {
        let world = World::start().await;
        world.project("shop", OWNER).await;
        members(&world).await;
        let cx = world.cx();
        for stage in ["test", "prod"] {
            let files = world.dir.path().join(stage);
            std::fs::create_dir(&files).unwrap();
            let mut new = folder(&files);
            new.environment = Some(stage.to_owned());
            instance::create(&cx, "", stage, new, false).await.unwrap();
            let mut server = session(&world, stage, None).await;
            for database in DATABASES {
                server.statement(&format!("CREATE DATABASE \"{database}\"")).await.unwrap();
            }
            server.close().await;
            instance::sync(&cx, &format!("instances/{stage}"), false).await.unwrap();
            for database in DATABASES {
                let mine = app::database::DatabaseChange {
                    name: name(stage, database),
                    project: "projects/shop".into(),
                    mask: vec!["project".into()],
                    ..Default::default()
                };
                app::database::update(&cx, mine).await.unwrap();
            }
        }
        let stop = CancellationToken::new();
        runners::start(&world.app, &stop);
        Self { world, stop }
    }

    pub async fn sheet(&self, sql: &str) -> String {
        let bytes = sql.as_bytes().to_vec();
        app::sheet::create(&self.world.cx(), "projects/shop", bytes).await.unwrap().sha256
    }

    /// The developer's plan of that change, and its issue.
    pub async fn file(&self, specs: Vec<Spec>) -> (i64, i64) {
        let dev = self.world.cx_of(DEV);
        let new = NewPlan { project: "shop".into(), specs, ..NewPlan::default() };
        let plan = app::plan::create(&dev, new).await.unwrap().plan.id;
        let new = NewIssue {
            project: "shop".into(),
            plan: Some(plan),
            title: "A change".into(),
            ..NewIssue::default()
        };
        (plan, file::create(&dev, new).await.unwrap().id)
    }

    /// The issue, once its gates are found.
    pub async fn found(&self, issue: i64) -> IssueView {
        for _ in 0..3_000 {
            let seen = view::get(&self.world.cx(), "shop", issue).await.unwrap();
            if seen.approval.status != Status::Checking {
                return seen;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("nobody finds the gates");
    }

    /// The stage of the plan's rollout, and its tasks.
    pub async fn tasks(&self, plan: i64, stage: &str) -> (String, Vec<String>) {
        let parent = format!("projects/shop/plans/{plan}/rollout/stages/{stage}");
        let mut conn = self.world.app.store.read().await.unwrap();
        let tasks = store::tasks::of_plan(&mut conn, "shop", plan).await.unwrap();
        let here = tasks.iter().filter(|t| t.environment.as_deref() == Some(stage));
        (parent.clone(), here.map(|t| format!("{parent}/tasks/{}", t.id)).collect())
    }

    /// Tables that are in a database: what scripts did, whatever the store says.
    pub async fn tables(&self, stage: &str, database: &str) -> BTreeSet<String> {
        let mut session = session(&self.world, stage, Some(database)).await;
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 't%'";
        let rows = session.fetch(sql, 1_000).await.unwrap();
        session.close().await;
        rows.into_iter().filter_map(|mut row| row.remove(0)).collect()
    }
}

impl Drop for Governed {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub fn name(stage: &str, database: &str) -> String {
    format!("instances/{stage}/databases/{database}")
}

/// One change of these databases.
pub fn specs(sheet: &str, targets: Vec<String>) -> Vec<Spec> {
    let change = ChangeDatabase {
        targets,
        sheet: format!("projects/shop/sheets/{sheet}"),
        ..ChangeDatabase::default()
    };
    vec![Spec { id: "change".into(), config: SpecConfig::ChangeDatabase(change) }]
}

async fn session(
    world: &World,
    stage: &str,
    database: Option<&str>,
) -> Box<dyn engine::session::Session> {
    let stored = instance::get(&world.cx(), &format!("instances/{stage}")).await.unwrap().instance;
    let admin = DataSourceKind::Admin;
    let target = app::target::resolve(&world.app, &stored, admin, database).await.unwrap();
    world.app.engines.get(stored.engine).unwrap().connect(&target).await.unwrap()
}

/// People, the switch of the project that requires approvals, and its rules.
async fn members(world: &World) {
    let now = world.app.now();
    let mut tx = world.app.store.begin().await.unwrap();
    for email in [OWNER, DBA, DEV] {
        let mut user = User {
            email: email.into(),
            title: email.into(),
            password_hash: base::Secret::from(""),
            state: State::Active,
            payload: UserPayload::default(),
            version: 0,
            created_at: now,
            updated_at: now,
        };
        store::users::insert(&mut tx, &mut user).await.unwrap();
    }
    let bind = |role: &str, email: &str| Binding::always(role, vec![format!("user:{email}")]);
    let shop = vec![
        bind("roles/projectOwner", OWNER),
        bind("roles/projectDeveloper", DEV),
        bind("roles/projectReleaser", DEV),
    ];
    for (resource, bindings) in
        [("workspaces/default", vec![bind("roles/workspaceDBA", DBA)]), ("projects/shop", shop)]
    {
        let found = store::iam::get(&mut tx, resource).await.unwrap();
        let mut row = IamPolicy {
            resource: resource.into(),
            policy: Policy { bindings },
            version: found.map_or(0, |f| f.version),
            updated_at: now,
        };
        store::iam::put(&mut tx, &mut row, now).await.unwrap();
    }
    let mut project = store::projects::get(&mut tx, "shop").await.unwrap().unwrap();
    project.payload.require_issue_approval = true;
    store::projects::update(&mut tx, &mut project, now).await.unwrap();
    let rule = |stage: &str, roles: &[&str]| Rule {
        source: Source::ChangeDatabase,
        condition: format!("resource.environment_id == \"{stage}\""),
        template: Template {
            roles: roles.iter().map(|r| (*r).to_owned()).collect(),
            ..Template::default()
        },
        ..Rule::default()
    };
    let mut setting = settings::get::<ApprovalSetting>(&mut tx).await.unwrap();
    setting.value.rules =
        vec![rule("test", &[]), rule("prod", &["roles/projectOwner", "roles/workspaceDBA"])];
    settings::put(&mut tx, &mut setting, now).await.unwrap();
    tx.commit().await.unwrap();
}
