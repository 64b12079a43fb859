//! Hosts of repositories.

use api::bytebase::v1 as pb;
use store::rows::VcsKind;

pub const fn kind_from(wire: pb::VcsType) -> VcsKind {
    match wire {
        pb::VcsType::Unspecified => VcsKind::Unspecified,
        pb::VcsType::Github => VcsKind::Github,
        pb::VcsType::Gitlab => VcsKind::Gitlab,
        pb::VcsType::Bitbucket => VcsKind::Bitbucket,
        pb::VcsType::AzureDevops => VcsKind::AzureDevops,
    }
}

pub const fn kind_to(kind: VcsKind) -> pb::VcsType {
    match kind {
        VcsKind::Unspecified => pb::VcsType::Unspecified,
        VcsKind::Github => pb::VcsType::Github,
        VcsKind::Gitlab => pb::VcsType::Gitlab,
        VcsKind::Bitbucket => pb::VcsType::Bitbucket,
        VcsKind::AzureDevops => pb::VcsType::AzureDevops,
    }
}
