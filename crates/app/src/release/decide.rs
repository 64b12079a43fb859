//! What a release comes to on one database. A check and a run ask the same here, so that they say the same.

use std::collections::HashMap;
use std::sync::Arc;

use base::Result;
use policy::release::{Applied, File, Level, Note, SkipReason, Steps, Terms, steps};
use sql::Reader;
use store::Conn;
use store::rows::{Database, InForce, Project, Release, RevisionKind};

/// Databases whose versions, thousands each, are in memory at once.
const TOGETHER: usize = 20;

/// What the files of a release keep to.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// What their versions are counted in.
    pub stream: String,
    pub terms: Terms,
}

/// The files, what is in force, and what follows.
pub struct Decided {
    pub steps: Steps,
    /// The versions in force on the database, of all streams.
    pub applied: Vec<InForce>,
    pub notes: Vec<Note>,
}

impl Scope {
    pub fn of(project: &Project, release: &Release) -> Self {
        let accept_changed = release.payload.accept_changed.clone();
        let out_of_order = project.payload.out_of_order;
        Self { stream: stream_of(release), terms: Terms { out_of_order, accept_changed } }
    }
}

/// The files of a release, as they are told apart.
pub fn files_of(release: &Release) -> Vec<File<'_>> {
    let files = release.payload.files.iter();
    files.map(|f| File { version: &f.version, sha256: &f.sheet_sha256 }).collect()
}

impl Decided {
    /// All files are in force with their texts: nothing runs, and there is nothing to say.
    pub const fn is_nothing(&self) -> bool {
        self.steps.run.is_empty() && self.notes.is_empty()
    }

    /// Why the release is refused on the database.
    pub fn refusals(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|note| note.level == Level::Refused)
    }
}

/// What the versions of its files are counted in. Releases of old did not keep it.
pub fn stream_of(release: &Release) -> String {
    let payload = &release.payload;
    if !payload.stream.is_empty() {
        return payload.stream.clone();
    }
    super::stream(&release.project, &release.category, payload.vcs_source.as_ref())
}

/// `texts` are those of files that are in no sheet, by their SHA-256. `reader` reads the scripts of the database's engine.
///
/// Errors: a file whose version is none.
pub async fn decide(
    conn: &mut Conn,
    files: &[File<'_>],
    texts: &HashMap<&str, Arc<str>>,
    scope: &Scope,
    database: &Database,
    reader: Option<&'static dyn Reader>,
) -> Result<Decided> {
    let id = database.id.as_str();
    let mut rows = store::revisions::in_force(conn, &[id], RevisionKind::Versioned).await?;
    decide_on(conn, files, texts, scope, rows.remove(id).unwrap_or_default(), reader).await
}

/// As [`decide`], on each of several databases, in their order; `each` gets the database's index.
pub async fn decide_each(
    conn: &mut Conn,
    files: &[File<'_>],
    texts: &HashMap<&str, Arc<str>>,
    scope: &Scope,
    databases: &[(&Database, Option<&'static dyn Reader>)],
    mut each: impl FnMut(usize, Decided),
) -> Result<()> {
    let mut at = 0;
    for some in databases.chunks(TOGETHER) {
        let ids: Vec<_> = some.iter().map(|(database, _)| &*database.id).collect();
        let mut rows = store::revisions::in_force(conn, &ids, RevisionKind::Versioned).await?;
        for (database, reader) in some {
            let rows = rows.remove(&database.id).unwrap_or_default();
            each(at, decide_on(conn, files, texts, scope, rows, *reader).await?);
            at += 1;
        }
    }
    Ok(())
}

/// As [`decide`], on a database of which is known what is in force.
async fn decide_on(
    conn: &mut Conn,
    files: &[File<'_>],
    texts: &HashMap<&str, Arc<str>>,
    scope: &Scope,
    rows: Vec<InForce>,
    reader: Option<&'static dyn Reader>,
) -> Result<Decided> {
    let applied: Vec<_> = rows
        .iter()
        .map(|r| Applied { version: &r.version, sha256: &r.sheet_sha256, stream: &r.stream })
        .collect();
    let mut steps = steps(files, &applied, &scope.stream)?;
    for skip in &mut steps.skipped {
        let Some(reader) = reader.filter(|_| skip.reason == SkipReason::Changed) else { continue };
        let (was, is) = (applied[skip.applied].sha256, files[skip.file].sha256);
        let was = text(conn, texts, was).await?;
        let is = text(conn, texts, is).await?;
        if let (Some(was), Some(is)) = (was, is)
            && sql::fingerprint::same_tokens(&was, &is, reader.rules())
        {
            skip.reason = SkipReason::Formatting;
        }
    }
    let notes = steps.notes(files, &applied, &scope.terms);
    Ok(Decided { steps, applied: rows, notes })
}

async fn text(
    conn: &mut Conn,
    texts: &HashMap<&str, Arc<str>>,
    sha256: &str,
) -> Result<Option<Arc<str>>> {
    if let Some(text) = texts.get(sha256) {
        return Ok(Some(Arc::clone(text)));
    }
    Ok(store::blobs::text(conn, sha256).await?.map(Arc::from))
}
