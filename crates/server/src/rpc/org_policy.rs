//! OrgPolicyService: policies of the workspace, of environments and of projects.

use std::collections::BTreeMap;

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::org_policy::{self, Body, Change, Kind, Policy, PolicyName};
use pb::policy::Policy as Wire;
use store::rows::{QueryDataPolicy, RolloutPolicy};

use super::convert::value;
use super::{Error, Result};

pub struct OrgPolicies;

impl pb::OrgPolicyService<Cx, Error> for OrgPolicies {
    async fn get_policy(&self, cx: Cx, request: pb::GetPolicyRequest) -> Result<pb::Policy> {
        Ok(to_wire(org_policy::get(&cx, &request.name).await?))
    }

    async fn list_policies(
        &self,
        cx: Cx,
        request: pb::ListPoliciesRequest,
    ) -> Result<pb::ListPoliciesResponse> {
        let kind = request.policy_type.filter(|number| *number != 0);
        let kind = kind.map(|number| Kind::from_number("policy_type", number)).transpose()?;
        let found = org_policy::list(&cx, &request.parent, kind).await?;
        Ok(pb::ListPoliciesResponse { policies: found.into_iter().map(to_wire).collect() })
    }

    async fn create_policy(&self, cx: Cx, request: pb::CreatePolicyRequest) -> Result<pb::Policy> {
        let mut wire = request.policy.unwrap_or_default();
        // The name is made of parent and type; whatever the caller sends as one does not count.
        wire.name.clear();
        if wire.r#type == 0 {
            wire.r#type = request.r#type;
        }
        // Whom the gate could not ask about the parent, this does before anything else is told.
        cx.require("bb.policies.create", &request.parent).await?;
        let policy = from_wire(wire, |kind| PolicyName::new("parent", &request.parent, kind))?;
        Ok(to_wire(org_policy::create(&cx, policy).await?))
    }

    async fn update_policy(&self, cx: Cx, request: pb::UpdatePolicyRequest) -> Result<pb::Policy> {
        let wire = request.policy.unwrap_or_default();
        let name = org_policy::named(&cx, "bb.policies.update", "policy.name", &wire.name).await?;
        let change = Change {
            policy: from_wire(wire, |_| Ok(name))?,
            mask: value::mask(request.update_mask).filter(|paths| !paths.is_empty()),
            allow_missing: request.allow_missing,
        };
        Ok(to_wire(org_policy::update(&cx, change).await?))
    }

    async fn delete_policy(&self, cx: Cx, request: pb::DeletePolicyRequest) -> Result<()> {
        Ok(org_policy::delete(&cx, &request.name).await?)
    }
}

/// `name` makes the name for the kind that the request says.
fn from_wire(
    wire: pb::Policy,
    name: impl FnOnce(Kind) -> base::Result<PolicyName>,
) -> base::Result<Policy> {
    let body = match wire.policy {
        Some(Wire::RolloutPolicy(p)) => Some(Body::Rollout(RolloutPolicy {
            automatic: p.automatic,
            roles: p.roles,
            emergency_contacts: p.emergency_contacts,
        })),
        Some(Wire::QueryDataPolicy(p)) => Some(Body::QueryData(QueryDataPolicy {
            maximum_result_rows: p.maximum_result_rows,
            disable_export: p.disable_export,
            disable_copy_data: p.disable_copy_data,
            allow_admin_data_source: p.allow_admin_data_source,
        })),
        Some(Wire::TagPolicy(p)) => Some(Body::Tag(p.tags.into_iter().collect())),
        Some(Wire::MaskingRulePolicy(_)) => return Err(unknown("policy.masking_rule_policy")),
        Some(Wire::MaskingExemptionPolicy(_)) => {
            return Err(unknown("policy.masking_exemption_policy"));
        }
        None => None,
    };
    let said = (wire.r#type != 0).then(|| Kind::from_number("policy.type", wire.r#type));
    let said = said.transpose()?;
    let kind = said.or_else(|| body.as_ref().map(Body::kind));
    let kind = kind.ok_or_else(|| {
        base::Error::field(
            "policy.type",
            "say which policy it is: ROLLOUT_POLICY, TAG or DATA_QUERY",
        )
    })?;
    let name = name(kind)?;
    // A policy that says nothing is the default one of its kind.
    let body = body.unwrap_or_else(|| match name.kind {
        Kind::Rollout => Body::Rollout(RolloutPolicy::default()),
        Kind::QueryData => Body::QueryData(QueryDataPolicy::default()),
        Kind::Tag => Body::Tag(BTreeMap::new()),
    });
    if body.kind() != name.kind || kind != name.kind {
        let what = format!("{name} cannot hold a policy of another type");
        return Err(base::Error::field("policy.type", what));
    }
    Ok(Policy { name, inherit_from_parent: wire.inherit_from_parent, enforce: wire.enforce, body })
}

fn unknown(field: &str) -> base::Error {
    base::Error::field(field, "masking policies are not part of this version")
}

fn to_wire(policy: Policy) -> pb::Policy {
    let resource_type = match policy.name.resource.split('/').next() {
        Some("environments") => pb::PolicyResourceType::Environment,
        Some("projects") => pb::PolicyResourceType::Project,
        _ => pb::PolicyResourceType::Workspace,
    };
    pb::Policy {
        name: policy.name.to_string(),
        inherit_from_parent: policy.inherit_from_parent,
        r#type: policy.name.kind.number(),
        policy: Some(match policy.body {
            Body::Rollout(p) => Wire::RolloutPolicy(pb::RolloutPolicy {
                automatic: p.automatic,
                roles: p.roles,
                emergency_contacts: p.emergency_contacts,
            }),
            Body::QueryData(p) => Wire::QueryDataPolicy(pb::QueryDataPolicy {
                maximum_result_rows: p.maximum_result_rows,
                disable_export: p.disable_export,
                disable_copy_data: p.disable_copy_data,
                allow_admin_data_source: p.allow_admin_data_source,
            }),
            Body::Tag(tags) => Wire::TagPolicy(pb::TagPolicy { tags: tags.into_iter().collect() }),
        }),
        enforce: policy.enforce,
        resource_type: resource_type.into(),
    }
}
