//! Policies of the workspace, of environments and of projects.

use store::rows::{OrgPolicy, OrgPolicyBody, OrgPolicyPayload, QueryDataPolicy, RolloutPolicy};
use store::{StoreError, org_policies};

use crate::support::at;

fn a_policy(resource: &str, body: OrgPolicyBody) -> OrgPolicy {
    let payload = OrgPolicyPayload { inherit_from_parent: false, enforce: true, body };
    OrgPolicy { resource: resource.into(), payload, version: 0, updated_at: at(1) }
}

store_tests! {
    async fn policies_are_one_of_a_kind(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let limits = QueryDataPolicy { maximum_result_rows: 10, ..QueryDataPolicy::default() };
        let mut query = a_policy("projects/shop", OrgPolicyBody::QueryData(limits));
        org_policies::insert(&mut tx, &mut query).await.unwrap();
        let roles = vec!["roles/projectOwner".to_owned()];
        let rollout = OrgPolicyBody::Rollout(RolloutPolicy {
            automatic: true,
            roles,
            ..RolloutPolicy::default()
        });
        let mut rollout = a_policy("environments/prod", rollout);
        org_policies::insert(&mut tx, &mut rollout).await.unwrap();
        let found = org_policies::get(&mut tx, "environments/prod", "rollout").await.unwrap();
        assert_eq!(format!("{:?}", found.unwrap()), format!("{rollout:?}"));
        assert!(org_policies::get(&mut tx, "projects/shop", "rollout").await.unwrap().is_none());

        let mut stale = query.clone();
        query.payload.enforce = false;
        org_policies::update(&mut tx, &mut query, at(2)).await.unwrap();
        let all = org_policies::of(&mut tx, "projects/shop").await.unwrap();
        assert_eq!(format!("{all:?}"), format!("[{query:?}]"));
        assert_eq!((query.version, query.updated_at), (2, at(2)));
        let late = org_policies::update(&mut tx, &mut stale, at(3)).await;
        assert!(matches!(late, Err(StoreError::Stale(_))), "{late:?}");

        assert!(org_policies::delete(&mut tx, "projects/shop", "query_data").await.unwrap());
        assert!(!org_policies::delete(&mut tx, "projects/shop", "query_data").await.unwrap());
        org_policies::forget(&mut tx, "environments/prod").await.unwrap();
        assert!(org_policies::of(&mut tx, "environments/prod").await.unwrap().is_empty());
    }

    async fn a_second_of_a_kind_is_refused(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let body = OrgPolicyBody::QueryData(QueryDataPolicy::default());
        let mut policy = a_policy("workspaces/default", body);
        org_policies::insert(&mut tx, &mut policy).await.unwrap();
        let again = org_policies::insert(&mut tx, &mut policy).await;
        assert!(matches!(again, Err(StoreError::Exists(_))), "{again:?}");
    }
}
