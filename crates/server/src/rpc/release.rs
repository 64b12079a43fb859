//! ReleaseService: versioned files that are rolled out together.

use api::bytebase::v1 as pb;
use app::cx::Cx;
use app::filter::Ask;
use app::release::{self, CheckAsk, Checked, NewFile, NewRelease, Skipped, Source};
use base::name::{ProjectName, SheetName};
use pb::plan_check_run::result::{Report, SqlReviewReport};
use pb::release::Type;
use policy::release::{Hint, file_name};
use policy::risk::Risk;
use store::rows::{CheckLevel, CheckResult, Release, RevisionKind, VcsSource};

use super::convert::{approval, value, vcs};
use super::plan::result_to_wire;
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
            show_deleted: request.show_deleted,
            ..Ask::new(request.filter, request.page_size, request.page_token)
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
            accept_changed: wire.accept_changed,
            id_template: request.release_id_template,
            id_timezone: request.release_id_timezone,
        };
        Ok(to_wire(release::create(&cx, new).await?))
    }

    async fn update_release(
        &self,
        cx: Cx,
        request: pb::UpdateReleaseRequest,
    ) -> Result<pb::Release> {
        let wire = request.release.unwrap_or_default();
        let update = release::Update {
            name: wire.name,
            vcs_source: wire.vcs_source.map(source_from_wire),
            mask: value::mask(request.update_mask).unwrap_or_default(),
        };
        Ok(to_wire(release::update(&cx, update).await?))
    }

    async fn delete_release(&self, cx: Cx, request: pb::DeleteReleaseRequest) -> Result<()> {
        Ok(release::delete(&cx, &request.name).await?)
    }

    async fn undelete_release(
        &self,
        cx: Cx,
        request: pb::UndeleteReleaseRequest,
    ) -> Result<pb::Release> {
        Ok(to_wire(release::undelete(&cx, &request.name).await?))
    }

    async fn list_release_categories(
        &self,
        cx: Cx,
        request: pb::ListReleaseCategoriesRequest,
    ) -> Result<pb::ListReleaseCategoriesResponse> {
        let categories = release::categories(&cx, &request.parent).await?;
        Ok(pb::ListReleaseCategoriesResponse { categories })
    }

    async fn check_release(
        &self,
        cx: Cx,
        request: pb::CheckReleaseRequest,
    ) -> Result<pb::CheckReleaseResponse> {
        let wire = request.release.unwrap_or_default();
        let ask = CheckAsk {
            project: ProjectName::parse("parent", &request.parent)?.project,
            kind: match wire.r#type() {
                Type::Unspecified => None,
                Type::Versioned => Some(RevisionKind::Versioned),
                Type::Declarative => Some(RevisionKind::Declarative),
            },
            category: wire.category,
            vcs_source: wire.vcs_source.map(source_from_wire),
            accept_changed: wire.accept_changed,
            files: wire.files.into_iter().map(file_from_wire).collect(),
            targets: request.targets,
        };
        let release::Found { mut checked, skipped } = release::check(&cx, ask).await?;
        if !request.custom_rules.trim().is_empty()
            && let Some(first) = checked.first_mut()
        {
            first.results.push(custom_rules(&first.target));
        }
        let rows = checked.iter().map(|c| c.affected_rows).fold(0, i64::saturating_add);
        let risk = checked.iter().map(|c| c.risk).max().unwrap_or(Risk::Low);
        Ok(pb::CheckReleaseResponse {
            results: checked.into_iter().map(check_to_wire).collect(),
            affected_rows: rows,
            risk_level: approval::risk_level(risk).into(),
            skipped: skipped.into_iter().map(skipped_to_wire).collect(),
        })
    }
}

/// Rules in plain language are read by a model, of which this version has none: whoever gave them must know.
fn custom_rules(target: &str) -> CheckResult {
    CheckResult {
        level: CheckLevel::Warning,
        title: "Not evaluated".to_owned(),
        content: "Custom rules in plain language are not part of this version.".to_owned(),
        code: 1,
        target: target.to_owned(),
        ..CheckResult::default()
    }
}

fn check_to_wire(checked: Checked) -> pb::check_release_response::CheckResult {
    let results: Vec<_> = checked.results.into_iter().map(result_to_wire).collect();
    // What is for information only would be a finding for a pipeline.
    let is_finding = |r: &&pb::plan_check_run::Result| r.status() > pb::advice::Level::Success;
    pb::check_release_response::CheckResult {
        file: checked.file,
        target: checked.target,
        advices: results.iter().filter(is_finding).map(advice).collect(),
        affected_rows: checked.affected_rows,
        risk_level: approval::risk_level(checked.risk).into(),
        results,
    }
}

fn skipped_to_wire(skipped: Skipped) -> pb::check_release_response::SkippedFile {
    pb::check_release_response::SkippedFile {
        file: skipped.file,
        version: skipped.version,
        reason: skipped.reason.to_owned(),
        message: skipped.message,
        targets: skipped.targets,
        refused: skipped.refused,
    }
}

fn advice(result: &pb::plan_check_run::Result) -> pb::Advice {
    let report = match &result.report {
        Some(Report::SqlReviewReport(report)) => *report,
        _ => SqlReviewReport::default(),
    };
    pb::Advice {
        status: result.status,
        code: result.code,
        title: result.title.clone(),
        content: result.content.clone(),
        start_position: report.start_position,
        end_position: report.end_position,
        rule_type: pb::advice::RuleType::ParserBased.into(),
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
    VcsSource { kind: vcs::kind_from(wire.vcs_type()), url: wire.url }
}

fn source_to_wire(source: VcsSource) -> pb::release::VcsSource {
    pb::release::VcsSource { vcs_type: vcs::kind_to(source.kind).into(), url: source.url }
}

fn hint(path: &str) -> pb::release::file::Hint {
    use pb::release::file::Hint as Wire;

    match file_name(path).ok().and_then(|name| name.hint) {
        None => Wire::Unspecified,
        Some(Hint::Ddl) => Wire::Ddl,
        Some(Hint::Dml) => Wire::Dml,
        Some(Hint::Ghost) => Wire::Ghost,
    }
}

fn to_wire(release: Release) -> pb::Release {
    let name = release::name_of(&release);
    let stream = release::stream_of(&release);
    let file = |f: store::rows::ReleaseFile| pb::release::File {
        description: file_name(&f.path).map(|n| n.description).unwrap_or_default(),
        hint: hint(&f.path).into(),
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
        stream,
        accept_changed: release.payload.accept_changed,
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
