//! Changes a setting.

use base::name::{EnvironmentName, WORKSPACE};
use base::{Error, Result};
use store::rows::{EmailSetting, EnvironmentSetting, SmtpAuthentication, WorkspaceProfile};
use store::{Conn, events, identity_providers, review_configs, settings};

use super::{Kind, Value, approval, email, environment, profile};
use crate::cx::Cx;
use crate::filter::{Mask, etag};

/// What to change.
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub value: Value,
    /// Fields of the value, with or without the path to it (`value.workspace_profile.domains`, `domains`). Empty, or the
    /// path to the value itself: the whole value.
    pub mask: Vec<String>,
    /// Check and answer, but write nothing.
    pub validate_only: bool,
}

pub async fn update(cx: &Cx, update: Update) -> Result<Value> {
    let kind = Kind::parse("setting.name", &update.name)?;
    if !cx.may("bb.settings.set", WORKSPACE).await? {
        cx.require(kind.permission(true), WORKSPACE).await?;
    }
    if update.value.kind() != kind {
        let text =
            format!("the value is of {}, the name of {}", update.value.kind().id(), kind.id());
        return Err(Error::field("setting.value", text));
    }
    let mut tx = cx.app.store.begin().await?;
    let (value, version) = match update.value {
        Value::Environment(new) => {
            // It has one field, so a mask that is right names the whole.
            mask(&update.mask, "environment", &["environments"])?;
            set_environments(cx, &mut tx, new).await?
        }
        Value::Email(new) => {
            // Its parts belong together: a mask that is right names the whole.
            if mask(&update.mask, "email", &["email"])?.is_some() {
                return Err(Error::field("update_mask", "send the whole setting: value.email"));
            }
            set_email(cx, &mut tx, *new).await?
        }
        Value::Profile(new) => {
            let mask = mask(&update.mask, "workspace_profile", profile::MASK)?;
            set_profile(cx, &mut tx, *new, mask.as_ref()).await?
        }
        Value::Approval(new) => {
            mask(&update.mask, "workspace_approval", &["rules"])?;
            let (value, version) = approval::set(cx, &mut tx, new).await?;
            (Value::Approval(value), version)
        }
    };
    if !update.validate_only {
        events::append(&mut tx, kind.name(), "setting", &etag(version), cx.app.now()).await?;
        tx.commit().await?;
    }
    Ok(value)
}

async fn set_environments(
    cx: &Cx,
    conn: &mut Conn,
    new: EnvironmentSetting,
) -> Result<(Value, i64)> {
    let mut row = settings::get::<EnvironmentSetting>(conn).await?;
    let wrong = environment::violations(&new);
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    environment::check_removed(conn, &row.value, &new).await?;
    for gone in row.value.environments.iter().filter(|e| new.get(&e.id).is_none()) {
        let name = EnvironmentName::new(&gone.id).to_string();
        review_configs::detach(conn, &name).await?;
        store::org_policies::forget(conn, &name).await?;
    }
    row.value = new;
    settings::put(conn, &mut row, cx.app.now()).await?;
    Ok((Value::Environment(row.value), row.version))
}

async fn set_email(cx: &Cx, conn: &mut Conn, new: email::Email) -> Result<(Value, i64)> {
    let mut row = settings::get::<EmailSetting>(conn).await?;
    let kept = email::password(conn).await?;
    let wrong = email::violations("setting.value.email", &new, &row.value, !kept.is_empty());
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let email::Email { setting, password, .. } = new;
    let wants_none = setting.authentication == SmtpAuthentication::None;
    if wants_none || !password.is_empty() {
        let password = if wants_none { base::Secret::default() } else { password.clone() };
        email::put_password(conn, &password).await?;
    }
    let password_set = !wants_none;
    row.value = setting.clone();
    settings::put(conn, &mut row, cx.app.now()).await?;
    let shown = email::Email { setting, password: base::Secret::default(), password_set };
    Ok((Value::Email(Box::new(shown)), row.version))
}

async fn set_profile(
    cx: &Cx,
    conn: &mut Conn,
    new: WorkspaceProfile,
    mask: Option<&Mask>,
) -> Result<(Value, i64)> {
    let mut row = settings::get::<WorkspaceProfile>(conn).await?;
    let before = row.value.external_url.clone();
    profile::apply(&mut row.value, new, mask);
    let mut wrong = profile::violations(&row.value);
    if row.value.external_url != before && cx.app.config.external_url.is_some() {
        wrong.push(base::FieldViolation {
            field: "setting.value.workspace_profile.external_url".to_owned(),
            description: "the server was started with --external-url; change it there".to_owned(),
        });
    }
    if row.value.disallow_password_signin && identity_providers::all(conn).await?.is_empty() {
        wrong.push(base::FieldViolation {
            field: "setting.value.workspace_profile.disallow_password_signin".to_owned(),
            description: "add an identity provider first: nobody could sign in but administrators"
                .to_owned(),
        });
    }
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    settings::put(conn, &mut row, cx.app.now()).await?;
    Ok((Value::Profile(Box::new(row.value)), row.version))
}

/// The mask over the value's own fields; `None` for the whole value.
fn mask(paths: &[String], value: &str, allowed: &[&str]) -> Result<Option<Mask>> {
    let whole = ["value".to_owned(), format!("value.{value}"), value.to_owned()];
    if paths.iter().all(|p| whole.contains(p)) {
        return Ok(None);
    }
    let (long, short) = (format!("value.{value}."), format!("{value}."));
    let own = paths
        .iter()
        .map(|p| p.strip_prefix(&long).or_else(|| p.strip_prefix(&short)).unwrap_or(p).to_owned());
    Mask::new(&own.collect::<Vec<_>>(), allowed).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_with_and_without_the_path_to_the_value() {
        let read = |paths: &[&str]| {
            mask(
                &paths.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>(),
                "workspace_profile",
                profile::MASK,
            )
        };
        for whole in [&[][..], &["value"], &["value.workspace_profile"]] {
            assert_eq!(read(whole).unwrap(), None);
        }
        for one in ["domains", "workspace_profile.domains", "value.workspace_profile.domains"] {
            assert!(read(&[one]).unwrap().unwrap().only("domains"), "{one}");
        }
        for bad in ["*", "value.environment.environments", "value.workspace_profile.nosuch", "logo"]
        {
            assert!(read(&[bad]).is_err(), "{bad}");
        }
    }
}
