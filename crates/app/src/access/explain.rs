//! What a caller lacks on a resource, asked before it is tried: so that a page makes no calls that are refused.

use base::{Error, Result};
use store::rows::User;

use super::{Grants, grantors};
use crate::cx::Cx;

const MOST: usize = 50;

#[derive(Debug, Clone, Default)]
pub struct Explanation {
    /// In the order in which they were asked for.
    pub missing: Vec<String>,
    /// Nobody when nothing is missing.
    pub grantors: Vec<User>,
}

pub async fn explain(cx: &Cx, resource: &str, permissions: &[String]) -> Result<Explanation> {
    if resource.is_empty() {
        return Err(Error::field("resource", "name a resource, for example projects/shop"));
    }
    if permissions.len() > MOST {
        let text = format!("ask for at most {MOST} at once; these are {}", permissions.len());
        return Err(Error::field("permissions", text));
    }
    let mut conn = cx.app.store.read().await?;
    let grants = Grants::load(&mut conn, &cx.caller, cx.now()).await?;
    let mut missing = Vec::new();
    for permission in permissions {
        if !grants.has(&mut conn, permission, resource).await? {
            missing.push(permission.clone());
        }
    }
    let grantors = if missing.is_empty() {
        Vec::new()
    } else {
        grantors::of(&mut conn, &grants, &[resource.to_owned()]).await?
    };
    Ok(Explanation { missing, grantors })
}
