//! What an instance must be like, its data sources aside. Pure.

use std::time::Duration;

use base::FieldViolation;
use base::name::EnvironmentName;
use store::rows::{EnvironmentSetting, Instance};

use crate::project::labels;

const LONGEST_TITLE: usize = 200;
const LONGEST_LINK: usize = 2_000;
/// Below that a sync would hardly end before the next begins.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(60);
const MOST_CONNECTIONS: i32 = 1_000;
const MOST_DATABASES: usize = 5_000;

/// Everything wrong, each under `instance.…`.
pub(super) fn violations(
    instance: &Instance,
    environments: &EnvironmentSetting,
) -> Vec<FieldViolation> {
    let mut found = labels::violations("instance.labels", &instance.labels);
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            found.push(FieldViolation {
                field: format!("instance.{field}"),
                description: what.to_owned(),
            });
        }
    };
    let line = |text: &str| !text.chars().any(char::is_control);
    let title = &instance.title;
    need(
        !title.is_empty() && title.chars().count() <= LONGEST_TITLE && line(title),
        "title",
        "use 1 to 200 characters in one line",
    );
    if let Some(id) = &instance.environment {
        let known = environments.environments.iter().any(|e| e.id == *id);
        let what = format!(
            "{} does not exist; choose one of the environment setting",
            EnvironmentName::new(id)
        );
        need(known, "environment", &what);
    }
    let payload = &instance.payload;
    let link = payload.external_link.as_str();
    need(
        link.is_empty() || is_web(link) && link.len() <= LONGEST_LINK && line(link),
        "external_link",
        "use an address that starts with https:// or http://",
    );
    need(
        (0..=MOST_CONNECTIONS).contains(&payload.maximum_connections),
        "maximum_connections",
        "use 1 to 1000, or 0 for the server's default",
    );
    let interval = payload.sync_interval.unwrap_or_default();
    need(
        interval.is_zero() || interval >= SHORTEST_INTERVAL,
        "sync_interval",
        "use a minute or longer, or 0 for no sync by itself",
    );
    let databases = &payload.sync_databases;
    need(
        databases.len() <= MOST_DATABASES && databases.iter().all(|d| !d.is_empty() && line(d)),
        "sync_databases",
        "name at most 5000 databases, each in one line",
    );
    found
}

/// The console makes a link of it: nothing that runs as a script may stand there.
fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base::{EngineKind, Time};
    use store::rows::{Environment, InstancePayload, State, SyncStatus};

    use super::*;

    fn instance() -> Instance {
        Instance {
            id: "pg".into(),
            title: "PostgreSQL".into(),
            engine: EngineKind::Postgres,
            engine_version: String::new(),
            identity: String::new(),
            environment: Some("prod".into()),
            project: None,
            state: State::Active,
            sync_status: SyncStatus::Never,
            sync_error: String::new(),
            synced_at: None,
            labels: BTreeMap::new(),
            payload: InstancePayload::default(),
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
            deleted_at: None,
        }
    }

    fn fields(instance: &Instance) -> Vec<String> {
        let prod = Environment { id: "prod".into(), ..Environment::default() };
        let environments = EnvironmentSetting { environments: vec![prod] };
        violations(instance, &environments).into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert!(fields(&instance()).is_empty());
        let bad = Instance {
            title: " \n".into(),
            environment: Some("nosuch".into()),
            labels: BTreeMap::from([("Team".into(), "x".into())]),
            payload: InstancePayload {
                external_link: "javascript:alert(1)".into(),
                sync_interval: Some(Duration::from_secs(5)),
                maximum_connections: -1,
                sync_databases: vec![String::new()],
                ..InstancePayload::default()
            },
            ..instance()
        };
        let expected = [
            "labels",
            "title",
            "environment",
            "external_link",
            "maximum_connections",
            "sync_interval",
            "sync_databases",
        ];
        assert_eq!(fields(&bad), expected.map(|f| format!("instance.{f}")));
    }

    #[test]
    fn zero_means_never_by_itself() {
        let payload =
            InstancePayload { sync_interval: Some(Duration::ZERO), ..InstancePayload::default() };
        assert!(fields(&Instance { payload, ..instance() }).is_empty());
    }
}
