//! The fingerprint of a task: what exactly is run where. An approval counts for the tasks whose fingerprint it has.

use std::collections::BTreeMap;

use store::rows::{CreateDatabaseSpec, Task};

use crate::execution::NO_STAGE;
use crate::rollout::expand::Wanted;

/// Characters of a hash that are kept: 80 bits, of which nobody finds a second one with the same.
const KEPT: usize = 20;

pub fn of_wanted(wanted: &Wanted) -> String {
    print(&Parts {
        stage: wanted.environment.as_deref(),
        instance: &wanted.instance,
        database: &wanted.database,
        sheet: &wanted.sheet_sha256,
        release: wanted.payload.release.as_deref(),
        settings: &wanted.payload.session_settings,
        create: wanted.payload.create.as_ref(),
    })
}

pub fn of_task(task: &Task) -> String {
    print(&Parts {
        stage: task.environment.as_deref(),
        instance: &task.instance,
        database: &task.database,
        sheet: &task.sheet_sha256,
        release: task.payload.release.as_deref(),
        settings: &task.payload.session_settings,
        create: task.payload.create.as_ref(),
    })
}

struct Parts<'a> {
    stage: Option<&'a str>,
    instance: &'a str,
    database: &'a str,
    sheet: &'a str,
    release: Option<&'a str>,
    settings: &'a BTreeMap<String, String>,
    create: Option<&'a CreateDatabaseSpec>,
}

fn print(parts: &Parts<'_>) -> String {
    // Debug quotes texts, so that no two sets of parts read the same.
    let Parts { instance, database, sheet, release, settings, create, .. } = parts;
    let stage = parts.stage.unwrap_or(NO_STAGE);
    let text = format!("{:?}", (stage, instance, database, sheet, release, settings, create));
    let mut hash = base::id::sha256_hex(text.as_bytes());
    hash.truncate(KEPT);
    hash
}
