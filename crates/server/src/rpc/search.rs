//! SearchService: things by what they are called.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::search::{self, Ask, Kind};
use pb::search_response::{Hit, hit};

use super::{Error, Result};

pub struct Search;

impl pb::SearchService<Cx, Error> for Search {
    async fn search(&self, cx: Cx, request: pb::SearchRequest) -> Result<pb::SearchResponse> {
        let pb::SearchRequest { query, project, limit } = request;
        let found = search::search(&cx, &Ask { query, project, limit }).await?;
        Ok(pb::SearchResponse { hits: found.into_iter().map(to_wire).collect() })
    }
}

fn to_wire(found: search::Hit) -> Hit {
    let kind = match found.kind {
        Kind::Project => hit::Kind::Project,
        Kind::Database => hit::Kind::Database,
        Kind::Instance => hit::Kind::Instance,
        Kind::Plan => hit::Kind::Plan,
        Kind::Issue => hit::Kind::Issue,
        Kind::User => hit::Kind::User,
    };
    Hit { kind: kind.into(), name: found.name, title: found.title, context: found.context }
}
