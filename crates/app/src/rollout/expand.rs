//! Which tasks a plan makes. Pure: databases come as arguments.

use std::collections::BTreeMap;

use base::Blocker;
use base::name::{DatabaseName, InstanceName, SheetName};
use store::rows::{Database, Instance, Plan, SpecConfig, State, TaskKind, TaskPayload};

use crate::plan::specs;

/// A task that the plan wants, before it has a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub spec_id: String,
    pub environment: Option<String>,
    pub kind: TaskKind,
    pub instance: String,
    pub database: String,
    pub sheet_sha256: String,
    pub payload: TaskPayload,
}

/// What the plan names, loaded: by resource name.
pub struct Named {
    pub databases: BTreeMap<String, Database>,
    pub instances: BTreeMap<String, Instance>,
}

/// One task for each database of each spec, in the plan's order, or everything that stands in the way.
pub fn expand(plan: &Plan, named: &Named) -> Result<Vec<Wanted>, Vec<Blocker>> {
    let mut wanted = Vec::new();
    let mut blockers = Vec::new();
    for spec in &plan.payload.specs {
        match &spec.config {
            SpecConfig::ChangeDatabase(change) => {
                let release = specs::release_of(&spec.config).map(str::to_owned);
                let sheet_sha256 = match SheetName::parse("sheet", &change.sheet) {
                    Ok(sheet) => Some(sheet.sheet),
                    // The files of a release have a sheet each.
                    Err(_) => release.is_some().then(String::new),
                };
                let Some(sheet_sha256) = sheet_sha256 else {
                    blockers.push(blocker(
                        "SPEC_INCOMPLETE",
                        &spec.id,
                        "has no SQL yet; write it and save the plan",
                    ));
                    // What else is wrong with it is told at once.
                    let wrong = change.targets.iter().filter_map(|t| usable(plan, named, t).err());
                    blockers.extend(wrong);
                    continue;
                };
                for target in &change.targets {
                    match usable(plan, named, target) {
                        Ok((name, database)) => wanted.push(Wanted {
                            spec_id: spec.id.clone(),
                            environment: database.effective_environment.clone(),
                            kind: TaskKind::DatabaseMigrate,
                            instance: name.instance,
                            database: name.database,
                            sheet_sha256: sheet_sha256.clone(),
                            payload: TaskPayload {
                                session_settings: change.session_settings.clone(),
                                release: release.clone(),
                                ..TaskPayload::default()
                            },
                        }),
                        Err(b) => blockers.push(b),
                    }
                }
            }
            SpecConfig::CreateDatabase(create) => {
                let instance = InstanceName::parse("target", &create.target).ok();
                let found = instance.and_then(|i| named.instances.get(&i.instance));
                let Some(instance) = found.filter(|i| i.state == State::Active) else {
                    blockers.push(blocker(
                        "INSTANCE_GONE",
                        &create.target,
                        "does not exist any more or is deleted",
                    ));
                    continue;
                };
                let own =
                    create.environment.strip_prefix("environments/").unwrap_or(&create.environment);
                wanted.push(Wanted {
                    spec_id: spec.id.clone(),
                    environment: if own.is_empty() {
                        instance.environment.clone()
                    } else {
                        Some(own.to_owned())
                    },
                    kind: TaskKind::DatabaseCreate,
                    instance: instance.id.clone(),
                    database: create.database.clone(),
                    sheet_sha256: String::new(),
                    payload: TaskPayload { create: Some(create.clone()), ..TaskPayload::default() },
                });
            }
        }
    }
    if blockers.is_empty() { Ok(wanted) } else { Err(blockers) }
}

fn usable<'a>(
    plan: &Plan,
    named: &'a Named,
    target: &str,
) -> Result<(DatabaseName, &'a Database), Blocker> {
    let gone = || {
        blocker(
            "DATABASE_GONE",
            target,
            "does not exist any more; remove it from the plan or sync its instance",
        )
    };
    let name = DatabaseName::parse("target", target).map_err(|_| gone())?;
    let database =
        named.databases.get(target).filter(|d| d.state == State::Active).ok_or_else(gone)?;
    if database.project != plan.project {
        return Err(blocker(
            "DATABASE_MOVED",
            target,
            "belongs to another project now; remove it from the plan or move it back",
        ));
    }
    Ok((name, database))
}

fn blocker(reason: &str, subject: &str, what: &str) -> Blocker {
    Blocker {
        reason: reason.to_owned(),
        subject: subject.to_owned(),
        message: format!("{subject} {what}"),
    }
}
