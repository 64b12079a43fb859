//! AccessService: what the caller may do, asked before it is tried.

use api::basalt::v1 as pb;
use app::access::{Explanation, explain};
use app::cx::Cx;
use base::name::UserName;
use pb::explain_response::Grantor;

use super::{Error, Result};

pub struct Access;

impl pb::AccessService<Cx, Error> for Access {
    async fn explain(&self, cx: Cx, request: pb::ExplainRequest) -> Result<pb::ExplainResponse> {
        let Explanation { missing, grantors } =
            explain(&cx, &request.resource, &request.permissions).await?;
        let grantors = grantors.into_iter().map(|user| Grantor {
            name: UserName::new(&user.email).to_string(),
            title: user.title,
        });
        Ok(pb::ExplainResponse { missing, grantors: grantors.collect() })
    }
}
