//! RevisionService: which file versions a database is at.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::revision::{self, NewRevision, RevisionView};
use pb::revision::Type;
use store::rows::RevisionKind;

use super::convert::value;
use super::{Error, Result};

pub struct Revisions;

impl pb::RevisionService<Cx, Error> for Revisions {
    async fn list_revisions(
        &self,
        cx: Cx,
        request: pb::ListRevisionsRequest,
    ) -> Result<pb::ListRevisionsResponse> {
        let ask = Ask {
            page_size: request.page_size,
            page_token: request.page_token,
            show_deleted: request.show_deleted,
            filter: request.filter,
            ..Ask::default()
        };
        let page = revision::list(&cx, &request.parent, &ask).await?;
        let (revisions, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListRevisionsResponse { revisions, next_page_token })
    }

    async fn get_revision(&self, cx: Cx, request: pb::GetRevisionRequest) -> Result<pb::Revision> {
        Ok(to_wire(revision::get(&cx, &request.name).await?))
    }

    async fn batch_create_revisions(
        &self,
        cx: Cx,
        request: pb::BatchCreateRevisionsRequest,
    ) -> Result<pb::BatchCreateRevisionsResponse> {
        let new = request.requests.into_iter().map(from_wire).collect();
        let made = revision::batch_create(&cx, &request.parent, new).await?;
        let revisions = made.into_iter().map(to_wire).collect();
        Ok(pb::BatchCreateRevisionsResponse { revisions })
    }

    async fn delete_revision(&self, cx: Cx, request: pb::DeleteRevisionRequest) -> Result<()> {
        Ok(revision::delete(&cx, &request.name, &request.reason).await?)
    }
}

/// What is not said to be declarative is versioned.
fn from_wire(request: pb::CreateRevisionRequest) -> NewRevision {
    let wire = request.revision.unwrap_or_default();
    NewRevision {
        parent: request.parent,
        kind: match wire.r#type() {
            Type::Unspecified | Type::Versioned => RevisionKind::Versioned,
            Type::Declarative => RevisionKind::Declarative,
        },
        stream: wire.stream,
        version: wire.version,
        file: wire.file,
        sheet: wire.sheet,
        release: wire.release,
        task_run: wire.task_run,
    }
}

fn to_wire(view: RevisionView) -> pb::Revision {
    let RevisionView { name, revision } = view;
    pb::Revision {
        name: name.to_string(),
        release: revision.release,
        create_time: Some(value::timestamp(revision.created_at)),
        deleter: revision.deleter,
        delete_time: revision.deleted_at.map(value::timestamp),
        delete_reason: revision.delete_reason,
        file: revision.file,
        stream: revision.stream,
        version: revision.version,
        sheet: revision.sheet,
        sheet_sha256: revision.sheet_sha256,
        task_run: revision.task_run,
        r#type: match revision.kind {
            RevisionKind::Versioned => Type::Versioned,
            RevisionKind::Declarative => Type::Declarative,
        }
        .into(),
    }
}
