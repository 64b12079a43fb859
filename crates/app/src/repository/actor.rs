//! In whose name a repository acts, and whether they still may.

use std::sync::Arc;

use base::name::{ProjectName, ServiceAccountName, UserName, WorkloadIdentityName};
use base::{Code, Error, Reason, Result};
use store::rows::{Repository, State};

use crate::app::App;
use crate::cx::{Caller, Cx};

/// Calls are made as if by this rpc.
const METHOD: &str = "/basalt.v1.RepositoryService/SyncRepository";

/// The context of what is done in the actor's name.
///
/// Errors: `PERMISSION_MISSING` when the account is gone.
pub(super) async fn acting(app: &Arc<App>, actor: &str) -> Result<Cx> {
    let caller = caller(actor)?;
    let mut conn = app.store.read().await?;
    let state = match &caller {
        Caller::User { email } => store::users::get(&mut conn, email).await?.map(|a| a.state),
        Caller::ServiceAccount { email } => {
            store::service_accounts::get(&mut conn, email).await?.map(|a| a.state)
        }
        Caller::WorkloadIdentity { email } => {
            store::workload_identities::get(&mut conn, email).await?.map(|a| a.state)
        }
        Caller::Anonymous | Caller::System => None,
    };
    if state != Some(State::Active) {
        return Err(Error::new(Reason::NotAllowed, format!("the account {actor} is not active")));
    }
    Ok(Cx { caller, method: METHOD, ..Cx::system(app, METHOD) })
}

/// Passes when the actor may do what a sync does.
pub(super) async fn may(cx: &Cx, row: &Repository) -> Result<()> {
    let project = ProjectName::new(&row.project).to_string();
    for permission in super::needed(row) {
        cx.require(permission, &project).await?;
    }
    Ok(())
}

/// Why the actor cannot act, when the error is about that.
pub(super) fn refusal(actor: &str, error: &Error) -> Option<String> {
    (error.code() == Code::PermissionDenied).then(|| {
        let missing = error.denied().map(|d| d.permissions.join(", ")).unwrap_or_default();
        let what = match missing.as_str() {
            "" => error.message().to_owned(),
            missing => format!("{actor} lacks {missing} in the project"),
        };
        format!(
            "Syncs act in the name of {actor}, who may not do this any more: {what}. Give it back, or have somebody who may save the repository."
        )
    })
}

fn caller(name: &str) -> Result<Caller> {
    if let Ok(name) = UserName::parse("actor", name) {
        return Ok(Caller::User { email: name.email });
    }
    if let Ok(name) = ServiceAccountName::parse("actor", name) {
        return Ok(Caller::ServiceAccount { email: name.email });
    }
    Ok(Caller::WorkloadIdentity { email: WorkloadIdentityName::parse("actor", name)?.email })
}
