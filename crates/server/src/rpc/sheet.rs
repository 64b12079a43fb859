//! SheetService: the SQL of changes, by its hash.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::sheet;
use base::name::SheetName;

use super::{Error, Result};

pub struct Sheets;

impl pb::SheetService<Cx, Error> for Sheets {
    async fn create_sheet(&self, cx: Cx, request: pb::CreateSheetRequest) -> Result<pb::Sheet> {
        let content = request.sheet.unwrap_or_default().content;
        Ok(to_wire(sheet::create(&cx, &request.parent, content).await?))
    }

    async fn batch_create_sheets(
        &self,
        cx: Cx,
        request: pb::BatchCreateSheetsRequest,
    ) -> Result<pb::BatchCreateSheetsResponse> {
        let mut contents = Vec::with_capacity(request.requests.len());
        for (i, one) in request.requests.into_iter().enumerate() {
            if !one.parent.is_empty() && one.parent != request.parent {
                let field = format!("requests[{i}].parent");
                return Err(
                    base::Error::field(field, "use the parent of the batch, or none").into()
                );
            }
            contents.push(one.sheet.unwrap_or_default().content);
        }
        let made = sheet::batch_create(&cx, &request.parent, contents).await?;
        Ok(pb::BatchCreateSheetsResponse { sheets: made.into_iter().map(to_wire).collect() })
    }

    async fn get_sheet(&self, cx: Cx, request: pb::GetSheetRequest) -> Result<pb::Sheet> {
        let found = sheet::get(&cx, &request.name, request.raw).await?;
        let content = found.text.into_bytes();
        Ok(pb::Sheet { content, ..to_wire(found.sheet) })
    }
}

fn to_wire(sheet: store::rows::Sheet) -> pb::Sheet {
    pb::Sheet {
        name: SheetName::new(sheet.project, sheet.sha256).to_string(),
        content: Vec::new(),
        content_size: sheet.size,
    }
}
