//! SettingService: environments, the workspace's profile, approval rules.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::setting;

use super::convert::{self, value};
use super::{Error, Result};

pub struct Settings;

impl pb::SettingService<Cx, Error> for Settings {
    async fn list_settings(
        &self,
        cx: Cx,
        _: pb::ListSettingsRequest,
    ) -> Result<pb::ListSettingsResponse> {
        let all = setting::list(&cx).await?;
        Ok(pb::ListSettingsResponse {
            settings: all.into_iter().map(convert::setting::to_wire).collect(),
        })
    }

    async fn get_setting(&self, cx: Cx, request: pb::GetSettingRequest) -> Result<pb::Setting> {
        Ok(convert::setting::to_wire(setting::get(&cx, &request.name).await?))
    }

    async fn update_setting(
        &self,
        cx: Cx,
        request: pb::UpdateSettingRequest,
    ) -> Result<pb::Setting> {
        let wire = request.setting.unwrap_or_default();
        let update = setting::Update {
            name: wire.name,
            value: convert::setting::from_wire(wire.value)?,
            mask: value::mask(request.update_mask).unwrap_or_default(),
            validate_only: request.validate_only,
        };
        Ok(convert::setting::to_wire(setting::update(&cx, update).await?))
    }

    async fn test_email_setting(
        &self,
        cx: Cx,
        request: pb::TestEmailSettingRequest,
    ) -> Result<pb::TestEmailSettingResponse> {
        let wire = request.email_setting.unwrap_or_default();
        let setting = convert::email::from_wire("email_setting", wire)?;
        let error = app::mail::test(&cx, setting, request.to.trim()).await?;
        Ok(pb::TestEmailSettingResponse { success: error.is_empty(), error })
    }
}
