//! What a hotfix changes besides what it names: databases of the same name in the environments that it passes by, so that what mends
//! production reaches them as well. They become targets of the plan, and are checked and approved as any other.

use std::collections::BTreeSet;

use base::Result;
use base::name::DatabaseName;
use store::rows::{Database, EnvironmentSetting, Spec, SpecConfig};
use store::{Conn, Filter, List, databases};

use crate::rollout::expand::Named;
use crate::rollout::{load, order};

/// Adds them to each change. Databases that were targets `before` have been looked at: what was taken out again stays out.
pub(super) async fn add(
    conn: &mut Conn,
    project: &str,
    specs: &mut [Spec],
    before: &[Spec],
) -> Result<()> {
    let named = load::named(conn, specs).await?;
    let environments = crate::setting::environments(conn).await?;
    let seen: BTreeSet<&String> = targets(before).collect();
    let mut there: BTreeSet<String> = targets(specs).cloned().collect();
    for spec in specs {
        let SpecConfig::ChangeDatabase(change) = &mut spec.config else { continue };
        let first = goes_first(&change.targets, &named, &environments);
        let new: Vec<&Database> =
            first.into_iter().filter(|(t, _)| !seen.contains(t)).map(|(_, d)| d).collect();
        let mut added = BTreeSet::new();
        for twin in of_names(conn, project, new.iter().map(|d| d.name.as_str())).await? {
            let engine = match named.instances.get(&twin.instance) {
                Some(instance) => Some(instance.engine),
                None => store::instances::get(conn, &twin.instance).await?.map(|i| i.engine),
            };
            let is_of = |d: &Database| {
                d.name == twin.name
                    && named.instances.get(&d.instance).map(|i| i.engine) == engine
                    && is_passed_by(d, &twin, &environments)
            };
            let name = DatabaseName::new(&twin.instance, &twin.name).to_string();
            if new.iter().any(|d| is_of(d)) && there.insert(name.clone()) {
                added.insert(name);
            }
        }
        change.targets.extend(added);
    }
    Ok(())
}

fn targets(specs: &[Spec]) -> impl Iterator<Item = &String> {
    specs.iter().flat_map(|spec| match &spec.config {
        SpecConfig::ChangeDatabase(change) => change.targets.as_slice(),
        SpecConfig::CreateDatabase(_) => &[],
    })
}

/// Those of the targets that a hotfix runs first.
fn goes_first<'a>(
    targets: &'a [String],
    named: &'a Named,
    environments: &EnvironmentSetting,
) -> Vec<(&'a String, &'a Database)> {
    let found: Vec<_> = targets.iter().filter_map(|t| Some((t, named.databases.get(t)?))).collect();
    let stages = found.iter().filter_map(|(_, d)| d.effective_environment.clone()).collect();
    let order = order::of_hotfix(stages, environments);
    let first = &order.stages[..order.first];
    let is_first =
        |d: &Database| d.effective_environment.as_ref().is_some_and(|e| first.contains(e));
    found.into_iter().filter(|(_, d)| is_first(d)).collect()
}

/// Whether a change goes through the twin's environment before that of the database, but for a hotfix. Production waits for nobody's
/// twin, and where there is none the order of the list tells.
fn is_passed_by(database: &Database, twin: &Database, environments: &EnvironmentSetting) -> bool {
    let place = |d: &Database| {
        let id = d.effective_environment.as_deref()?;
        environments.environments.iter().position(|e| e.id == id)
    };
    let (Some(of), Some(at)) = (place(database), place(twin)) else { return false };
    let is_production = |place: usize| environments.environments[place].protected;
    !is_production(at) && of != at && (is_production(of) || at < of)
}

/// Databases of the project that can be changed, of these names.
async fn of_names<'a>(
    conn: &mut Conn,
    project: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<Database>> {
    let names: BTreeSet<&str> = names.collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter::eq(databases::PROJECT, project)
        .and(Filter::is_in(databases::NAME, names))
        .and(Filter::eq(databases::STATE, "ACTIVE"))
        .and(Filter::eq(databases::INSTANCE_STATE, "ACTIVE"));
    Ok(databases::list(conn, &List::of(filter)).await?.items)
}
