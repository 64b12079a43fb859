//! IAM policies.

use api::bytebase::v1 as pb;
use api::google::r#type::Expr;
use app::filter::etag;
use app::iam_policy::{BindingInput, Set};
use store::rows::IamPolicy;

use super::expr;

pub fn policy(row: IamPolicy) -> pb::IamPolicy {
    let bindings = row.policy.bindings.into_iter().map(|binding| pb::Binding {
        role: binding.role,
        members: binding.members,
        parsed_expr: policy::cel::read(&binding.condition).ok().as_ref().map(expr::to_wire),
        condition: Some(binding.condition)
            .filter(|condition| !condition.is_empty())
            .map(|expression| Expr { expression, ..Expr::default() }),
    });
    pb::IamPolicy { bindings: bindings.collect(), etag: etag(row.version) }
}

/// The etag may stand in the request or in the policy.
pub fn set_from(request: pb::SetIamPolicyRequest) -> Set {
    let policy = request.policy.unwrap_or_default();
    let bindings = policy.bindings.into_iter().map(|binding| BindingInput {
        role: binding.role,
        members: binding.members,
        condition: binding.condition.map(|c| c.expression).unwrap_or_default(),
    });
    Set {
        resource: request.resource,
        bindings: bindings.collect(),
        etag: if request.etag.is_empty() { policy.etag } else { request.etag },
    }
}
