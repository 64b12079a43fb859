//! ServiceAccountService: accounts of programs.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::service_account;

use super::convert::{account, value};
use super::{Error, Result};

pub struct ServiceAccounts;

impl pb::ServiceAccountService<Cx, Error> for ServiceAccounts {
    async fn create_service_account(
        &self,
        cx: Cx,
        request: pb::CreateServiceAccountRequest,
    ) -> Result<pb::ServiceAccount> {
        let title = request.service_account.unwrap_or_default().title;
        let made =
            service_account::create(&cx, &request.parent, &request.service_account_id, &title)
                .await?;
        Ok(account::service_account_with_key(made))
    }

    async fn get_service_account(
        &self,
        cx: Cx,
        request: pb::GetServiceAccountRequest,
    ) -> Result<pb::ServiceAccount> {
        Ok(account::service_account(service_account::get(&cx, &request.name).await?))
    }

    async fn list_service_accounts(
        &self,
        cx: Cx,
        request: pb::ListServiceAccountsRequest,
    ) -> Result<pb::ListServiceAccountsResponse> {
        let ask = Ask {
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
        };
        let page = service_account::list(&cx, &request.parent, &ask).await?;
        let (service_accounts, next_page_token) = value::page(page, account::service_account);
        Ok(pb::ListServiceAccountsResponse { service_accounts, next_page_token })
    }

    async fn update_service_account(
        &self,
        cx: Cx,
        request: pb::UpdateServiceAccountRequest,
    ) -> Result<pb::ServiceAccount> {
        let wire = request.service_account.unwrap_or_default();
        let update = service_account::Update {
            name: wire.name,
            title: wire.title,
            mask: value::mask(request.update_mask).unwrap_or_default(),
        };
        Ok(account::service_account_with_key(service_account::update(&cx, update).await?))
    }

    async fn delete_service_account(
        &self,
        cx: Cx,
        request: pb::DeleteServiceAccountRequest,
    ) -> Result<()> {
        Ok(service_account::delete(&cx, &request.name).await?)
    }

    async fn undelete_service_account(
        &self,
        cx: Cx,
        request: pb::UndeleteServiceAccountRequest,
    ) -> Result<pb::ServiceAccount> {
        Ok(account::service_account(service_account::undelete(&cx, &request.name).await?))
    }
}
