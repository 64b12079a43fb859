//! Who may run, skip and cancel tasks: whoever has the permission, and holders of a role that the environment's rollout policy names.

use std::collections::BTreeSet;

use base::Result;
use store::Conn;

use crate::approval::roles_of_caller;
use crate::cx::Cx;
use crate::execution::NO_STAGE;

const PERMISSION: &str = "bb.taskRuns.create";

/// What a caller may do with the tasks of a plan.
pub enum Right {
    Everything,
    /// What rollout policies let these roles do.
    ByRole(BTreeSet<String>),
}

impl Right {
    /// Before anything of the plan is read: who may not even see it learns nothing.
    pub async fn of(cx: &Cx, project: &str, plan: &str) -> Result<Self> {
        if cx.may(PERMISSION, plan).await? {
            return Ok(Self::Everything);
        }
        if !cx.may("bb.rollouts.get", plan).await? {
            cx.require(PERMISSION, plan).await?;
        }
        let mut conn = cx.app.store.read().await?;
        Ok(Self::ByRole(roles_of_caller(cx, &mut conn, project).await?))
    }

    /// Passes when the caller may in each of the stages. One that is refused refuses all.
    pub async fn check<'s>(
        &self,
        cx: &Cx,
        conn: &mut Conn,
        plan: &str,
        stages: impl IntoIterator<Item = &'s str>,
    ) -> Result<()> {
        let Self::ByRole(held) = self else { return Ok(()) };
        for stage in stages.into_iter().collect::<BTreeSet<_>>() {
            let named = match stage {
                NO_STAGE => Vec::new(),
                stage => crate::org_policy::rollout(conn, stage).await?.roles,
            };
            if !named.iter().any(|role| held.contains(role)) {
                return cx.require_on(conn, PERMISSION, plan).await;
            }
        }
        Ok(())
    }
}
