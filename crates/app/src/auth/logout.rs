//! Ends a browser session.

use base::Result;
use store::sessions;

use super::{cookie, session, token};
use crate::cx::Cx;

/// Ends the family of the session whose cookies came, and takes them back. Also fine without any: whoever is not signed in
/// is signed out.
pub async fn logout(cx: &Cx) -> Result<()> {
    let mut families = Vec::new();
    let access = cx.credentials.cookie_access.as_ref();
    families.extend(
        access
            .and_then(|t| token::read(&cx.app.token_key, token::Purpose::Access, t.expose()))
            .and_then(|c| c.session),
    );
    let mut tx = cx.app.store.begin().await?;
    if let Some(shown) = &cx.credentials.cookie_refresh {
        let found = sessions::by_token_hash(&mut tx, &session::hash(shown)).await?;
        families.extend(found.map(|s| s.family));
    }
    for family in families {
        sessions::revoke_family(&mut tx, &family, cx.app.now()).await?;
    }
    tx.commit().await?;
    cookie::clear(cx);
    Ok(())
}
