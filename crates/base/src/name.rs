//! Resource names: `projects/shop/plans/12`.
//!
//! Each kind is a struct whose fields are the variable segments, with `parse` and `Display`. Segments are never empty,
//! hold no slash, NUL or control character, and are at most 512 bytes, so a parsed name is safe in paths and logs.

use std::fmt;

use crate::Error;

/// The one workspace.
pub const WORKSPACE: &str = "workspaces/default";
/// Where databases live that nobody has put into a project.
pub const DEFAULT_PROJECT: &str = "default";

const MAX_SEGMENT: usize = 512;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($segment:literal / $field:ident),* $(; $tail:literal)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name { $(pub $field: String,)* }

        impl $name {
            /// The shape of the name, for messages.
            pub const PATTERN: &'static str = concat!($($segment, "/{", stringify!($field), "}", "/",)* $($tail)?);

            pub fn new($($field: impl Into<String>),*) -> Self {
                Self { $($field: $field.into()),* }
            }

            /// Reads a name that stood in request field `field`.
            pub fn parse(field: &str, text: &str) -> Result<Self, Error> {
                let mut parts = text.split('/');
                let name = Self { $($field: segment(&mut parts, $segment).ok_or_else(|| bad(field, text, Self::PATTERN))?,)* };
                $(if parts.next() != Some($tail) { return Err(bad(field, text, Self::PATTERN)); })?
                if parts.next().is_some() { return Err(bad(field, text, Self::PATTERN)); }
                Ok(name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut slash = "";
                $(write!(f, "{slash}{}/{}", $segment, self.$field)?; slash = "/";)*
                $(write!(f, "{slash}{}", $tail)?;)?
                let _ = slash;
                Ok(())
            }
        }
    )*};
}

names! {
    WorkspaceName { "workspaces"/workspace }
    UserName { "users"/email }
    ServiceAccountName { "serviceAccounts"/email }
    WorkloadIdentityName { "workloadIdentities"/email }
    GroupName { "groups"/email }
    IdentityProviderName { "idps"/idp }
    RoleName { "roles"/role }
    ReviewConfigName { "reviewConfigs"/review_config }
    SettingName { "settings"/setting }
    EnvironmentName { "environments"/environment }
    ProjectName { "projects"/project }
    InstanceName { "instances"/instance }
    InstanceRoleName { "instances"/instance, "roles"/role }
    DatabaseName { "instances"/instance, "databases"/database }
    MetadataName { "instances"/instance, "databases"/database; "metadata" }
    SchemaTextName { "instances"/instance, "databases"/database; "schema" }
    ChangelogName { "instances"/instance, "databases"/database, "changelogs"/changelog }
    RevisionName { "instances"/instance, "databases"/database, "revisions"/revision }
    SheetName { "projects"/project, "sheets"/sheet }
    ReleaseName { "projects"/project, "releases"/release }
    PlanName { "projects"/project, "plans"/plan }
    PlanCheckRunName { "projects"/project, "plans"/plan; "planCheckRun" }
    QueryHistoryName { "projects"/project, "queryHistories"/history }
    IssueName { "projects"/project, "issues"/issue }
    EmergencyName { "projects"/project, "emergencies"/emergency }
    IssueCommentName { "projects"/project, "issues"/issue, "issueComments"/comment }
    RolloutName { "projects"/project, "plans"/plan; "rollout" }
    WebhookName { "projects"/project, "webhooks"/webhook }
    DeliveryName { "projects"/project, "webhooks"/webhook, "deliveries"/delivery }
    RepositoryName { "projects"/project, "repositories"/repository }
    RepositorySyncName { "projects"/project, "repositories"/repository, "syncs"/sync }
    DatabaseGroupName { "projects"/project, "databaseGroups"/group }
}

/// `projects/{project}/plans/{plan}/rollout/stages/{stage}`; the stage is an environment id, or `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StageName {
    pub project: String,
    pub plan: String,
    pub stage: String,
}

/// A task of a stage; `-` stands for any stage or task where a method allows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaskName {
    pub project: String,
    pub plan: String,
    pub stage: String,
    pub task: String,
}

/// One run of a task.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaskRunName {
    pub project: String,
    pub plan: String,
    pub stage: String,
    pub task: String,
    pub run: String,
}

impl StageName {
    pub const PATTERN: &'static str = "projects/{project}/plans/{plan}/rollout/stages/{stage}";

    pub fn parse(field: &str, text: &str) -> Result<Self, Error> {
        match below_rollout(text).as_deref() {
            Some([project, plan, stage]) => {
                Ok(Self { project: project.clone(), plan: plan.clone(), stage: stage.clone() })
            }
            _ => Err(bad(field, text, Self::PATTERN)),
        }
    }
}

