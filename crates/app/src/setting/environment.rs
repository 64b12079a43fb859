//! The setting ENVIRONMENT: its rules. The order of the list is the order of stages.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base::id::check_resource_id;
use base::name::{DatabaseName, EnvironmentName, InstanceName};
use base::{Blocker, Error, FieldViolation, Result};
use store::rows::EnvironmentSetting;
use store::{Conn, Filter, List, databases, instances, tasks};

const MOST: usize = 100;
const MOST_WINDOWS: usize = 20;
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
const LONGEST_RUN: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Blockers of one kind that are listed by name.
const SHOWN: usize = 20;

/// Everything wrong with the list.
pub(super) fn violations(setting: &EnvironmentSetting) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let list = "setting.value.environment.environments";
    let mut need = |ok: bool, field: String, what: &str| {
        if !ok {
            found.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    need(setting.environments.len() <= MOST, list.to_owned(), "use at most 100 environments");
    let mut ids = BTreeSet::new();
    for (i, e) in setting.environments.iter().take(MOST).enumerate() {
        let at = |name: &str| format!("{list}[{i}].{name}");
        need(
            check_resource_id("id", &e.id).is_ok(),
            at("id"),
            "use 1 to 63 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        );
        need(ids.insert(&e.id), at("id"), "another environment has this id");
        let title = e.title.trim();
        need(
            !title.is_empty()
                && title.chars().count() <= 200
                && !title.chars().any(char::is_control),
            at("title"),
            "use 1 to 200 characters in one line",
        );
        need(is_color(&e.color), at("color"), "use a colour like #3F9142, or none");
        need(
            e.lock_timeout.is_none_or(|d| Duration::ZERO < d && d <= LONGEST_WAIT),
            at("lock_timeout"),
            "use more than 0 and at most 1 hour, or nothing for the server's default",
        );
        need(
            e.statement_timeout.is_none_or(|d| Duration::ZERO < d && d <= LONGEST_RUN),
            at("statement_timeout"),
            "use more than 0 and at most 7 days, or nothing for no limit",
        );
        need(e.windows.len() <= MOST_WINDOWS, at("windows"), "use at most 20 windows");
        for (n, window) in e.windows.iter().take(MOST_WINDOWS).enumerate() {
            for mistake in policy::window::mistakes(window) {
                need(false, at(&format!("windows[{n}].{}", mistake.field)), mistake.what);
            }
        }
        need(
            tags_ok(&e.tags),
            at("tags"),
            "use at most 64 tags, keys and values of at most 63 characters",
        );
    }
    found
}

/// Refuses to remove an environment that instances, databases or unfinished tasks are in, and lists them.
pub(super) async fn check_removed(
    conn: &mut Conn,
    before: &EnvironmentSetting,
    after: &EnvironmentSetting,
) -> Result<()> {
    let kept: BTreeSet<_> = after.environments.iter().map(|e| &e.id).collect();
    let open = tasks::open_environments(conn).await?;
    let mut blockers = Vec::new();
    for gone in before.environments.iter().filter(|e| !kept.contains(&e.id)) {
        let name = EnvironmentName::new(&gone.id).to_string();
        let mut in_use = |subject: String, message: String| {
            blockers.push(Blocker { reason: "ENVIRONMENT_IN_USE".to_owned(), subject, message });
        };
        let some = |filter| List { size: SHOWN, ..List::of(filter) };
        for instance in
            instances::list(conn, &some(Filter::eq(instances::ENVIRONMENT, gone.id.as_str())))
                .await?
                .items
        {
            let subject = InstanceName::new(&instance.id).to_string();
            in_use(subject.clone(), format!("move {subject} to another environment than {name}"));
        }
        for db in databases::list(conn, &some(Filter::eq(databases::ENVIRONMENT, gone.id.as_str())))
            .await?
            .items
        {
            if db.environment.is_some() {
                let subject = DatabaseName::new(&db.instance, &db.name).to_string();
                in_use(
                    subject.clone(),
                    format!("move {subject} to another environment than {name}"),
                );
            }
        }
        if let Some(n) = open.get(&gone.id) {
            in_use(
                name.clone(),
                format!("{n} tasks in {name} are not finished: run, skip or cancel them"),
            );
        }
    }
    if blockers.is_empty() {
        return Ok(());
    }
    Err(Error::blocked("an environment that is in use cannot be removed", blockers))
}

/// `#RRGGBB`, or nothing.
fn is_color(text: &str) -> bool {
    let hex = text.strip_prefix('#');
    text.is_empty() || hex.is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn tags_ok(tags: &BTreeMap<String, String>) -> bool {
    let short = |t: &str| t.chars().count() <= 63 && !t.chars().any(char::is_control);
    tags.len() <= 64 && tags.iter().all(|(k, v)| !k.is_empty() && short(k) && short(v))
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::window::Window;
    use store::rows::Environment;

    fn fields(environments: Vec<Environment>) -> Vec<String> {
        let found = violations(&EnvironmentSetting { environments });
        found.into_iter().map(|v| v.field.replace("setting.value.environment.", "")).collect()
    }

    fn environment(id: &str) -> Environment {
        Environment { id: id.into(), title: id.into(), ..Environment::default() }
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert!(fields(vec![environment("test"), environment("prod")]).is_empty());
        assert!(fields(vec![]).is_empty());
        assert_eq!(fields(vec![environment("a"), environment("a")]), ["environments[1].id"]);
        assert_eq!(fields(vec![environment("-")]), ["environments[0].id"]);
        let odd = Environment {
            title: " ".into(),
            color: "red".into(),
            lock_timeout: Some(Duration::ZERO),
            statement_timeout: Some(Duration::from_secs(8 * 24 * 3_600)),
            tags: BTreeMap::from([(String::new(), String::new())]),
            ..environment("a")
        };
        assert_eq!(fields(vec![odd]).len(), 5);
        let window = Window { start: "22:00".into(), end: "4".into(), ..Window::default() };
        let windows = vec![Window { end: "04:00".into(), ..window.clone() }, window];
        assert_eq!(
            fields(vec![Environment { windows, ..environment("a") }]),
            [
                "environments[0].windows[0].weekdays",
                "environments[0].windows[0].time_zone",
                "environments[0].windows[1].weekdays",
                "environments[0].windows[1].end",
                "environments[0].windows[1].time_zone",
            ]
        );
        assert_eq!(
            fields((0..101).map(|i| environment(&format!("e{i}"))).collect()),
            ["environments"]
        );
    }
}
