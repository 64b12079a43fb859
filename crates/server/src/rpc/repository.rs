//! RepositoryService: repositories that projects watch, and what came of it.

use api::basalt::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::repository::{self, Update};

use super::convert::{repository as wire, value};
use super::{Error, Result};

pub struct Repositories;

impl pb::RepositoryService<Cx, Error> for Repositories {
    async fn create_repository(
        &self,
        cx: Cx,
        request: pb::CreateRepositoryRequest,
    ) -> Result<pb::Repository> {
        let new = wire::from_wire(request.repository.unwrap_or_default())?;
        Ok(wire::to_wire(repository::create(&cx, &request.parent, new).await?))
    }

    async fn get_repository(
        &self,
        cx: Cx,
        request: pb::GetRepositoryRequest,
    ) -> Result<pb::Repository> {
        Ok(wire::to_wire(repository::get(&cx, &request.name).await?))
    }

    async fn list_repositories(
        &self,
        cx: Cx,
        request: pb::ListRepositoriesRequest,
    ) -> Result<pb::ListRepositoriesResponse> {
        let found = repository::list(&cx, &request.parent).await?;
        let repositories = found.into_iter().map(wire::to_wire).collect();
        Ok(pb::ListRepositoriesResponse { repositories })
    }

    async fn update_repository(
        &self,
        cx: Cx,
        request: pb::UpdateRepositoryRequest,
    ) -> Result<pb::Repository> {
        let given = request.repository.unwrap_or_default();
        let update = Update {
            name: given.name.clone(),
            etag: given.etag.clone(),
            repository: wire::from_wire(given)?,
            mask: value::mask(request.update_mask),
        };
        Ok(wire::to_wire(repository::update(&cx, update).await?))
    }

    async fn delete_repository(&self, cx: Cx, request: pb::DeleteRepositoryRequest) -> Result<()> {
        Ok(repository::delete(&cx, &request.name).await?)
    }

    async fn rotate_secret(
        &self,
        cx: Cx,
        request: pb::RotateSecretRequest,
    ) -> Result<pb::Repository> {
        Ok(wire::to_wire(repository::rotate(&cx, &request.name).await?))
    }

    async fn test_repository(
        &self,
        cx: Cx,
        request: pb::TestRepositoryRequest,
    ) -> Result<pb::TestRepositoryResponse> {
        let given = request.repository.unwrap_or_default();
        let name = given.name.clone();
        let new = wire::from_wire(given)?;
        Ok(wire::tested(repository::test(&cx, &request.parent, &name, new).await?))
    }

    async fn sync_repository(
        &self,
        cx: Cx,
        request: pb::SyncRepositoryRequest,
    ) -> Result<pb::RepositorySync> {
        Ok(wire::sync(repository::sync_now(&cx, &request.name).await?))
    }

    async fn list_repository_syncs(
        &self,
        cx: Cx,
        request: pb::ListRepositorySyncsRequest,
    ) -> Result<pb::ListRepositorySyncsResponse> {
        let ask = Ask::new(String::new(), request.page_size, request.page_token);
        let page = repository::syncs(&cx, &request.parent, &ask).await?;
        let (syncs, next_page_token) = value::page(page, wire::sync);
        Ok(pb::ListRepositorySyncsResponse { syncs, next_page_token })
    }
}