impl TaskName {
    pub const PATTERN: &'static str =
        "projects/{project}/plans/{plan}/rollout/stages/{stage}/tasks/{task}";

    pub fn parse(field: &str, text: &str) -> Result<Self, Error> {
        match below_rollout(text).as_deref() {
            Some([project, plan, stage, task]) => Ok(Self {
                project: project.clone(),
                plan: plan.clone(),
                stage: stage.clone(),
                task: task.clone(),
            }),
            _ => Err(bad(field, text, Self::PATTERN)),
        }
    }
}

impl TaskRunName {
    pub const PATTERN: &'static str =
        "projects/{project}/plans/{plan}/rollout/stages/{stage}/tasks/{task}/taskRuns/{run}";

    pub fn parse(field: &str, text: &str) -> Result<Self, Error> {
        match below_rollout(text).as_deref() {
            Some([project, plan, stage, task, run]) => Ok(Self {
                project: project.clone(),
                plan: plan.clone(),
                stage: stage.clone(),
                task: task.clone(),
                run: run.clone(),
            }),
            _ => Err(bad(field, text, Self::PATTERN)),
        }
    }

    pub fn task(&self) -> TaskName {
        TaskName {
            project: self.project.clone(),
            plan: self.plan.clone(),
            stage: self.stage.clone(),
            task: self.task.clone(),
        }
    }
}

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "projects/{}/plans/{}/rollout/stages/{}", self.project, self.plan, self.stage)
    }
}

impl fmt::Display for TaskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "projects/{}/plans/{}/rollout/stages/{}/tasks/{}",
            self.project, self.plan, self.stage, self.task
        )
    }
}

impl fmt::Display for TaskRunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/taskRuns/{}", self.task(), self.run)
    }
}

/// Parses a per-project counter: plan, issue, task and run ids.
pub fn parse_number(field: &str, text: &str) -> Result<i64, Error> {
    let ok = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    ok.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        Error::field(field, format!("{text:?} is not a number of a plan, issue, task or run"))
    })
}

/// The variable segments of a name below `projects/{p}/plans/{n}/rollout`.
fn below_rollout(text: &str) -> Option<Vec<String>> {
    let mut parts = text.split('/');
    let mut found = vec![segment(&mut parts, "projects")?, segment(&mut parts, "plans")?];
    if parts.next() != Some("rollout") {
        return None;
    }
    for literal in ["stages", "tasks", "taskRuns"] {
        match parts.next() {
            None => break,
            Some(l) if l == literal => found.push(value(parts.next()?)?),
            Some(_) => return None,
        }
    }
    parts.next().is_none().then_some(found)
}

fn segment<'a>(parts: &mut impl Iterator<Item = &'a str>, literal: &str) -> Option<String> {
    (parts.next()? == literal).then_some(())?;
    value(parts.next()?)
}

fn value(v: &str) -> Option<String> {
    let ok = !v.is_empty()
        && v.len() <= MAX_SEGMENT
        && v != "."
        && v != ".."
        && !v.chars().any(char::is_control);
    ok.then(|| v.to_owned())
}

fn bad(field: &str, text: &str, pattern: &str) -> Error {
    let shown: String = text.chars().take(100).collect();
    Error::field(
        field,
        format!("{shown:?} is not a name of the form {}", pattern.trim_end_matches('/')),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        let n = DatabaseName::parse("name", "instances/pg1/databases/shop_prod").unwrap();
        assert_eq!((n.instance.as_str(), n.database.as_str()), ("pg1", "shop_prod"));
        assert_eq!(n.to_string(), "instances/pg1/databases/shop_prod");
        let c = PlanCheckRunName::parse("name", "projects/shop/plans/1/planCheckRun").unwrap();
        assert_eq!(c.to_string(), "projects/shop/plans/1/planCheckRun");
        let text = "projects/shop/plans/1/rollout/stages/prod/tasks/3/taskRuns/4";
        assert_eq!(TaskRunName::parse("name", text).unwrap().to_string(), text);
    }

    #[test]
    fn strange_names_are_refused() {
        for text in [
            "",
            "projects",
            "projects/",
            "projects/a/",
            "projects/a/b",
            "Projects/a",
            "projects/..",
            "projects/a\0b",
            "projects//",
        ] {
            assert!(ProjectName::parse("name", text).is_err(), "{text:?}");
        }
        assert!(
            ProjectName::parse("name", &format!("projects/{}", "a".repeat(1_000_000))).is_err()
        );
        assert!(StageName::parse("name", "projects/shop/plans/1/rollout").is_err());
        assert!(
            StageName::parse("name", "projects/shop/plans/1/rollout/stages/prod/tasks/3").is_err()
        );
        assert!(parse_number("plan", "9999999999999999999").is_err());
    }
}
