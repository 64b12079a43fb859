//! Versions that databases have already: which of them are new to Basalt, and marking those as applied.

use std::collections::BTreeMap;

use api::bytebase::v1::revision::Type;
use api::bytebase::v1::{
    BatchCreateRevisionsRequest, BatchCreateRevisionsResponse, BatchCreateSheetsRequest,
    BatchCreateSheetsResponse, CreateRevisionRequest, CreateSheetRequest, ListRevisionsRequest,
    ListRevisionsResponse, Revision, Sheet,
};
use base::id::sha256_hex;
use base::release::Version;

use crate::failure::Result;
use crate::files::File;
use crate::remote::Remote;

/// Versions, and sheets, of one call.
const MOST_REVISIONS: usize = 1_000;
const MOST_SHEETS: usize = 100;
const MOST_BYTES: usize = 8 << 20;
const PAGE: i32 = 1_000;

/// A version that a database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub version: String,
    /// Index of its file; None when no file has the version.
    pub file: Option<usize>,
    /// For people; may be empty.
    pub note: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    New,
    /// It is marked.
    There,
    /// It is marked with another text.
    Differs,
}

impl State {
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::There => "THERE",
            Self::Differs => "DIFFERS",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Step {
    pub mark: Mark,
    /// Of the file; empty without one.
    pub sha256: String,
    pub state: State,
}

/// The marks, each with what Basalt has of it.
pub async fn steps(
    remote: &Remote,
    target: &str,
    marks: Vec<Mark>,
    files: &[File],
    stream: &str,
) -> Result<Vec<Step>> {
    let there = there(remote, target, stream).await?;
    let step = |mark: Mark| {
        let sha256 = mark.file.map_or_else(String::new, |at| sha256_hex(&files[at].statement));
        let state = match Version::parse(&mark.version).and_then(|v| there.get(&v)) {
            None => State::New,
            Some(was) if was.is_empty() || sha256.is_empty() || *was == sha256 => State::There,
            Some(_) => State::Differs,
        };
        Step { mark, sha256, state }
    };
    Ok(marks.into_iter().map(step).collect())
}

/// The versions in force in the stream, each with the hash of its text.
async fn there(remote: &Remote, target: &str, stream: &str) -> Result<BTreeMap<Version, String>> {
    let request = |page_token| ListRevisionsRequest {
        parent: target.to_owned(),
        page_size: PAGE,
        page_token,
        ..ListRevisionsRequest::default()
    };
    let page = |page: ListRevisionsResponse| (page.revisions, page.next_page_token);
    let all: Vec<Revision> = remote.pages("RevisionService/ListRevisions", request, page).await?;
    let counts = |r: &Revision| r.stream.is_empty() || r.stream == stream;
    let version = |r: Revision| Some((Version::parse(&r.version)?, r.sheet_sha256));
    Ok(all.into_iter().filter(counts).filter_map(version).collect())
}

/// Writes those that are new.
pub async fn write(
    remote: &Remote,
    project: &str,
    target: &str,
    steps: &[Step],
    files: &[File],
    stream: &str,
) -> Result<()> {
    let new: Vec<&Step> = steps.iter().filter(|s| s.state == State::New).collect();
    let texts = new.iter().filter_map(|s| s.mark.file).map(|at| files[at].statement.as_slice());
    make_sheets(remote, project, texts).await?;
    for some in new.chunks(MOST_REVISIONS) {
        let request = BatchCreateRevisionsRequest {
            parent: target.to_owned(),
            requests: some.iter().map(|step| request(project, step, files, stream)).collect(),
        };
        let _: BatchCreateRevisionsResponse =
            remote.make("RevisionService/BatchCreateRevisions", &request).await?;
    }
    Ok(())
}

fn request(project: &str, step: &Step, files: &[File], stream: &str) -> CreateRevisionRequest {
    let path = step.mark.file.map_or_else(String::new, |at| files[at].path.clone());
    let sheet = match step.sha256.as_str() {
        "" => String::new(),
        sha256 => format!("{project}/sheets/{sha256}"),
    };
    let revision = Revision {
        version: step.mark.version.clone(),
        file: path,
        sheet,
        stream: stream.to_owned(),
        r#type: Type::Versioned.into(),
        ..Revision::default()
    };
    CreateRevisionRequest { parent: String::new(), revision: Some(revision) }
}

/// The same text is the same sheet, so that to send it twice does no harm.
async fn make_sheets<'a>(
    remote: &Remote,
    project: &str,
    texts: impl Iterator<Item = &'a [u8]>,
) -> Result<()> {
    let mut some: Vec<CreateSheetRequest> = Vec::new();
    let mut bytes = 0;
    let mut texts = texts.peekable();
    while let Some(text) = texts.next() {
        let sheet = Sheet { content: text.to_vec(), ..Sheet::default() };
        some.push(CreateSheetRequest { parent: project.to_owned(), sheet: Some(sheet) });
        bytes += text.len();
        if some.len() == MOST_SHEETS || bytes >= MOST_BYTES || texts.peek().is_none() {
            let requests = std::mem::take(&mut some);
            bytes = 0;
            let request = BatchCreateSheetsRequest { parent: project.to_owned(), requests };
            let _: BatchCreateSheetsResponse =
                remote.read("SheetService/BatchCreateSheets", &request).await?;
        }
    }
    Ok(())
}
