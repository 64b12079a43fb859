//! IAM policies.

use api::bytebase::v1 as pb;
use api::google::r#type::Expr;
use app::filter::etag;
use app::iam_policy::{BindingInput, Set, text};
use store::rows::IamPolicy;

pub fn policy(row: IamPolicy) -> pb::IamPolicy {
    let bindings = row.policy.bindings.into_iter().map(|binding| pb::Binding {
        role: binding.role,
        members: binding.members,
        condition: binding.expires_at.map(|end| Expr { expression: text(end), ..Expr::default() }),
        parsed_expr: None,
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
