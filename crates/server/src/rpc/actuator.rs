//! ActuatorService: what this server is.

use std::sync::Arc;

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::ports::{About, ServerInfo};

use super::{Error, Result};

pub struct Actuator {
    pub about: Arc<dyn About>,
}

impl pb::ActuatorService<Cx, Error> for Actuator {
    async fn get_actuator_info(
        &self,
        cx: Cx,
        _request: pb::GetActuatorInfoRequest,
    ) -> Result<pb::ActuatorInfo> {
        Ok(to_wire(self.about.info(&cx).await?))
    }

    async fn setup_sample(&self, cx: Cx, _: pb::SetupSampleRequest) -> Result<()> {
        app::sample::set_up(&cx).await?;
        Ok(())
    }
}

/// `version` stays empty: clients of the peer compare it with their own, and go on with a warning when it is.
fn to_wire(info: ServerInfo) -> pb::ActuatorInfo {
    pb::ActuatorInfo {
        git_commit: info.git_commit,
        external_url: info.external_url,
        external_url_from_flag: info.external_url_from_flag,
        workspace: info.workspace,
        default_project: info.default_project,
        activated_instance_count: info.instances,
        total_instance_count: info.instances,
        replica_count: 1,
        user_count_in_iam: info.users,
        basalt_version: info.bootstrap.basalt_version,
        needs_first_admin: info.bootstrap.needs_first_admin,
        readonly: info.bootstrap.readonly,
        demo: info.bootstrap.demo,
        ..pb::ActuatorInfo::default()
    }
}

#[cfg(test)]
mod tests {
    use app::ports::Bootstrap;

    use super::*;

    #[test]
    fn the_version_is_ours_and_not_the_peers() {
        let bootstrap = Bootstrap { basalt_version: "0.1.0".into(), ..Bootstrap::default() };
        let info = to_wire(ServerInfo { bootstrap, instances: 3, ..ServerInfo::default() });
        assert_eq!(info.version, "", "clients of the peer refuse versions that are not theirs");
        assert_eq!((info.basalt_version.as_str(), info.total_instance_count), ("0.1.0", 3));
    }
}
