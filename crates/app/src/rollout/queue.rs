//! What keeps a run waiting. Pure: the reason is data, so that people see it.

use std::collections::{HashMap, HashSet};

use store::rows::TaskRun;

/// No connection to the instance is free.
pub const INSTANCE_LIMIT: &str = "INSTANCE_CONNECTION_LIMIT";

/// Why a run waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// UPPER_SNAKE.
    pub reason: &'static str,
    /// A sentence.
    pub text: String,
}

impl Waits {
    /// Whether people see it already. When a window opens may change while a run waits; what a paused run applied stays told.
    pub fn is_told(&self, run: &TaskRun) -> bool {
        let text = self.text.trim_end_matches('.');
        run.payload.waiting_reason == self.reason
            && (self.reason != crate::execution::WINDOW_CLOSED || run.detail.contains(text))
    }
}

/// What is going on right now.
#[derive(Debug, Default)]
pub struct Traffic {
    /// (instance, database) with a run that is AVAILABLE or RUNNING.
    databases: HashSet<(String, String)>,
    /// Runs of each (project, plan).
    plans: HashMap<(String, i64), usize>,
    /// Runs on each instance.
    instances: HashMap<String, usize>,
}

/// How much may go on at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Runs of one rollout; 0 means no limit.
    pub per_rollout: usize,
    /// Connections to the instance.
    pub per_instance: usize,
    /// Of these, those that syncs and checks have.
    pub others: usize,
}

impl Traffic {
    pub fn add(&mut self, project: &str, plan: i64, instance: &str, database: &str) {
        self.databases.insert((instance.to_owned(), database.to_owned()));
        *self.plans.entry((project.to_owned(), plan)).or_default() += 1;
        *self.instances.entry(instance.to_owned()).or_default() += 1;
    }

    /// Something goes on at the database.
    pub fn is_busy(&self, instance: &str, database: &str) -> bool {
        self.databases.contains(&(instance.to_owned(), database.to_owned()))
    }

    /// Whether a run may start beside what goes on: one change of a database at a time, then the limits.
    pub fn admits(
        &self,
        project: &str,
        plan: i64,
        instance: &str,
        database: &str,
        limits: Limits,
    ) -> Result<(), Waits> {
        if self.is_busy(instance, database) {
            let text = format!(
                "Waits for another change of instances/{instance}/databases/{database} to end."
            );
            return Err(Waits { reason: "DATABASE_BUSY", text });
        }
        let of_plan = self.plans.get(&(project.to_owned(), plan)).copied().unwrap_or(0);
        if limits.per_rollout > 0 && of_plan >= limits.per_rollout {
            let text = format!(
                "Waits because {of_plan} tasks of this rollout run already, which is the project's limit."
            );
            return Err(Waits { reason: "PARALLEL_TASKS_LIMIT", text });
        }
        let of_instance = self.instances.get(instance).copied().unwrap_or(0);
        if of_instance + limits.others >= limits.per_instance {
            let text = format!(
                "Waits for one of the {} connections that instances/{instance} allows: changes have {of_instance}, syncs and checks {}.",
                limits.per_instance, limits.others
            );
            return Err(Waits { reason: INSTANCE_LIMIT, text });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_change_of_a_database_at_a_time() {
        let limits = Limits { per_rollout: 2, per_instance: 3, others: 0 };
        let mut traffic = Traffic::default();
        assert_eq!(traffic.admits("shop", 1, "pg", "a", limits), Ok(()));
        traffic.add("shop", 1, "pg", "a");
        assert_eq!(
            traffic.admits("crm", 7, "pg", "a", limits).unwrap_err().reason,
            "DATABASE_BUSY"
        );
        traffic.add("shop", 1, "pg", "b");
        assert_eq!(
            traffic.admits("shop", 1, "pg", "c", limits).unwrap_err().reason,
            "PARALLEL_TASKS_LIMIT"
        );
        assert_eq!(traffic.admits("crm", 7, "pg", "c", limits), Ok(()));
        let crowded = Limits { others: 1, ..limits };
        let waits = traffic.admits("crm", 7, "pg", "c", crowded).unwrap_err();
        assert_eq!(waits.reason, "INSTANCE_CONNECTION_LIMIT", "syncs count, too");
        traffic.add("crm", 7, "pg", "c");
        assert_eq!(
            traffic.admits("crm", 7, "pg", "d", limits).unwrap_err().reason,
            "INSTANCE_CONNECTION_LIMIT"
        );
    }
}
