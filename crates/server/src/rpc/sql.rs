//! SQLService: queries of the SQL editor. Its rpcs about the history are those of QueryHistoryService under an older name.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::query::{self, Answer, Ask};
use store::rows::DataSourceKind;

use super::convert::query_result;
use super::{Error, Result, query_history};

pub struct SqlEditor;

impl pb::SqlService<Cx, Error> for SqlEditor {
    async fn query(&self, cx: Cx, request: pb::QueryRequest) -> Result<pb::QueryResponse> {
        let ask = Ask {
            database: request.name,
            statement: request.statement,
            limit: request.limit,
            data_source: request.data_source_id,
            explain: request.explain,
            schema: request.schema.filter(|schema| !schema.is_empty()),
        };
        Ok(to_wire(query::run(&cx, &ask).await?))
    }

    async fn search_query_histories(
        &self,
        cx: Cx,
        request: pb::SearchQueryHistoriesRequest,
    ) -> Result<pb::SearchQueryHistoriesResponse> {
        query_history::search(&cx, request).await
    }

    async fn list_query_histories(
        &self,
        cx: Cx,
        request: pb::ListQueryHistoriesRequest,
    ) -> Result<pb::ListQueryHistoriesResponse> {
        query_history::list(&cx, request).await
    }

    async fn get_query_history(
        &self,
        cx: Cx,
        request: pb::GetQueryHistoryRequest,
    ) -> Result<pb::QueryHistory> {
        query_history::get(&cx, &request.name).await
    }
}

fn to_wire(answer: Answer) -> pb::QueryResponse {
    let Answer { outcomes, source, history } = answer;
    let (id, kind) = source.unzip();
    let kind = match kind {
        None => pb::DataSourceType::DataSourceUnspecified,
        Some(DataSourceKind::Admin) => pb::DataSourceType::Admin,
        Some(DataSourceKind::ReadOnly) => pb::DataSourceType::ReadOnly,
    };
    pb::QueryResponse {
        results: outcomes.into_iter().map(query_result::to_wire).collect(),
        applied_access_grant: String::new(),
        data_source_id: id.unwrap_or_default(),
        data_source_type: kind.into(),
        query_history: history.to_string(),
    }
}
