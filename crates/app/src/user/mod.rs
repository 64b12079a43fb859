//! Accounts of people.

mod create;
mod delete;
pub mod email;
mod get;
mod list;
mod members;
mod update;
mod update_email;

pub use create::create;
pub(crate) use create::{check, insert, row};
pub use delete::{delete, undelete};
pub use get::{Account, Current, batch_get, current, get};
pub use list::list;
pub(crate) use members::Members;
pub use update::{MASK, Update, Updated, update};
pub use update_email::update_email;

use base::name::UserName;
use base::{Error, FieldViolation, Result, Secret};
use store::rows::User;
use store::{Conn, events, users};

use crate::filter::etag;

/// What a request says about a user. Empty texts are "not said" where a field is optional.
#[derive(Debug, Clone, Default)]
pub struct UserInput {
    pub email: String,
    pub title: String,
    pub phone: String,
    pub password: Secret,
}

/// The user of that address, deleted or not.
async fn of(conn: &mut Conn, email: &str) -> Result<User> {
    users::get(conn, email).await?.ok_or_else(|| Error::not_found(UserName::new(email)))
}

/// Tells open pages that the user changed.
pub(crate) async fn tell(conn: &mut Conn, user: &User) -> Result<()> {
    let name = UserName::new(&user.email).to_string();
    Ok(events::append(conn, &name, "user", &etag(user.version), user.updated_at).await?)
}

/// Everything wrong with the texts of a user, under `field.…`.
pub(crate) fn violations(field: &str, title: &str, phone: &str) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, name: &str, what: &str| {
        if !ok {
            found.push(FieldViolation {
                field: format!("{field}.{name}"),
                description: what.to_owned(),
            });
        }
    };
    let one_line = |text: &str| !text.chars().any(char::is_control);
    need(
        !title.trim().is_empty() && title.chars().count() <= 200 && one_line(title),
        "title",
        "use 1 to 200 characters in one line",
    );
    need(
        phone.len() <= 32 && phone.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c)),
        "phone",
        "use at most 32 digits, blanks and the signs + - ( ) . /",
    );
    found
}
