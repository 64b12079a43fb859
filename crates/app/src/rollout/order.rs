//! The order in which the stages of a plan run: that of the environments, turned around for a hotfix. Pure.

use policy::rollout::{hotfix_order, order_stages};
use store::rows::{EnvironmentSetting, Plan};

/// Stages in the order in which they run.
pub struct Order {
    pub stages: Vec<String>,
    /// Of a hotfix: how many of them go first, past the others. 0 for other plans.
    pub first: usize,
}

/// `ids`: the stages there are.
pub fn of(plan: &Plan, ids: Vec<String>, environments: &EnvironmentSetting) -> Order {
    if plan.payload.hotfix.is_none() {
        return Order { stages: listed(ids, environments), first: 0 };
    }
    of_hotfix(ids, environments)
}

fn listed(ids: Vec<String>, environments: &EnvironmentSetting) -> Vec<String> {
    let listed: Vec<String> = environments.environments.iter().map(|e| e.id.clone()).collect();
    order_stages(ids, &listed)
}

/// As if the plan were one.
pub fn of_hotfix(ids: Vec<String>, environments: &EnvironmentSetting) -> Order {
    let stages = listed(ids, environments);
    let protected = environments.environments.iter().filter(|e| e.protected);
    let protected: Vec<String> = protected.map(|e| e.id.clone()).collect();
    let (stages, first) = hotfix_order(stages, &protected);
    Order { stages, first }
}
