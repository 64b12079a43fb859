//! From the files of a commit to a release that can be made, or why there is none.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use base::id::sha256_hex;
use base::name::{DatabaseName, SheetName};
use base::pattern::script;
use base::{Code, Result};
use integrations::vcs::{Client, Entry};
use policy::release::{File, Terms, file_name};
use store::rows::{KnownFile, Project, Repository, RevisionKind, State, VcsSource};

use super::look::Looked;
use super::outcome::{End, of_host, twice};
use crate::app::App;
use crate::cx::Cx;
use crate::release::{self, Decided, NewFile, NewRelease, Prepared, Scope, Source};

/// Sentences of refusals that are shown.
const MOST_SHOWN: usize = 20;

/// A release on its way.
pub(super) struct Ready {
    pub release: Prepared,
    pub files: usize,
    /// So that none of them is fetched again.
    pub known: Vec<KnownFile>,
}

/// One file with its text, or with where it is.
struct Fetched {
    path: String,
    version: String,
    blob: String,
    sha256: String,
    /// None: it is among the project's sheets.
    text: Option<Vec<u8>>,
}

/// Stands for the files and where they go: the same again is nothing new.
pub(super) fn fingerprint(row: &Repository, taken: &[Entry]) -> String {
    let mut targets = row.payload.targets.clone();
    targets.sort();
    let files: Vec<_> = taken.iter().map(|e| [e.path.as_str(), e.blob.as_str()]).collect();
    let p = &row.payload;
    let all = serde_json::json!([p.url, p.path, p.category, targets, files]);
    sha256_hex(all.to_string().as_bytes())
}

/// Fetches what is new, and asks each target what it comes to there.
pub(super) async fn prepare(
    cx: &Cx,
    row: &Repository,
    client: &Client,
    commit_url: &str,
    looked: &mut Looked,
) -> Result<Result<Ready, End>> {
    let mut files = match fetch(&cx.app, row, client, looked).await? {
        Ok(files) => files,
        Err(end) => return Ok(Err(end)),
    };
    if files.is_empty() {
        return Ok(Err(End::nothing(
            "NO_FILES",
            "No file of the commit is named by the pattern and has a version.",
        )));
    }
    let doubles = twice(files.iter().map(|f| (f.path.as_str(), f.version.as_str())));
    if !doubles.is_empty() {
        let all = shown(doubles);
        let text = format!("{all}. Each file needs a version of its own; rename the later one.");
        return Ok(Err(End::failed("VERSION_TWICE", text)));
    }
    let source = VcsSource { kind: row.payload.kind, url: commit_url.to_owned() };
    if let Some(end) = refused_or_done(&cx.app, row, &source, &files).await? {
        return Ok(Err(end));
    }
    let known = files
        .iter()
        .map(|f| KnownFile { blob: f.blob.clone(), sheet_sha256: f.sha256.clone() })
        .collect();
    let paths: Vec<String> = files.iter().map(|f| f.path.clone()).collect();
    let new = |f: &mut Fetched| NewFile {
        version: std::mem::take(&mut f.version),
        path: std::mem::take(&mut f.path),
        source: match f.text.take() {
            Some(text) => Source::Statement(text),
            None => Source::Sheet(SheetName::new(&row.project, &f.sha256).to_string()),
        },
    };
    let release = NewRelease {
        project: row.project.clone(),
        kind: RevisionKind::Versioned,
        category: row.payload.category.clone(),
        files: files.iter_mut().map(new).collect(),
        vcs_source: Some(source),
        accept_changed: String::new(),
        id_template: String::new(),
        id_timezone: String::new(),
    };
    match release::prepare(cx, release).await {
        Ok(release) => Ok(Ok(Ready { release, files: paths.len(), known })),
        Err(e) if e.code() == Code::InvalidArgument => {
            let said = e.field_violations().iter().map(|v| named(&v.field, &v.description, &paths));
            Ok(Err(End::failed("FILES_REFUSED", format!("{}.", shown(said.collect())))))
        }
        Err(e) => Err(e),
    }
}

/// `release.files[3].path` is said by the path of that file.
fn named(field: &str, description: &str, paths: &[String]) -> String {
    let at = field.strip_prefix("release.files[").and_then(|rest| rest.split(']').next());
    let path = at.and_then(|at| paths.get(at.parse::<usize>().ok()?));
    format!("{}: {description}", path.map_or(field, String::as_str))
}

fn shown(mut sentences: Vec<String>) -> String {
    let more = sentences.len().saturating_sub(MOST_SHOWN);
    sentences.truncate(MOST_SHOWN);
    let text = sentences.join("; ");
    if more > 0 { format!("{text}; and {more} more") } else { text }
}

