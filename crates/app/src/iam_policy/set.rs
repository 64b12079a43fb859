//! Replaces a policy.

use std::collections::BTreeSet;

use base::{Error, Result};
use policy::iam::Policy;
use store::rows::{IamPolicy, State};
use store::{Conn, events, groups, service_accounts, users, workload_identities};

use super::rules::{self, Known};
use super::{Holder, admins, last_admin};
use crate::access::custom_roles;
use crate::cx::Cx;
use crate::filter::{check_etag, etag};

/// The whole new policy of a resource.
#[derive(Debug)]
pub struct Set {
    pub resource: String,
    pub bindings: Vec<BindingInput>,
    /// Of the policy that was read; empty checks nothing.
    pub etag: String,
}

/// One binding as a request gives it.
#[derive(Debug, Clone, Default)]
pub struct BindingInput {
    pub role: String,
    pub members: Vec<String>,
    /// CEL, see [`super::condition`].
    pub condition: String,
}

/// Errors: every wrong role, member and condition by its field; `ETAG_MISMATCH`; `BLOCKED` when no administrator would be
/// left.
pub async fn set(cx: &Cx, input: Set) -> Result<IamPolicy> {
    let holder = Holder::parse(&input.resource)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let mut row = holder.load(&mut tx).await?;
    check_etag(&row.resource, &input.etag, row.version)?;
    let known = known(&mut tx, &input.bindings, &row.policy).await?;
    let project = match &holder {
        Holder::Workspace => None,
        Holder::Project(id) => Some(id.as_str()),
    };
    let policy =
        rules::policy(project, &input.bindings, &row.policy, &known, now).map_err(Error::fields)?;
    if holder == Holder::Workspace && admins(&mut tx, &policy).await?.is_empty() {
        return Err(last_admin());
    }
    row.policy = policy;
    store::iam::put(&mut tx, &mut row, now).await?;
    events::append(&mut tx, &row.resource, "iam_policy", &etag(row.version), now).await?;
    tx.commit().await?;
    Ok(row)
}

/// Which of the named roles and members there are.
async fn known(conn: &mut Conn, bindings: &[BindingInput], before: &Policy) -> Result<Known> {
    let roles = custom_roles(conn).await?;
    let named: BTreeSet<&str> =
        bindings.iter().flat_map(|b| &b.members).map(String::as_str).collect();
    let of_kind = |prefix: &str| -> Vec<String> {
        named.iter().filter_map(|m| m.strip_prefix(prefix)).map(str::to_lowercase).collect()
    };
    let people = users::get_many(conn, &of_kind("user:")).await?;
    let programs = service_accounts::get_many(conn, &of_kind("serviceAccount:")).await?;
    let pipelines = workload_identities::get_many(conn, &of_kind("workloadIdentity:")).await?;
    let groups = groups::get_many(conn, &of_kind("group:")).await?;
    let live = people
        .into_iter()
        .filter(|u| u.state == State::Active)
        .map(|u| format!("user:{}", u.email))
        .chain(
            programs
                .into_iter()
                .filter(|a| a.state == State::Active)
                .map(|a| format!("serviceAccount:{}", a.email)),
        )
        .chain(
            pipelines
                .into_iter()
                .filter(|w| w.state == State::Active)
                .map(|w| format!("workloadIdentity:{}", w.email)),
        )
        .chain(groups.into_iter().map(|g| format!("group:{}", g.email)));
    // Whoever is bound already may stay, also after their account was deleted.
    let bound = before.bindings.iter().flat_map(|b| b.members.iter().cloned());
    Ok(Known { roles, members: live.chain(bound).collect() })
}
