//! Reads settings.

use base::Result;
use base::name::WORKSPACE;
use store::{Conn, settings};

use super::{Kind, Value, email};
use crate::cx::Cx;

/// With the permission on all settings, or on this one.
pub async fn get(cx: &Cx, name: &str) -> Result<Value> {
    let kind = Kind::parse("name", name)?;
    if !cx.may("bb.settings.get", WORKSPACE).await? {
        cx.require(kind.permission(false), WORKSPACE).await?;
    }
    let mut conn = cx.app.store.read().await?;
    read(&mut conn, kind).await
}

/// All settings of this version.
pub async fn list(cx: &Cx) -> Result<Vec<Value>> {
    let mut conn = cx.app.store.read().await?;
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.push(read(&mut conn, *kind).await?);
    }
    Ok(all)
}

async fn read(conn: &mut Conn, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::Environment => Value::Environment(settings::get(conn).await?.value),
        Kind::Email => {
            let setting = settings::get(conn).await?.value;
            let password_set = !email::password(conn).await?.is_empty();
            let password = base::Secret::default();
            Value::Email(Box::new(email::Email { setting, password, password_set }))
        }
        Kind::Approval => Value::Approval(settings::get(conn).await?.value),
        Kind::Profile => Value::Profile(Box::new(settings::get(conn).await?.value)),
    })
}
