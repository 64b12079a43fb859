//! Sheets that arrive in pieces: the plain route for what is too large for a message.

use async_trait::async_trait;
use base::name::{ProjectName, SheetName};
use base::{Error, Result};
use bytes::Bytes;
use store::blobs::Packed;

use super::create::keep;
use super::{LARGEST, check, too_large};
use crate::cx::Cx;
use crate::ports::{SheetUpload, Sheets, UploadedSheet};
use crate::project;

/// The route's port.
pub struct Uploads;

struct Upload {
    cx: Cx,
    project: String,
    content: Vec<u8>,
}

#[async_trait]
impl Sheets for Uploads {
    async fn begin(&self, cx: &Cx, project: &str) -> Result<Box<dyn SheetUpload>> {
        let project = ProjectName::parse("project", project)?.project;
        let mut conn = cx.app.store.read().await?;
        project::live(&mut conn, &project).await?;
        Ok(Box::new(Upload { cx: cx.clone(), project, content: Vec::new() }))
    }
}

#[async_trait]
impl SheetUpload for Upload {
    async fn write(&mut self, piece: Bytes) -> Result<()> {
        if self.content.len() + piece.len() > LARGEST {
            return Err(too_large());
        }
        self.content.extend_from_slice(&piece);
        Ok(())
    }

    async fn finish(self: Box<Self>, sha256: &str) -> Result<UploadedSheet> {
        check("body", &self.content)?;
        let packed = Packed::new(self.content).await?;
        if packed.sha256 != sha256 {
            return Err(Error::internal(
                "the pieces of a sheet were hashed differently on their way",
            ));
        }
        let made = keep(&self.cx, &self.project, &[packed]).await?;
        let size = made.first().map_or(0, |sheet| sheet.size);
        let name = SheetName::new(self.project, sha256).to_string();
        Ok(UploadedSheet { name, size })
    }
}
