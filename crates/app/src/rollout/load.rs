//! Loads the databases and instances that specs name, by few queries.

use std::collections::{BTreeMap, BTreeSet};

use base::Result;
use base::name::{DatabaseName, InstanceName};
use store::Conn;
use store::rows::{Spec, SpecConfig};

use super::expand::Named;

/// Absent ones are absent from the maps.
pub async fn named(conn: &mut Conn, specs: &[Spec]) -> Result<Named> {
    let mut databases = BTreeSet::new();
    let mut instances = BTreeSet::new();
    for spec in specs {
        match &spec.config {
            SpecConfig::CreateDatabase(c) => {
                instances.extend(InstanceName::parse("target", &c.target).ok().map(|n| n.instance));
            }
            SpecConfig::ChangeDatabase(c) => {
                for name in c.targets.iter().filter_map(|t| DatabaseName::parse("target", t).ok()) {
                    instances.insert(name.instance.clone());
                    databases.insert((name.instance, name.database));
                }
            }
        }
    }
    let databases: Vec<_> = databases.into_iter().collect();
    let instances: Vec<_> = instances.into_iter().collect();
    let found = store::databases::get_many(conn, &databases).await?;
    let databases: BTreeMap<_, _> = found
        .into_iter()
        .map(|d| (format!("instances/{}/databases/{}", d.instance, d.name), d))
        .collect();
    let found = store::instances::get_many(conn, &instances).await?;
    let instances = found.into_iter().map(|i| (i.id.clone(), i)).collect();
    Ok(Named { databases, instances })
}
