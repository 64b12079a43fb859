//! Reads a sheet.

use base::name::SheetName;
use base::{Error, Result};
use store::rows::Sheet;
use store::{blobs, sheets};

use super::{LARGEST, SHOWN};
use crate::cx::Cx;

/// A sheet and its text, or the beginning of it.
#[derive(Debug)]
pub struct Content {
    pub sheet: Sheet,
    /// Ends with a whole character.
    pub text: String,
}

/// With `raw` the whole text, else at most 2 MiB of it.
pub async fn get(cx: &Cx, name: &str, raw: bool) -> Result<Content> {
    let name = SheetName::parse("name", name)?;
    let mut conn = cx.app.store.read().await?;
    let missing = || Error::not_found(&name);
    let sheet = sheets::get(&mut conn, &name.project, &name.sheet).await?.ok_or_else(missing)?;
    let limit = if raw { LARGEST } else { SHOWN };
    let (mut bytes, _) = blobs::head(&mut conn, &name.sheet, limit).await?.ok_or_else(missing)?;
    if let Err(e) = std::str::from_utf8(&bytes) {
        // The cut went through a character: sheets are UTF-8 when they are kept.
        bytes.truncate(e.valid_up_to());
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| Error::internal("a sheet is not text").with_source(e))?;
    Ok(Content { sheet, text })
}
