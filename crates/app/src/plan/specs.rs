//! The rules that the specs of a plan keep, whoever writes them. Pure.

use std::collections::BTreeSet;

use base::FieldViolation;
use base::name::{DatabaseName, InstanceName, ReleaseName, SheetName};
use store::rows::{ChangeDatabase, Spec, SpecConfig};

/// More targets than this in one plan belong into a database group.
const MAX_TARGETS: usize = 5_000;

/// Everything that is wrong with the specs, each with its field. Existence of what they name is checked elsewhere.
pub fn violations(project: &str, specs: &[Spec]) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut say = |field: String, description: &str| {
        found.push(FieldViolation { field, description: description.to_owned() });
    };
    if specs.is_empty() {
        say("plan.specs".into(), "add at least one change");
    }
    let mut ids = BTreeSet::new();
    for (i, spec) in specs.iter().enumerate() {
        let field = |name: &str| format!("plan.specs[{i}].{name}");
        if spec.id.is_empty() || spec.id.len() > 128 || spec.id.chars().any(char::is_control) {
            say(field("id"), "give each spec an id of 1 to 128 characters, for example a UUID");
        } else if !ids.insert(spec.id.as_str()) {
            say(field("id"), "two specs have this id; ids are unique in a plan");
        }
        match &spec.config {
            SpecConfig::CreateDatabase(c) => {
                if InstanceName::parse("target", &c.target).is_err() {
                    say(
                        field("create_database_config.target"),
                        "name the instance as instances/{instance}",
                    );
                }
                if c.database.is_empty() || c.database.contains(['/', '\0']) {
                    say(
                        field("create_database_config.database"),
                        "give the new database a name without slash",
                    );
                }
            }
            SpecConfig::ChangeDatabase(c) => {
                let field = |name: &str| format!("plan.specs[{i}].change_database_config.{name}");
                if c.targets.is_empty() {
                    say(field("targets"), "choose at least one database");
                }
                if c.targets.len() > MAX_TARGETS {
                    say(field("targets"), "at most 5000 databases fit in one plan");
                }
                let mut seen = BTreeSet::new();
                for target in &c.targets {
                    if target.contains("/databaseGroups/") {
                        say(
                            field("targets"),
                            "database groups are not available in this version; list the databases",
                        );
                    } else if DatabaseName::parse("target", target).is_err() {
                        say(
                            field("targets"),
                            "name each database as instances/{instance}/databases/{database}",
                        );
                    } else if !seen.insert(target) {
                        say(field("targets"), "a database stands here twice");
                    }
                }
                if !c.release.is_empty()
                    && !ReleaseName::parse("release", &c.release)
                        .is_ok_and(|r| r.project == project)
                {
                    say(
                        field("release"),
                        "name a release of this project as projects/{project}/releases/{release}",
                    );
                }
                if !c.release.is_empty() && !c.sheet.is_empty() {
                    say(field("sheet"), "a change has a sheet or a release, not both");
                }
                if c.enable_prior_backup {
                    say(
                        field("enable_prior_backup"),
                        "prior backup is not available in this version; leave it off",
                    );
                }
                if !c.sheet.is_empty()
                    && !SheetName::parse("sheet", &c.sheet).is_ok_and(|s| s.project == project)
                {
                    say(
                        field("sheet"),
                        "name a sheet of this project as projects/{project}/sheets/{sha256}",
                    );
                }
            }
        }
    }
    let creates =
        specs.iter().filter(|s| matches!(s.config, SpecConfig::CreateDatabase(_))).count();
    if creates > 0 && creates < specs.len() {
        say("plan.specs".into(), "do not mix creating and changing databases in one plan");
    }
    let releases = specs.iter().filter(|s| release_of(&s.config).is_some()).count();
    if releases > 1 {
        say("plan.specs".into(), "at most one release fits in a plan");
    } else if releases > 0 && releases + creates < specs.len() {
        say("plan.specs".into(), "do not mix changes by sheet and by release in one plan");
    }
    found
}

/// The release that a change runs, if it does.
pub fn release_of(config: &SpecConfig) -> Option<&str> {
    match config {
        SpecConfig::ChangeDatabase(c) => Some(c.release.as_str()).filter(|r| !r.is_empty()),
        SpecConfig::CreateDatabase(_) => None,
    }
}

/// Whether the plan rolls out a release: what it does is fixed.
pub fn has_release(specs: &[Spec]) -> bool {
    specs.iter().any(|s| release_of(&s.config).is_some())
}

/// Whether a change says nothing yet to run.
pub const fn is_empty(change: &ChangeDatabase) -> bool {
    change.sheet.is_empty() && change.release.is_empty()
}

#[cfg(test)]
mod tests {
    use store::rows::{ChangeDatabase, CreateDatabaseSpec};

    use super::*;

    fn change(id: &str, targets: &[&str]) -> Spec {
        let targets = targets.iter().map(|t| format!("instances/pg/databases/{t}")).collect();
        Spec {
            id: id.into(),
            config: SpecConfig::ChangeDatabase(ChangeDatabase {
                targets,
                ..ChangeDatabase::default()
            }),
        }
    }

    fn fields(specs: &[Spec]) -> Vec<String> {
        violations("shop", specs).into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn good_specs_have_none() {
        assert!(fields(&[change("a", &["x", "y"]), change("b", &["x"])]).is_empty());
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert_eq!(fields(&[]), ["plan.specs"]);
        assert_eq!(fields(&[change("a", &["x"]), change("a", &["y"])]), ["plan.specs[1].id"]);
        assert_eq!(
            fields(&[change("a", &["x", "x"])]),
            ["plan.specs[0].change_database_config.targets"]
        );
        let create = Spec {
            id: "c".into(),
            config: SpecConfig::CreateDatabase(CreateDatabaseSpec {
                target: "instances/pg".into(),
                database: "new".into(),
                ..CreateDatabaseSpec::default()
            }),
        };
        assert_eq!(fields(&[change("a", &["x"]), create]), ["plan.specs"]);
    }

    #[test]
    fn one_release_and_nothing_else() {
        let release = |id: &str, of: &str| {
            let mut spec = change(id, &["x", "y"]);
            if let SpecConfig::ChangeDatabase(c) = &mut spec.config {
                c.release = format!("projects/{of}/releases/r-RC00");
            }
            spec
        };
        assert!(fields(&[release("a", "shop")]).is_empty());
        let field = |name: &str| format!("plan.specs[0].change_database_config.{name}");
        assert_eq!(fields(&[release("a", "other")]), [field("release")]);
        assert_eq!(fields(&[release("a", "shop"), release("b", "shop")]), ["plan.specs"]);
        assert_eq!(fields(&[release("a", "shop"), change("b", &["x"])]), ["plan.specs"]);
        let mut both = release("a", "shop");
        if let SpecConfig::ChangeDatabase(c) = &mut both.config {
            c.sheet = format!("projects/shop/sheets/{}", "0".repeat(64));
        }
        assert_eq!(fields(&[both]), [field("sheet")]);
    }

    #[test]
    fn a_sheet_of_another_project_is_refused() {
        let mut spec = change("a", &["x"]);
        if let SpecConfig::ChangeDatabase(c) = &mut spec.config {
            c.sheet = format!("projects/other/sheets/{}", "0".repeat(64));
        }
        assert_eq!(fields(&[spec]), ["plan.specs[0].change_database_config.sheet"]);
    }
}
