//! `--demo`: sample data, made by the same use cases that people go through, in a folder of its own.
//!
//! Two instances (folders of SQLite files, so that nothing else is needed), a project with a test and a prod database,
//! three users whose passwords are shown, and changes at different states.

mod changes;
mod files;

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use app::app::DemoUser;
use app::sample::Shape;
use app::{App, Caller, Cx};
use base::Secret;
use policy::role;

pub use files::Files;

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
    let shape = Shape { project: PROJECT, title: "Web shop", name: "Shop" };
    app::sample::make(&admin, shape, &Files { folder: data.join("databases") }).await?;
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

fn binding(role: &str, emails: &[&str]) -> app::iam_policy::BindingInput {
    let members = emails.iter().map(|e| format!("user:{e}")).collect();
    app::iam_policy::BindingInput { role: role.to_owned(), members, condition: String::new() }
}

/// A context in which that user acts.
fn as_user(app: &Arc<App>, email: &str) -> Cx {
    Cx { caller: Caller::User { email: email.to_owned() }, ..Cx::system(app, "demo") }
}
