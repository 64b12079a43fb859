//! Specs of plans.

use api::bytebase::v1 as pb;
use base::{Error, Result};
use pb::plan::spec::Config;
use store::rows::{ChangeDatabase, CreateDatabaseSpec, Spec, SpecConfig};

pub fn to_wire(spec: Spec) -> pb::plan::Spec {
    let config = match spec.config {
        SpecConfig::CreateDatabase(c) => {
            Config::CreateDatabaseConfig(pb::plan::CreateDatabaseConfig {
                target: c.target,
                database: c.database,
                table: c.table,
                character_set: c.character_set,
                collation: c.collation,
                cluster: c.cluster,
                owner: c.owner,
                environment: c.environment,
            })
        }
        SpecConfig::ChangeDatabase(c) => {
            Config::ChangeDatabaseConfig(pb::plan::ChangeDatabaseConfig {
                targets: c.targets,
                sheet: c.sheet,
                release: c.release,
                enable_prior_backup: c.enable_prior_backup,
                session_settings: c.session_settings,
            })
        }
    };
    pb::plan::Spec { id: spec.id, config: Some(config) }
}

/// All specs of a request; one without a config is refused by its place.
pub fn from_wire(specs: Vec<pb::plan::Spec>) -> Result<Vec<Spec>> {
    specs.into_iter().enumerate().map(|(i, s)| one(i, s)).collect()
}

fn one(i: usize, spec: pb::plan::Spec) -> Result<Spec> {
    let config = match spec.config {
        Some(Config::CreateDatabaseConfig(c)) => SpecConfig::CreateDatabase(CreateDatabaseSpec {
            target: c.target,
            database: c.database,
            character_set: c.character_set,
            collation: c.collation,
            owner: c.owner,
            environment: c.environment,
            table: c.table,
            cluster: c.cluster,
        }),
        Some(Config::ChangeDatabaseConfig(c)) => SpecConfig::ChangeDatabase(ChangeDatabase {
            targets: c.targets,
            sheet: c.sheet,
            release: c.release,
            enable_prior_backup: c.enable_prior_backup,
            session_settings: c.session_settings,
        }),
        None => {
            let text = "say what the spec does: change_database_config or create_database_config";
            return Err(Error::field(format!("plan.specs[{i}]"), text));
        }
    };
    Ok(Spec { id: spec.id, config })
}
