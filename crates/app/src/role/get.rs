//! Reads roles.

use base::name::RoleName;
use base::{Error, Result};
use policy::role::{PREDEFINED, RoleInfo, predefined_permissions};
use store::{List, roles};

use super::Role;
use crate::cx::Cx;

pub async fn get(cx: &Cx, name: &str) -> Result<Role> {
    let name = RoleName::parse("name", name)?;
    if let Some(role) = predefined(&name) {
        return Ok(role);
    }
    let mut conn = cx.app.store.read().await?;
    let row = roles::get(&mut conn, &name.role).await?;
    row.map(Role::from).ok_or_else(|| Error::not_found(&name))
}

/// All roles: the predefined ones first.
pub async fn list(cx: &Cx) -> Result<Vec<Role>> {
    let mut all: Vec<_> = PREDEFINED.iter().map(shown).collect();
    let mut conn = cx.app.store.read().await?;
    let mut args = List::default();
    loop {
        let page = roles::list(&mut conn, &args).await?;
        all.extend(page.items.into_iter().map(Role::from));
        match page.next {
            Some(token) => args.token = Some(token),
            None => return Ok(all),
        }
    }
}

pub(super) fn predefined(name: &RoleName) -> Option<Role> {
    let name = name.to_string();
    PREDEFINED.iter().find(|r| r.name == name).map(shown)
}

fn shown(info: &RoleInfo) -> Role {
    let permissions = predefined_permissions(info.name).into_iter().flatten().cloned();
    Role {
        name: info.name.to_owned(),
        title: info.title.to_owned(),
        description: info.description.to_owned(),
        permissions: permissions.collect(),
        predefined: true,
    }
}
