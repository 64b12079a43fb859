//! PreferenceService: how the caller likes the console.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::preference;

use super::{Error, Result};

pub struct Preferences;

impl pb::PreferenceService<Cx, Error> for Preferences {
    async fn get_preferences(
        &self,
        cx: Cx,
        _: pb::GetPreferencesRequest,
    ) -> Result<pb::Preferences> {
        Ok(pb::Preferences { values: preference::get(&cx).await? })
    }

    async fn update_preferences(
        &self,
        cx: Cx,
        request: pb::UpdatePreferencesRequest,
    ) -> Result<pb::Preferences> {
        let values = preference::update(&cx, request.values, &request.remove).await?;
        Ok(pb::Preferences { values })
    }
}
