//! Makes a release. The texts of its files become sheets of the project.

use std::collections::BTreeSet;

use base::name::SheetName;
use base::{Error, FieldViolation, Result};
use policy::release::Version;
use store::blobs::Packed;
use store::rows::{Release, ReleaseFile, ReleasePayload, RevisionKind, State, VcsSource};
use store::{Conn, releases, sheets};

use super::rules;
use crate::cx::Cx;
use crate::webhook::{self, EventKind, Happening};
use crate::{project, sheet};

/// What a caller gives.
#[derive(Debug, Clone)]
pub struct NewRelease {
    pub project: String,
    pub kind: RevisionKind,
    pub category: String,
    pub files: Vec<NewFile>,
    pub vcs_source: Option<VcsSource>,
    /// Why files may differ from what was applied; empty when they may not.
    pub accept_changed: String,
    /// Empty for `release_{date}-RC{iteration}`.
    pub id_template: String,
    /// Of the times in the template; empty for UTC.
    pub id_timezone: String,
}

#[derive(Debug, Clone)]
pub struct NewFile {
    /// May begin with a `v`. Empty: as the name in the path begins.
    pub version: String,
    pub path: String,
    pub source: Source,
}

/// Where the text of a file comes from.
#[derive(Debug, Clone)]
pub enum Source {
    Statement(Vec<u8>),
    /// `projects/{p}/sheets/{sha256}`
    Sheet(String),
    /// The caller gave both, which is refused.
    Both,
}

/// All files, or nothing. They are kept in version order, whatever order they came in.
pub async fn create(cx: &Cx, new: NewRelease) -> Result<Release> {
    let prepared = prepare(cx, new).await?;
    let mut tx = cx.app.store.begin().await?;
    let release = insert(&mut tx, cx, prepared).await?;
    tx.commit().await?;
    Ok(release)
}

/// A release that keeps the rules, with its texts packed: what can be done before a transaction.
pub(crate) struct Prepared {
    new: NewRelease,
    train: String,
    files: Vec<Placed>,
    texts: Vec<Packed>,
}

pub(crate) async fn prepare(cx: &Cx, mut new: NewRelease) -> Result<Prepared> {
    rules::can_be(new.kind)?;
    rules::read_versions(&mut new.files);
    let mut wrong = rules::violations(&new);
    let train = match policy::release::train(&new.id_template, &new.id_timezone, cx.app.now()) {
        Ok(train) => train,
        Err(violation) => {
            wrong.push(violation);
            String::new()
        }
    };
    if !wrong.is_empty() {
        wrong.truncate(rules::MOST_VIOLATIONS);
        return Err(Error::fields(wrong));
    }
    let (files, texts) = pack(std::mem::take(&mut new.files)).await?;
    Ok(Prepared { new, train, files, texts })
}

pub(crate) async fn insert(tx: &mut Conn, cx: &Cx, prepared: Prepared) -> Result<Release> {
    let Prepared { new, train, files, texts } = prepared;
    let now = cx.app.now();
    let stream = super::stream(&new.project, &new.category, new.vcs_source.as_ref());
    let creator = cx.caller.name().unwrap_or_default();
    project::live(tx, &new.project).await?;
    for text in missing_sheets(tx, &new.project, &files, texts).await? {
        sheets::insert(tx, &new.project, &text, &creator, now).await?;
    }
    let mut release = Release {
        project: new.project,
        id: String::new(),
        train,
        iteration: 0,
        kind: new.kind,
        category: new.category,
        creator,
        state: State::Active,
        payload: ReleasePayload {
            files: files.into_iter().map(|f| f.file).collect(),
            vcs_source: new.vcs_source,
            stream,
            accept_changed: new.accept_changed.trim().to_owned(),
        },
        version: 0,
        created_at: now,
    };
    releases::insert(tx, &mut release).await?;
    super::tell(tx, &release, now).await?;
    let kind = EventKind::ReleaseCreated;
    let mut created = Happening::new(kind, &release.project, &release.id, cx.caller.name());
    created.release = Some(release.id.clone());
    created.facts.push(("Files".to_owned(), release.payload.files.len().to_string()));
    webhook::emit(&cx.app, tx, &created).await?;
    Ok(release)
}

/// A file with its place in the request.
struct Placed {
    at: usize,
    file: ReleaseFile,
}

/// The files in version order, and the texts that came with them.
async fn pack(new: Vec<NewFile>) -> Result<(Vec<Placed>, Vec<Packed>)> {
    let mut files = Vec::with_capacity(new.len());
    let mut texts = Vec::new();
    for (at, file) in new.into_iter().enumerate() {
        let sheet_sha256 = match file.source {
            Source::Statement(content) => {
                sheet::check(&format!("release.files[{at}].statement"), &content)?;
                let packed = Packed::new(content).await?;
                let sha256 = packed.sha256.clone();
                texts.push(packed);
                sha256
            }
            Source::Sheet(name) => SheetName::parse("sheet", &name)?.sheet,
            Source::Both => return Err(Error::internal("a file with two texts passed the rules")),
        };
        let file = ReleaseFile { version: file.version, path: file.path, sheet_sha256 };
        files.push(Placed { at, file });
    }
    files.sort_by_cached_key(|f| Version::parse(&f.file.version));
    Ok((files, texts))
}

/// The texts that the project does not have yet. Fails for files whose sheet is in neither.
async fn missing_sheets(
    conn: &mut Conn,
    project: &str,
    files: &[Placed],
    texts: Vec<Packed>,
) -> Result<Vec<Packed>> {
    let wanted: BTreeSet<_> = files.iter().map(|f| f.file.sheet_sha256.clone()).collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let found = sheets::get_many(conn, project, &wanted).await?;
    let mut there: BTreeSet<_> = found.into_iter().map(|s| s.sha256).collect();
    let new: Vec<_> = texts.into_iter().filter(|t| there.insert(t.sha256.clone())).collect();
    let absent = files.iter().filter(|f| !there.contains(&f.file.sheet_sha256));
    let wrong: Vec<_> = absent
        .map(|f| FieldViolation {
            field: format!("release.files[{}].sheet", f.at),
            description: format!(
                "{} does not exist; create the sheet first, or send the statement",
                SheetName::new(project, &f.file.sheet_sha256)
            ),
        })
        .collect();
    if wrong.is_empty() { Ok(new) } else { Err(Error::fields(wrong)) }
}

#[cfg(test)]
impl Default for NewRelease {
    fn default() -> Self {
        Self {
            project: String::new(),
            kind: RevisionKind::Versioned,
            category: String::new(),
            files: Vec::new(),
            vcs_source: None,
            accept_changed: String::new(),
            id_template: String::new(),
            id_timezone: String::new(),
        }
    }
}
