//! Changes title and logo of the workspace.

use base::name::WORKSPACE;
use base::{Error, FieldViolation, Result};
use store::rows::WorkspaceProfile;
use store::{events, settings};

use super::Workspace;
use super::get::{check_name, of};
use crate::cx::Cx;
use crate::filter::{Mask, etag};

/// Fields that can be changed, as on the wire.
pub const MASK: &[&str] = &["title", "logo"];
/// Bytes of the URL.
const LARGEST_LOGO: usize = 512 * 1024;

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub workspace: Workspace,
    pub mask: Vec<String>,
}

pub async fn update(cx: &Cx, update: Update) -> Result<Workspace> {
    check_name("workspace.name", &update.name)?;
    let mask = Mask::new(&update.mask, MASK)?;
    check(&update.workspace, &mask)?;
    let now = cx.app.now();
    let mut tx = cx.app.store.begin().await?;
    let mut profile = settings::get::<WorkspaceProfile>(&mut tx).await?;
    if mask.has("title") {
        profile.value.title = update.workspace.title.trim().to_owned();
    }
    if mask.has("logo") {
        profile.value.logo = update.workspace.logo;
    }
    settings::put(&mut tx, &mut profile, now).await?;
    events::append(&mut tx, WORKSPACE, "workspace", &etag(profile.version), now).await?;
    tx.commit().await?;
    Ok(of(&profile.value))
}

fn check(new: &Workspace, mask: &Mask) -> Result<()> {
    let mut wrong = Vec::new();
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            wrong.push(FieldViolation { field: field.to_owned(), description: what.to_owned() });
        }
    };
    let title = new.title.trim();
    let one_line =
        !title.is_empty() && title.chars().count() <= 200 && !title.chars().any(char::is_control);
    need(!mask.has("title") || one_line, "workspace.title", "use 1 to 200 characters in one line");
    // An image that is shown to everybody must not call home, and SVG can hold scripts.
    let image = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,"];
    let embedded = image.iter().any(|start| {
        new.logo.strip_prefix(start).is_some_and(|data| {
            data.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
        })
    });
    need(
        !mask.has("logo") || new.logo.is_empty() || (embedded && new.logo.len() <= LARGEST_LOGO),
        "workspace.logo",
        "give a PNG, JPEG or WebP image as data: URL of at most 512 KiB, or nothing",
    );
    if wrong.is_empty() { Ok(()) } else { Err(Error::fields(wrong)) }
}