/// The texts that the project has not; those that it has stay where they are.
async fn fetch(
    app: &App,
    row: &Repository,
    client: &Client,
    looked: &mut Looked,
) -> Result<Result<Vec<Fetched>, End>> {
    let kept: HashMap<&str, &str> =
        row.state.files.iter().map(|f| (f.blob.as_str(), f.sheet_sha256.as_str())).collect();
    let mut known: HashMap<String, String> = HashMap::new();
    {
        let wanted: Vec<String> = kept.values().map(|sha256| (*sha256).to_owned()).collect();
        let mut conn = app.store.read().await?;
        let there = store::sheets::get_many(&mut conn, &row.project, &wanted).await?;
        let there: std::collections::HashSet<_> = there.into_iter().map(|s| s.sha256).collect();
        for (blob, sha256) in kept {
            if there.contains(sha256) {
                known.insert(blob.to_owned(), sha256.to_owned());
            }
        }
    }
    let mut wanted: Vec<Entry> =
        looked.taken.iter().filter(|e| !known.contains_key(&e.blob)).cloned().collect();
    wanted.sort_by(|a, b| a.blob.cmp(&b.blob));
    wanted.dedup_by(|a, b| a.blob == b.blob);
    let texts = match client.texts(wanted).await {
        Ok(texts) => texts,
        Err(e) => return Ok(Err(of_host(&e))),
    };
    let mut files = Vec::with_capacity(looked.taken.len());
    for entry in std::mem::take(&mut looked.taken) {
        let Ok(name) = file_name(&entry.path) else { continue };
        let version = name.version.to_owned();
        let (sha256, text) = match (known.get(&entry.blob), texts.get(&entry.blob)) {
            (Some(sha256), _) => (sha256.clone(), None),
            (None, Some(bytes)) => match script(bytes) {
                Ok([]) => {
                    looked.ignore(&entry.path, "it is empty");
                    continue;
                }
                Ok(text) => (sha256_hex(text), Some(text.to_vec())),
                Err(line) => {
                    return Ok(Err(End::failed(
                        "NOT_TEXT",
                        format!(
                            "{}:{line}: not UTF-8; convert it, for example with iconv -t UTF-8.",
                            entry.path
                        ),
                    )));
                }
            },
            (None, None) => continue,
        };
        files.push(Fetched { path: entry.path, version, blob: entry.blob, sha256, text });
    }
    Ok(Ok(files))
}

/// Why the release is not made for its targets: one refuses it, or all have it.
async fn refused_or_done(
    app: &App,
    row: &Repository,
    source: &VcsSource,
    files: &[Fetched],
) -> Result<Option<End>> {
    if row.payload.targets.is_empty() {
        return Ok(None);
    }
    let mut conn = app.store.read().await?;
    let project: Project = crate::project::of(&mut conn, &row.project).await?;
    let scope = Scope {
        stream: release::stream(&row.project, &row.payload.category, Some(source)),
        terms: Terms { out_of_order: project.payload.out_of_order, accept_changed: String::new() },
    };
    let of = |f: &Fetched| Some(Arc::from(String::from_utf8_lossy(f.text.as_deref()?)));
    let texts: HashMap<&str, Arc<str>> =
        files.iter().filter_map(|f| Some((f.sha256.as_str(), of(f)?))).collect();
    let mut ordered: Vec<&Fetched> = files.iter().collect();
    ordered.sort_by_cached_key(|f| policy::release::Version::parse(&f.version));
    let versions: Vec<_> =
        ordered.iter().map(|f| File { version: &f.version, sha256: &f.sha256 }).collect();
    let targets = &row.payload.targets;
    let names = targets.iter().map(|t| DatabaseName::parse("targets", t));
    let keys: Vec<_> = names.map(|n| n.map(|n| (n.instance, n.database))).collect::<Result<_>>()?;
    let ids: BTreeSet<_> = keys.iter().map(|(instance, _)| instance.clone()).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let instances = store::instances::get_many(&mut conn, &ids).await?;
    let found = store::databases::get_many(&mut conn, &keys).await?;
    let (mut refused, mut databases, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (instance, name)) in keys.iter().enumerate() {
        let database = found.iter().find(|d| (&d.instance, &d.name) == (instance, name));
        let database = database.filter(|d| d.state == State::Active && d.project == row.project);
        let instance = instances.iter().find(|i| i.id == *instance);
        let (Some(instance), Some(database)) = (instance, database) else {
            refused.push((at, format!("{} is no database of the project any more", targets[at])));
            continue;
        };
        databases.push((database, app.engines.get(instance.engine)?.reader(instance.engine)));
        places.push(at);
    }
    let (mut changed, mut runs) = (false, false);
    let judge = |at: usize, decided: Decided| {
        let at = places[at];
        runs |= !decided.steps.run.is_empty();
        for note in decided.refusals() {
            changed |= note.reason == "APPLIED_WITH_OTHER_CONTENT";
            let path = &ordered[note.file].path;
            refused.push((at, format!("{path} on {}: {}", targets[at], note.message)));
        }
    };
    release::decide_each(&mut conn, &versions, &texts, &scope, &databases, judge).await?;
    refused.sort_by_key(|(at, _)| *at);
    let refused: Vec<String> = refused.into_iter().map(|(_, sentence)| sentence).collect();
    if !refused.is_empty() {
        let reason = if changed { "FILE_CHANGED" } else { "TARGET_REFUSES" };
        return Ok(Some(End::failed(reason, shown(refused))));
    }
    Ok((!runs).then(|| {
        End::nothing("ALL_APPLIED", "Every file of the commit is applied on every target already.")
    }))
}
