//! ChangelogService: what was ever applied to a database.

use api::bytebase::v1 as pb;
use app::changelog::{self, ChangelogView};
use app::cx::Cx;
use app::filter::Ask;
use pb::changelog::Status;
use store::rows::{ChangelogKind, ChangelogStatus};

use super::convert::value;
use super::{Error, Result};

pub struct Changelogs;

impl pb::ChangelogService<Cx, Error> for Changelogs {
    async fn list_changelogs(
        &self,
        cx: Cx,
        request: pb::ListChangelogsRequest,
    ) -> Result<pb::ListChangelogsResponse> {
        let full = request.view() == pb::ChangelogView::Full;
        let ask = Ask::new(request.filter, request.page_size, request.page_token);
        let page = changelog::list(&cx, &request.parent, &ask, full).await?;
        let (changelogs, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListChangelogsResponse { changelogs, next_page_token })
    }

    async fn get_changelog(
        &self,
        cx: Cx,
        request: pb::GetChangelogRequest,
    ) -> Result<pb::Changelog> {
        let full = request.view() == pb::ChangelogView::Full;
        Ok(to_wire(changelog::get(&cx, &request.name, full).await?))
    }
}

fn to_wire(view: ChangelogView) -> pb::Changelog {
    let ChangelogView { name, changelog, schema_size, texts } = view;
    let texts = texts.unwrap_or_default();
    pb::Changelog {
        name: name.to_string(),
        create_time: Some(value::timestamp(changelog.created_at)),
        status: match changelog.status {
            ChangelogStatus::Pending => Status::Pending,
            ChangelogStatus::Done => Status::Done,
            ChangelogStatus::Failed => Status::Failed,
        }
        .into(),
        schema: texts.schema,
        schema_size,
        task_run: changelog.task_run,
        plan_title: changelog.plan_title,
        statement: texts.statement,
        prev_schema: texts.schema_before,
        creator: changelog.creator,
        r#type: match changelog.kind {
            ChangelogKind::Baseline => "BASELINE",
            ChangelogKind::Migrate => "MIGRATE",
        }
        .to_owned(),
    }
}
