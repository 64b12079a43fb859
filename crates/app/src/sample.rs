//! Sample data: a project with a database in the first environment and one in the last, to try things out with.
//!
//! All goes the way that people's own data goes. What is there already stays as it is, so that a second call goes on where a
//! first one ended.

use std::collections::BTreeMap;

use base::name::{DatabaseName, InstanceName, ProjectName, WORKSPACE};
use base::{Error, Reason, Result};
use store::rows::{
    DataSource, DataSourceSecrets, Environment, InstancePayload, Project, ProjectPayload, State,
};

use crate::cx::Cx;
use crate::database::DatabaseChange;
use crate::instance::{NewInstance, SourceInput};
use crate::ports::Samples;

const OFFERED: Shape<'static> = Shape { project: "sample", title: "Sample shop", name: "Shop" };

/// What the sample is called.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// Id of the project, and how the ids of its instances begin.
    pub project: &'a str,
    pub title: &'a str,
    /// How the titles of its instances begin.
    pub name: &'a str,
}

/// For who may make projects and instances. The gate has asked for the first.
pub async fn set_up(cx: &Cx) -> Result<()> {
    let Some(samples) = &cx.app.config.samples else {
        let what = "this server has no sample data; make a project and an instance of your own";
        return Err(Error::new(Reason::NotImplemented, what));
    };
    for permission in ["bb.instances.create", "bb.instances.sync", "bb.databases.update"] {
        cx.require(permission, WORKSPACE).await?;
    }
    make(cx, OFFERED, samples.as_ref()).await
}

/// Makes what is missing.
pub async fn make(cx: &Cx, shape: Shape<'_>, samples: &dyn Samples) -> Result<()> {
    let mut conn = cx.app.store.read().await?;
    let project = store::projects::get(&mut conn, shape.project).await?;
    let environments = crate::setting::environments(&mut conn).await?.environments;
    drop(conn);
    match project.map(|p| p.state) {
        Some(State::Active) => {}
        Some(State::Deleted) => return Err(Error::deleted(ProjectName::new(shape.project))),
        None => {
            crate::project::create(cx, shape.project, a_project(cx, shape.title)).await?;
        }
    }
    for environment in ends(&environments) {
        database(cx, shape, environment, samples).await?;
    }
    Ok(())
}

/// The first and the last, where they are two.
fn ends(environments: &[Environment]) -> impl Iterator<Item = &Environment> {
    let last = environments.last().filter(|_| environments.len() > 1);
    environments.first().into_iter().chain(last)
}

async fn database(
    cx: &Cx,
    shape: Shape<'_>,
    environment: &Environment,
    samples: &dyn Samples,
) -> Result<()> {
    let id = format!("{}-{}", shape.project, environment.id);
    let instance = InstanceName::new(&id).to_string();
    let mut conn = cx.app.store.read().await?;
    let there = store::instances::get(&mut conn, &id).await?.is_some();
    drop(conn);
    if there {
        return Ok(());
    }
    let made = samples.database(&cx.app, &id).await?;
    let source = DataSource { id: "admin".to_owned(), host: made.host, ..DataSource::default() };
    let new = NewInstance {
        title: format!("{} ({})", shape.name, called(environment)),
        engine: Some(made.engine),
        environment: Some(environment.id.clone()),
        labels: BTreeMap::new(),
        payload: InstancePayload { activation: true, ..InstancePayload::default() },
        sources: vec![SourceInput { source, secrets: DataSourceSecrets::default() }],
    };
    crate::instance::create(cx, "", &id, new, false).await?;
    crate::instance::sync(cx, &instance, false).await?;
    let name = DatabaseName::new(&id, &made.database).to_string();
    let change = DatabaseChange {
        name: name.clone(),
        project: ProjectName::new(shape.project).to_string(),
        mask: vec!["project".to_owned()],
        ..DatabaseChange::default()
    };
    crate::database::update(cx, change).await?;
    crate::database::sync(cx, &name).await?;
    Ok(())
}

/// As people say it.
fn called(environment: &Environment) -> String {
    match environment.protected {
        true => "production".to_owned(),
        false => environment.title.to_lowercase(),
    }
}

fn a_project(cx: &Cx, title: &str) -> Project {
    let now = cx.now();
    Project {
        id: String::new(),
        title: title.to_owned(),
        state: State::Active,
        labels: BTreeMap::new(),
        payload: ProjectPayload { allow_self_approval: true, ..ProjectPayload::default() },
        version: 0,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_not_used_twice() {
        let all =
            ["a", "b", "c"].map(|id| Environment { id: id.to_owned(), ..Environment::default() });
        let ids = |n: usize| ends(&all[..n]).map(|e| e.id.as_str()).collect::<Vec<_>>();
        assert_eq!(
            [ids(0), ids(1), ids(2), ids(3)],
            [vec![], vec!["a"], vec!["a", "b"], vec!["a", "c"]]
        );
    }
}
