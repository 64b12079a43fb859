//! Roles and users inside the database server, as the last sync found them.

use base::name::InstanceName;
use base::page::{Page, page_size};
use base::{Error, Reason, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::rows::InstanceRole;

use super::view::load_active;
use crate::cx::Cx;
use crate::sync;

/// What is asked for, as the request says it.
#[derive(Debug, Clone, Default)]
pub struct ListRoles {
    pub parent: String,
    pub page_size: i32,
    pub page_token: String,
    /// Asks the server first, which takes the right to sync the instance.
    pub refresh: bool,
}

/// By name.
pub async fn roles(cx: &Cx, input: &ListRoles) -> Result<Page<InstanceRole>> {
    let name = InstanceName::parse("parent", &input.parent)?;
    if input.refresh {
        cx.require("bb.instances.sync", &input.parent).await?;
    }
    let mut conn = cx.app.store.read().await?;
    let mut instance = load_active(&mut conn, &name).await?;
    if input.refresh {
        drop(conn);
        sync::instance::run(&cx.app, &instance).await?;
        instance = load_active(&mut cx.app.store.read().await?, &name).await?;
    }
    page(instance.payload.roles, page_size(input.page_size), &input.page_token)
}

/// The token is the name of the last role shown, so that a sync in between neither skips nor repeats one.
fn page(mut roles: Vec<InstanceRole>, size: usize, token: &str) -> Result<Page<InstanceRole>> {
    roles.sort_by(|a, b| a.name.cmp(&b.name));
    if !token.is_empty() {
        let last = URL_SAFE_NO_PAD.decode(token).ok().and_then(|b| String::from_utf8(b).ok());
        let last = last.ok_or_else(|| {
            Error::new(
                Reason::InvalidPageToken,
                "the page token is not one that this list gave out",
            )
        })?;
        roles.retain(|r| r.name > last);
    }
    let more = roles.len() > size;
    roles.truncate(size);
    let next = roles.last().filter(|_| more).map(|r| URL_SAFE_NO_PAD.encode(&r.name));
    Ok(Page { items: roles, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_foreign_tokens_are_refused() {
        let role = |name: &str| InstanceRole { name: name.into(), ..InstanceRole::default() };
        let all = || vec![role("c"), role("a"), role("b")];
        let names =
            |p: &Page<InstanceRole>| p.items.iter().map(|r| r.name.clone()).collect::<Vec<_>>();
        let first = page(all(), 2, "").unwrap();
        assert_eq!(names(&first), ["a", "b"]);
        let second = page(all(), 2, &first.next.unwrap()).unwrap();
        assert_eq!((names(&second), second.next), (vec!["c".to_owned()], None));
        assert_eq!(page(all(), 2, "?").unwrap_err().reason(), Reason::InvalidPageToken);
    }
}
