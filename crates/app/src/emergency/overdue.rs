//! Reviews that are due and not done keep the databases from normal rollouts.

use std::collections::BTreeSet;

use base::name::DatabaseName;
use base::{Blocker, Result, Time};
use store::Conn;
use store::rows::{Emergency, Task};

/// The reason of the blockers.
pub const REVIEW_OVERDUE: &str = "EMERGENCY_REVIEW_OVERDUE";

/// Emergencies whose review is overdue. Few: they are in the way of people.
pub struct Overdue(Vec<Emergency>);

impl Overdue {
    pub async fn read(conn: &mut Conn, now: Time) -> Result<Self> {
        Ok(Self(store::emergencies::overdue(conn, now).await?))
    }

    /// What keeps the task from a normal run.
    pub fn of(&self, task: &Task) -> Option<Blocker> {
        // Nearly always there is none, and tasks are many.
        if self.0.is_empty() {
            return None;
        }
        let name = DatabaseName::new(&task.instance, &task.database).to_string();
        self.of_all(&BTreeSet::from([name])).pop()
    }

    /// One for each emergency that ran on one of the databases.
    pub fn of_all(&self, databases: &BTreeSet<String>) -> Vec<Blocker> {
        let blocker = |e: &Emergency| {
            let database = e.payload.databases.iter().find(|d| databases.contains(*d))?;
            Some(Blocker {
                reason: REVIEW_OVERDUE.to_owned(),
                subject: store::emergencies::name(&e.project, &e.id),
                message: format!(
                    "{database} waits for the review of an emergency run: {} ran projects/{}/plans/{} there past its approval, and its \
                     review was due at {}. To clear this, one of {}, or somebody who could have approved it, reviews {} on the page \
                     of that plan (EmergencyService.ReviewEmergency). Another emergency run does not wait.",
                    e.creator,
                    e.project,
                    e.plan,
                    e.due_at,
                    e.payload.notified.join(", "),
                    store::emergencies::name(&e.project, &e.id),
                ),
            })
        };
        self.0.iter().filter_map(blocker).collect()
    }
}

#[cfg(test)]
mod tests {
    use store::rows::EmergencyPayload;

    use super::*;

    #[test]
    fn only_its_own_databases_wait() {
        let payload = EmergencyPayload {
            databases: vec!["instances/pg/databases/shop".into()],
            notified: vec!["users/ann@x.io".into()],
            ..EmergencyPayload::default()
        };
        let overdue = Overdue(vec![Emergency {
            project: "shop".into(),
            id: "e1".into(),
            plan: 7,
            creator: "users/bob@x.io".into(),
            due_at: Time(0),
            reviewed_at: None,
            payload,
            version: 1,
            created_at: Time(0),
            updated_at: Time(0),
        }]);
        let of = |name: &str| overdue.of_all(&BTreeSet::from([name.to_owned()]));
        assert!(of("instances/pg/databases/crm").is_empty());
        let found = of("instances/pg/databases/shop");
        assert_eq!(found[0].subject, "projects/shop/emergencies/e1");
        for part in ["users/bob@x.io", "projects/shop/plans/7", "users/ann@x.io", "ReviewEmergency"]
        {
            assert!(found[0].message.contains(part), "{}", found[0].message);
        }
    }
}
