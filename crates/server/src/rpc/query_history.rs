//! QueryHistoryService: what people ran in the SQL editor.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::query::{self, HistoryView};
use pb::query_history::{Status, Type};
use std::time::Duration;
use store::rows::{QueryKind, QueryStatus};

use super::convert::value;
use super::{Error, Result};

pub struct QueryHistories;

impl pb::QueryHistoryService<Cx, Error> for QueryHistories {
    async fn search_query_histories(
        &self,
        cx: Cx,
        request: pb::SearchQueryHistoriesRequest,
    ) -> Result<pb::SearchQueryHistoriesResponse> {
        search(&cx, request).await
    }

    async fn list_query_histories(
        &self,
        cx: Cx,
        request: pb::ListQueryHistoriesRequest,
    ) -> Result<pb::ListQueryHistoriesResponse> {
        list(&cx, request).await
    }

    async fn get_query_history(
        &self,
        cx: Cx,
        request: pb::GetQueryHistoryRequest,
    ) -> Result<pb::QueryHistory> {
        get(&cx, &request.name).await
    }
}

pub(super) async fn search(
    cx: &Cx,
    request: pb::SearchQueryHistoriesRequest,
) -> Result<pb::SearchQueryHistoriesResponse> {
    let ask = Ask::new(request.filter, request.page_size, request.page_token);
    let page = query::search_histories(cx, &request.parent, &ask).await?;
    let (query_histories, next_page_token) = value::page(page, to_wire);
    Ok(pb::SearchQueryHistoriesResponse { query_histories, next_page_token })
}

pub(super) async fn list(
    cx: &Cx,
    request: pb::ListQueryHistoriesRequest,
) -> Result<pb::ListQueryHistoriesResponse> {
    let ask = Ask::new(request.filter, request.page_size, request.page_token);
    let page = query::list_histories(cx, &request.parent, &ask).await?;
    let (query_histories, next_page_token) = value::page(page, to_wire);
    Ok(pb::ListQueryHistoriesResponse { query_histories, next_page_token })
}

pub(super) async fn get(cx: &Cx, name: &str) -> Result<pb::QueryHistory> {
    Ok(to_wire(query::get_history(cx, name).await?))
}

fn to_wire(view: HistoryView) -> pb::QueryHistory {
    let HistoryView { name, history } = view;
    let duration = Duration::from_millis(u64::try_from(history.duration_ms).unwrap_or(0));
    let status = match history.status {
        QueryStatus::Succeeded => Status::Succeeded,
        QueryStatus::Failed => Status::Failed,
        QueryStatus::Refused => Status::Refused,
        QueryStatus::Canceled => Status::Canceled,
    };
    let kind = match history.kind {
        QueryKind::Query => Type::Query,
        QueryKind::Export => Type::Export,
    };
    pb::QueryHistory {
        name: name.to_string(),
        database: history.database,
        creator: history.creator,
        create_time: Some(value::timestamp(history.created_at)),
        statement: history.statement,
        error: Some(history.error).filter(|error| !error.is_empty()),
        duration: Some(value::duration(duration)),
        r#type: kind.into(),
        status: status.into(),
        rows_count: history.rows,
        data_source_id: history.data_source,
        schema: history.schema,
    }
}
