//! CelService: conditions as trees and as text.

use api::bytebase::v1 as pb;
use app::condition;
use app::cx::Cx;

use super::convert::expr;
use super::{Error, Result};

pub struct Cel;

impl pb::CelService<Cx, Error> for Cel {
    async fn batch_parse(
        &self,
        _: Cx,
        request: pb::BatchParseRequest,
    ) -> Result<pb::BatchParseResponse> {
        let trees = condition::parse(&request.expressions)?;
        Ok(pb::BatchParseResponse { expressions: trees.iter().map(expr::to_wire).collect() })
    }

    async fn batch_deparse(
        &self,
        _: Cx,
        request: pb::BatchDeparseRequest,
    ) -> Result<pb::BatchDeparseResponse> {
        let trees = request.expressions.into_iter().enumerate();
        let trees = trees.map(|(i, e)| expr::from_wire(&format!("expressions[{i}]"), e));
        let trees = trees.collect::<base::Result<Vec<_>>>()?;
        Ok(pb::BatchDeparseResponse { expressions: condition::write(&trees)? })
    }
}
