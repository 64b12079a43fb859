//! What policies come to, for those who obey them.

use std::collections::BTreeSet;

use base::Result;
use base::name::{EnvironmentName, ProjectName, WORKSPACE};
use store::rows::{OrgPolicy, OrgPolicyBody, QueryDataPolicy, RolloutPolicy};
use store::{Conn, org_policies};

/// The limits of queries in a project: of workspace and project the stricter.
pub async fn query_data(conn: &mut Conn, project: &str) -> Result<QueryDataPolicy> {
    let mut found = Vec::new();
    for resource in [WORKSPACE.to_owned(), ProjectName::new(project).to_string()] {
        let row = org_policies::get(conn, &resource, "query_data").await?;
        if let Some(row) = row.filter(|r| r.payload.enforce)
            && let OrgPolicyBody::QueryData(policy) = row.payload.body
        {
            found.push(policy);
        }
    }
    Ok(strictest(&found))
}

/// How changes reach an environment.
pub async fn rollout(conn: &mut Conn, environment: &str) -> Result<RolloutPolicy> {
    let resource = EnvironmentName::new(environment).to_string();
    let row = org_policies::get(conn, &resource, "rollout").await?;
    Ok(row.and_then(obeyed).unwrap_or_default())
}

/// Ids of the environments whose tasks run by themselves.
pub async fn automatic(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for row in org_policies::of_kind(conn, "rollout").await? {
        let environment = row.resource.strip_prefix("environments/").map(str::to_owned);
        if obeyed(row).is_some_and(|policy| policy.automatic) {
            found.extend(environment);
        }
    }
    Ok(found)
}

/// One that is not enforced counts as none.
fn obeyed(row: OrgPolicy) -> Option<RolloutPolicy> {
    match row.payload.body {
        OrgPolicyBody::Rollout(policy) if row.payload.enforce => Some(policy),
        _ => None,
    }
}

fn strictest(policies: &[QueryDataPolicy]) -> QueryDataPolicy {
    let limits = policies.iter().map(|p| p.maximum_result_rows).filter(|rows| *rows > 0);
    QueryDataPolicy {
        maximum_result_rows: limits.min().unwrap_or(0),
        disable_export: policies.iter().any(|p| p.disable_export),
        disable_copy_data: policies.iter().any(|p| p.disable_copy_data),
        // Nobody is let further than each policy lets them.
        allow_admin_data_source: !policies.is_empty()
            && policies.iter().all(|p| p.allow_admin_data_source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_counts() {
        let wide = QueryDataPolicy { allow_admin_data_source: true, ..QueryDataPolicy::default() };
        let narrow = QueryDataPolicy {
            maximum_result_rows: 10,
            disable_export: true,
            ..QueryDataPolicy::default()
        };
        assert_eq!(strictest(&[]), QueryDataPolicy::default());
        assert_eq!(strictest(std::slice::from_ref(&wide)), wide);
        assert_eq!(strictest(&[wide.clone(), narrow.clone()]), narrow);
        let more = QueryDataPolicy { maximum_result_rows: 20, ..wide };
        assert_eq!(strictest(&[more, narrow]).maximum_result_rows, 10);
    }
}
