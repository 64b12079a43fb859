//! `--demo`: sample data, made by the same use cases that people go through, in a folder of its own.
//!
//! Two instances (folders of SQLite files, so that nothing else is needed), a project with a test and a prod database,
//! three users whose passwords are shown, and changes at different states.

mod changes;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use app::app::DemoUser;
use app::{App, Caller, Cx};
use base::{EngineKind, Secret};
use engine::{Target, Tls, TlsVerify};
use policy::role;
use store::rows::{DataSource, DataSourceSecrets, InstancePayload, Project, ProjectPayload, State};

const PROJECT: &str = "shop";
const ADMIN: &str = "admin@demo.basalt";
const DBA: &str = "dba@demo.basalt";
const DEV: &str = "dev@demo.basalt";
/// Shown on the sign-in page: it protects nothing.
const PASSWORD: &str = "basalt-demo";

/// The users of the demo, for the sign-in page.
pub fn users() -> Vec<DemoUser> {
    let user = |email: &str, title: &str| DemoUser {
        email: email.into(),
        password: PASSWORD.into(),
        title: title.into(),
    };
    vec![user(ADMIN, "Ada Admin"), user(DBA, "Dana DBA"), user(DEV, "Devi Developer")]
}

/// Makes the sample data at the first start; later starts find it and change nothing.
pub async fn seed(app: &Arc<App>, data: &Path) -> Result<()> {
    let mut conn = app.store.read().await?;
    let there = store::projects::get(&mut conn, PROJECT).await?.is_some();
    drop(conn);
    if there {
        return Ok(());
    }
    tracing::info!("making sample data");
    people(app).await?;
    let admin = as_user(app, ADMIN);
    let project = Project {
        title: "Web shop".to_owned(),
        payload: ProjectPayload { allow_self_approval: true, ..ProjectPayload::default() },
        ..blank(app)
    };
    app::project::create(&admin, PROJECT, project).await?;
    let bindings = vec![
        binding(role::PROJECT_OWNER, &[ADMIN, DBA]),
        binding(role::PROJECT_DEVELOPER, &[DEV]),
        binding("roles/projectReleaser", &[DEV]),
    ];
    let set = app::iam_policy::Set {
        resource: format!("projects/{PROJECT}"),
        bindings,
        etag: String::new(),
    };
    app::iam_policy::set(&admin, set).await?;
    for (environment, title) in [("test", "Shop (test)"), ("prod", "Shop (production)")] {
        let folder = data.join("databases").join(environment);
        files(app, &folder).await?;
        instance(&admin, environment, title, &folder).await?;
    }
    changes::make(app).await
}

async fn people(app: &Arc<App>) -> Result<()> {
    let system = Cx::system(app, "demo");
    for user in users() {
        let input = app::user::UserInput {
            email: user.email,
            title: user.title,
            password: Secret::new(user.password),
            ..app::user::UserInput::default()
        };
        app::user::create(&system, input).await?;
    }
    let bindings = vec![
        binding(role::WORKSPACE_ADMIN, &[ADMIN]),
        binding(role::WORKSPACE_DBA, &[DBA]),
        app::iam_policy::BindingInput {
            role: role::WORKSPACE_MEMBER.to_owned(),
            members: vec![policy::iam::ALL_USERS.to_owned()],
            condition: String::new(),
        },
    ];
    let set = app::iam_policy::Set {
        resource: base::name::WORKSPACE.to_owned(),
        bindings,
        etag: String::new(),
    };
    app::iam_policy::set(&system, set).await?;
    Ok(())
}

/// A database with tables and rows, as an application would have left it before Basalt.
async fn files(app: &Arc<App>, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let engine = app.engines.get(EngineKind::Sqlite)?;
    let target = |database: Option<&str>| Target {
        kind: EngineKind::Sqlite,
        host: folder.display().to_string(),
        port: 0,
        username: String::new(),
        password: Secret::default(),
        database: database.map(str::to_owned),
        tls: Tls { verify: TlsVerify::Off, ..Tls::default() },
        ssh: None,
        parameters: std::collections::BTreeMap::new(),
        connect_timeout: std::time::Duration::from_secs(5),
        application_name: "basalt demo".to_owned(),
        read_only: false,
    };
    let spec = sql::CreateDatabase { name: "shop".to_owned(), ..sql::CreateDatabase::default() };
    let mut session = engine.connect(&target(None)).await?;
    session.statement(&engine.dialect().create_database(&spec)?).await?;
    session.close().await;
    let mut session = engine.connect(&target(Some("shop"))).await?;
    for statement in engine.dialect().split(changes::LEGACY) {
        session.statement(statement.text(changes::LEGACY)).await?;
    }
    session.close().await;
    Ok(())
}

async fn instance(cx: &Cx, environment: &str, title: &str, folder: &Path) -> Result<()> {
    let id = format!("shop-{environment}");
    let source = DataSource {
        id: "admin".to_owned(),
        host: folder.display().to_string(),
        ..DataSource::default()
    };
    let new = app::instance::NewInstance {
        title: title.to_owned(),
        engine: Some(EngineKind::Sqlite),
        environment: Some(environment.to_owned()),
        labels: std::collections::BTreeMap::new(),
        payload: InstancePayload { activation: true, ..InstancePayload::default() },
        sources: vec![app::instance::SourceInput { source, secrets: DataSourceSecrets::default() }],
    };
    app::instance::create(cx, "", &id, new, false).await?;
    app::instance::sync(cx, &format!("instances/{id}"), false).await?;
    let name = format!("instances/{id}/databases/shop");
    let change = app::database::DatabaseChange {
        name: name.clone(),
        project: format!("projects/{PROJECT}"),
        environment: None,
        labels: std::collections::BTreeMap::new(),
        mask: vec!["project".to_owned()],
    };
    app::database::update(cx, change).await?;
    app::database::sync(cx, &name).await?;
    Ok(())
}

fn binding(role: &str, emails: &[&str]) -> app::iam_policy::BindingInput {
    let members = emails.iter().map(|e| format!("user:{e}")).collect();
    app::iam_policy::BindingInput { role: role.to_owned(), members, condition: String::new() }
}

/// A context in which that user acts.
fn as_user(app: &Arc<App>, email: &str) -> Cx {
    Cx { caller: Caller::User { email: email.to_owned() }, ..Cx::system(app, "demo") }
}

fn blank(app: &App) -> Project {
    let now = app.now();
    Project {
        id: String::new(),
        title: String::new(),
        state: State::Active,
        labels: std::collections::BTreeMap::new(),
        payload: ProjectPayload::default(),
        version: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}
