//! DraftService: what the caller has typed and not saved.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::draft::{self, Save, Saved, etag};
use store::rows::Draft;

use super::convert::value;
use super::{Error, Result};

pub struct Drafts;

impl pb::DraftService<Cx, Error> for Drafts {
    async fn get_draft(
        &self,
        cx: Cx,
        request: pb::GetDraftRequest,
    ) -> Result<pb::GetDraftResponse> {
        let found = draft::get(&cx, &request.place).await?;
        Ok(pb::GetDraftResponse { draft: found.map(to_wire) })
    }

    async fn list_drafts(
        &self,
        cx: Cx,
        request: pb::ListDraftsRequest,
    ) -> Result<pb::ListDraftsResponse> {
        let found = draft::list(&cx, &request.prefix).await?;
        Ok(pb::ListDraftsResponse { drafts: found.into_iter().map(to_wire).collect() })
    }

    async fn save_draft(
        &self,
        cx: Cx,
        request: pb::SaveDraftRequest,
    ) -> Result<pb::SaveDraftResponse> {
        let pb::SaveDraftRequest { place, value, etag } = request;
        let (saved, draft) = match draft::save(&cx, Save { place, value, etag }).await? {
            // Whoever saves it has the text.
            Saved::Now(draft) => (true, Some(Draft { value: String::new(), ..draft })),
            Saved::Other(found) => (false, found),
        };
        Ok(pb::SaveDraftResponse { saved, draft: draft.map(to_wire) })
    }

    async fn delete_draft(
        &self,
        cx: Cx,
        request: pb::DeleteDraftRequest,
    ) -> Result<pb::DeleteDraftResponse> {
        draft::delete(&cx, &request.place, &request.etag).await?;
        Ok(pb::DeleteDraftResponse {})
    }
}

fn to_wire(draft: Draft) -> pb::Draft {
    pb::Draft {
        update_time: Some(value::timestamp(draft.updated_at)),
        etag: etag(draft.updated_at),
        place: draft.place,
        value: draft.value,
    }
}
