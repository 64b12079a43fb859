//! What a sync of an instance changes in the list of its databases. Pure.

use std::collections::{BTreeMap, BTreeSet};

use engine::DatabaseInfo;
use store::rows::{Database, State};

/// The difference between what is stored and what the server has.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Seen for the first time.
    pub new: Vec<DatabaseInfo>,
    /// Ids of databases that were gone and are back.
    pub back: Vec<String>,
    /// Ids of databases that are gone.
    pub gone: Vec<String>,
}

/// Compares. A non-empty `only` names the databases to look at: the others count as gone.
pub fn compare(stored: &[Database], found: Vec<DatabaseInfo>, only: &[String]) -> Difference {
    let only: BTreeSet<&str> = only.iter().map(String::as_str).collect();
    let mut by_name: BTreeMap<String, DatabaseInfo> = found
        .into_iter()
        .filter(|d| only.is_empty() || only.contains(d.name.as_str()))
        .map(|d| (d.name.clone(), d))
        .collect();
    let mut out = Difference::default();
    for database in stored {
        match (by_name.remove(&database.name), database.state) {
            (Some(_), State::Deleted) => out.back.push(database.id.clone()),
            (None, State::Active) => out.gone.push(database.id.clone()),
            _ => {}
        }
    }
    out.new = by_name.into_values().collect();
    out
}

impl Difference {
    pub const fn is_empty(&self) -> bool {
        self.new.is_empty() && self.back.is_empty() && self.gone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use base::Time;
    use store::rows::{DatabasePayload, SyncStatus};

    use super::*;

    fn stored(name: &str, state: State) -> Database {
        Database {
            id: format!("id-{name}"),
            instance: "pg".into(),
            name: name.into(),
            project: "default".into(),
            environment: None,
            effective_environment: None,
            state,
            sync_status: SyncStatus::Ok,
            sync_error: String::new(),
            synced_at: None,
            schema_sha256: None,
            size_bytes: 0,
            table_count: 0,
            labels: BTreeMap::new(),
            payload: DatabasePayload::default(),
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }
    }

    fn found(names: &[&str]) -> Vec<DatabaseInfo> {
        let info = |name: &&str| DatabaseInfo { name: (*name).into(), ..DatabaseInfo::default() };
        names.iter().map(info).collect()
    }

    fn names(difference: &Difference) -> Vec<&str> {
        difference.new.iter().map(|d| d.name.as_str()).collect()
    }

    #[test]
    fn new_gone_and_back() {
        let have = [
            stored("kept", State::Active),
            stored("dropped", State::Active),
            stored("returned", State::Deleted),
            stored("long_gone", State::Deleted),
        ];
        let out = compare(&have, found(&["returned", "kept", "b", "a"]), &[]);
        assert_eq!(names(&out), ["a", "b"]);
        assert_eq!(
            (out.back, out.gone),
            (vec!["id-returned".to_owned()], vec!["id-dropped".to_owned()])
        );
        assert!(compare(&have[..1], found(&["kept"]), &[]).is_empty());
    }

    #[test]
    fn what_is_not_asked_for_is_left_out() {
        let have = [stored("a", State::Active), stored("b", State::Active)];
        let out = compare(&have, found(&["a", "b", "c", "d"]), &["a".into(), "d".into()]);
        assert_eq!((names(&out), &out.gone), (vec!["d"], &vec!["id-b".to_owned()]));
    }
}
