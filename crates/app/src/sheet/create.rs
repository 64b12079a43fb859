//! Keeps a text as a sheet of a project. The same text twice is one sheet.

use base::name::ProjectName;
use base::{Error, Result};
use store::blobs::Packed;
use store::rows::Sheet;
use store::sheets;

use super::check;
use crate::cx::Cx;
use crate::project;

/// Most sheets in a batch.
const MOST: usize = 100;

pub async fn create(cx: &Cx, parent: &str, content: Vec<u8>) -> Result<Sheet> {
    let mut made = batch_create(cx, parent, vec![content]).await?;
    made.pop().ok_or_else(|| Error::internal("a sheet was asked for and none was made"))
}

/// All of them, or none; in the order of `contents`.
pub async fn batch_create(cx: &Cx, parent: &str, contents: Vec<Vec<u8>>) -> Result<Vec<Sheet>> {
    let project = ProjectName::parse("parent", parent)?.project;
    if contents.is_empty() || contents.len() > MOST {
        return Err(Error::field("requests", format!("send 1 to {MOST} sheets at once")));
    }
    let mut packed = Vec::with_capacity(contents.len());
    for content in contents {
        check("sheet.content", &content)?;
        packed.push(Packed::new(content).await?);
    }
    keep(cx, &project, &packed).await
}

/// Writes packed texts as sheets of the project.
pub(super) async fn keep(cx: &Cx, project: &str, packed: &[Packed]) -> Result<Vec<Sheet>> {
    let creator = cx.caller.name().unwrap_or_default();
    let mut tx = cx.app.store.begin().await?;
    project::live(&mut tx, project).await?;
    let mut made = Vec::with_capacity(packed.len());
    for text in packed {
        made.push(sheets::insert(&mut tx, project, text, &creator, cx.app.now()).await?);
    }
    tx.commit().await?;
    Ok(made)
}
