//! UserService: accounts of people.

use api::bytebase::v1 as pb;
use app::auth::second_factor::Ask;
use app::cx::Cx;
use app::user;
use base::Secret;

use super::convert::{account, value};
use super::{Error, Result};

pub struct Users;

impl pb::UserService<Cx, Error> for Users {
    async fn get_user(&self, cx: Cx, request: pb::GetUserRequest) -> Result<pb::User> {
        Ok(account::user(user::get(&cx, &request.name).await?))
    }

    async fn batch_get_users(
        &self,
        cx: Cx,
        request: pb::BatchGetUsersRequest,
    ) -> Result<pb::BatchGetUsersResponse> {
        let found = user::batch_get(&cx, &request.names).await?;
        Ok(pb::BatchGetUsersResponse { users: found.into_iter().map(account::user).collect() })
    }

    async fn get_current_user(&self, cx: Cx, (): ()) -> Result<pb::User> {
        Ok(account::caller(user::current(&cx).await?))
    }

    async fn list_users(
        &self,
        cx: Cx,
        request: pb::ListUsersRequest,
    ) -> Result<pb::ListUsersResponse> {
        let ask = app::filter::Ask {
            show_deleted: request.show_deleted,
            ..app::filter::Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = user::list(&cx, &ask).await?;
        let (users, next_page_token) = value::page(page, account::user);
        Ok(pb::ListUsersResponse { users, next_page_token })
    }

    async fn create_user(&self, cx: Cx, request: pb::CreateUserRequest) -> Result<pb::User> {
        let input = account::user_from(request.user.unwrap_or_default());
        Ok(account::user(user::create(&cx, input).await?))
    }

    async fn update_user(&self, cx: Cx, request: pb::UpdateUserRequest) -> Result<pb::User> {
        let wire = request.user.unwrap_or_default();
        let second_factor = Ask {
            code: request.otp_code.filter(|code| !code.is_empty()).map(Secret::new),
            new_secret: request.regenerate_temp_mfa_secret,
            new_recovery_codes: request.regenerate_recovery_codes,
            enabled: Some(wire.mfa_enabled),
        };
        let update = user::Update {
            name: wire.name.clone(),
            user: account::user_from(wire),
            second_factor,
            mask: value::mask(request.update_mask).unwrap_or_default(),
            allow_missing: request.allow_missing,
        };
        Ok(account::updated(user::update(&cx, update).await?, cx.now()))
    }

    async fn delete_user(&self, cx: Cx, request: pb::DeleteUserRequest) -> Result<()> {
        Ok(user::delete(&cx, &request.name).await?)
    }

    async fn undelete_user(&self, cx: Cx, request: pb::UndeleteUserRequest) -> Result<pb::User> {
        Ok(account::user(user::undelete(&cx, &request.name).await?))
    }

    async fn update_email(&self, cx: Cx, request: pb::UpdateEmailRequest) -> Result<pb::User> {
        Ok(account::user(user::update_email(&cx, &request.name, &request.email).await?))
    }
}
