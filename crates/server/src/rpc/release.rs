//! ReleaseService: versioned files that are rolled out together.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::release::{self, NewFile, NewRelease, Source};
use base::name::{ProjectName, SheetName};
use pb::release::Type;
use store::rows::{Release, RevisionKind, VcsKind, VcsSource};

use super::convert::value;
use super::{Error, Result};

pub struct Releases;

impl pb::ReleaseService<Cx, Error> for Releases {
    async fn get_release(&self, cx: Cx, request: pb::GetReleaseRequest) -> Result<pb::Release> {
        Ok(to_wire(release::get(&cx, &request.name).await?))
    }

    async fn list_releases(
        &self,
        cx: Cx,
        request: pb::ListReleasesRequest,
    ) -> Result<pb::ListReleasesResponse> {
        let ask = Ask {
            filter: request.filter,
            page_size: request.page_size,
            page_token: request.page_token,
            show_deleted: request.show_deleted,
            ..Ask::default()
        };
        let page = release::list(&cx, &request.parent, &ask).await?;
        let (releases, next_page_token) = value::page(page, to_wire);
        Ok(pb::ListReleasesResponse { releases, next_page_token })
    }

    async fn create_release(
        &self,
        cx: Cx,
        request: pb::CreateReleaseRequest,
    ) -> Result<pb::Release> {
        let wire = request.release.unwrap_or_default();
        let new = NewRelease {
            project: ProjectName::parse("parent", &request.parent)?.project,
            // What is not said to be declarative is versioned.
            kind: match wire.r#type() {
                Type::Unspecified | Type::Versioned => RevisionKind::Versioned,
                Type::Declarative => RevisionKind::Declarative,
            },
            category: wire.category,
            files: wire.files.into_iter().map(file_from_wire).collect(),
            vcs_source: wire.vcs_source.map(source_from_wire),
            id_template: request.release_id_template,
            id_timezone: request.release_id_timezone,
        };
        Ok(to_wire(release::create(&cx, new).await?))
    }
}

fn file_from_wire(wire: pb::release::File) -> NewFile {
    NewFile {
        version: wire.version,
        path: wire.path,
        source: match (wire.statement, wire.sheet) {
            (statement, sheet) if sheet.is_empty() => Source::Statement(statement),
            (statement, sheet) if statement.is_empty() => Source::Sheet(sheet),
            _ => Source::Both,
        },
    }
}

fn source_from_wire(wire: pb::release::VcsSource) -> VcsSource {
    let kind = match wire.vcs_type() {
        pb::VcsType::Unspecified => VcsKind::Unspecified,
        pb::VcsType::Github => VcsKind::Github,
        pb::VcsType::Gitlab => VcsKind::Gitlab,
        pb::VcsType::Bitbucket => VcsKind::Bitbucket,
        pb::VcsType::AzureDevops => VcsKind::AzureDevops,
    };
    VcsSource { kind, url: wire.url }
}

fn source_to_wire(source: VcsSource) -> pb::release::VcsSource {
    let kind = match source.kind {
        VcsKind::Unspecified => pb::VcsType::Unspecified,
        VcsKind::Github => pb::VcsType::Github,
        VcsKind::Gitlab => pb::VcsType::Gitlab,
        VcsKind::Bitbucket => pb::VcsType::Bitbucket,
        VcsKind::AzureDevops => pb::VcsType::AzureDevops,
    };
    pb::release::VcsSource { vcs_type: kind.into(), url: source.url }
}

fn to_wire(release: Release) -> pb::Release {
    let name = release::name_of(&release);
    let file = |f: store::rows::ReleaseFile| pb::release::File {
        path: f.path,
        version: f.version,
        sheet: SheetName::new(&name.project, &f.sheet_sha256).to_string(),
        statement: Vec::new(),
        sheet_sha256: f.sheet_sha256,
    };
    pb::Release {
        files: release.payload.files.into_iter().map(file).collect(),
        name: name.to_string(),
        category: release.category,
        vcs_source: release.payload.vcs_source.map(source_to_wire),
        creator: release.creator,
        create_time: Some(value::timestamp(release.created_at)),
        state: value::state(release.state).into(),
        r#type: match release.kind {
            RevisionKind::Versioned => Type::Versioned,
            RevisionKind::Declarative => Type::Declarative,
        }
        .into(),
    }
}
