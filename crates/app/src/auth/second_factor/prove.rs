//! Whether a code proves the second factor of a user.

use base::{Result, Secret, Time};
use store::Conn;
use store::rows::User;

use super::{app_code, keep};

/// Takes a code of the app or a recovery code, and uses it up. The caller writes the user's row in the same transaction,
/// and gives up when it was changed meanwhile: of two who use a code at the same moment one is late.
pub(crate) async fn prove(
    conn: &mut Conn,
    user: &mut User,
    code: &Secret,
    now: Time,
) -> Result<bool> {
    let Some(secret) = keep::secret(conn, &user.email).await? else { return Ok(false) };
    let factor = &mut user.payload.second_factor;
    match app_code::fits(&secret, code.expose(), factor.last_step, now)? {
        Some(step) => {
            factor.last_step = step;
            Ok(true)
        }
        None => keep::use_up(conn, &user.email, code.expose()).await,
    }
}
