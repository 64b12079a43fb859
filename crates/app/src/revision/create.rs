//! Marks versions as applied without running them: a baseline.

use std::collections::{BTreeSet, HashSet};

use base::name::{DatabaseName, SheetName};
use base::{Error, FieldViolation, Result};
use policy::release::Version;
use store::rows::{Database, Revision, RevisionKind};
use store::{Conn, revisions, sheets};

use super::read::{RevisionView, view};
use crate::cx::Cx;
use crate::database::load_active;

const MOST: usize = 1_000;

/// A version to mark.
#[derive(Debug, Clone)]
pub struct NewRevision {
    /// The database; empty for that of the batch.
    pub parent: String,
    pub kind: RevisionKind,
    /// As that of a release; empty: it counts in every stream.
    pub stream: String,
    pub version: String,
    /// Path of the file, for people.
    pub file: String,
    /// `projects/{project}/sheets/{sha256}`, or empty when the text is not known.
    pub sheet: String,
    /// Not to be said by callers.
    pub release: String,
    /// Not to be said by callers.
    pub task_run: String,
}

/// All of them, or none. A version that is applied already fails the whole.
pub async fn batch_create(
    cx: &Cx,
    parent: &str,
    new: Vec<NewRevision>,
) -> Result<Vec<RevisionView>> {
    let name = DatabaseName::parse("parent", parent)?;
    if new.is_empty() || new.len() > MOST {
        return Err(Error::field("requests", format!("mark 1 to {MOST} versions at once")));
    }
    let wrong: Vec<_> =
        new.iter().enumerate().flat_map(|(i, n)| violations(i, parent, n)).collect();
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let mut tx = cx.app.store.begin().await?;
    let database = load_active(&mut tx, &name).await?;
    let wrong: Vec<_> = new
        .iter()
        .enumerate()
        .filter(|(_, n)| !is_stream_of(&n.stream, &database.project))
        .map(|(i, _)| FieldViolation {
            field: format!("requests[{i}].revision.stream"),
            description: format!(
                "leave it empty, or name a stream of the database's project: projects/{0}, projects/{0}/categories/{{category}} or projects/{0}/repositories/{{host and path}}",
                database.project
            ),
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Error::fields(wrong));
    }
    let texts = texts(&mut tx, &database, &new).await?;
    let mut made = Vec::with_capacity(new.len());
    for (one, sheet_sha256) in new.into_iter().zip(texts) {
        let row = row(cx, &database, one, sheet_sha256);
        revisions::insert(&mut tx, &row).await?;
        made.push(view(&database, row));
    }
    super::tell(&cx.app, &mut tx, &name.instance, &name.database).await?;
    tx.commit().await?;
    Ok(made)
}

/// SHA-256 of the text of each, empty where none is named: sheets of the database's project that are there.
async fn texts(tx: &mut Conn, database: &Database, new: &[NewRevision]) -> Result<Vec<String>> {
    let mut named = Vec::with_capacity(new.len());
    for (at, one) in new.iter().enumerate() {
        let field = format!("requests[{at}].revision.sheet");
        if one.sheet.is_empty() {
            named.push(String::new());
            continue;
        }
        let sheet = SheetName::parse(&field, &one.sheet)?;
        if sheet.project != database.project {
            return Err(Error::field(field, "name a sheet of the database's project"));
        }
        named.push(sheet.sheet);
    }
    let wanted: BTreeSet<_> = named.iter().filter(|sha256| !sha256.is_empty()).cloned().collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let found = sheets::get_many(tx, &database.project, &wanted).await?;
    let found: HashSet<_> = found.into_iter().map(|sheet| sheet.sha256).collect();
    match wanted.iter().find(|sha256| !found.contains(*sha256)) {
        Some(missing) => Err(Error::not_found(SheetName::new(&database.project, missing))),
        None => Ok(named),
    }
}

fn row(cx: &Cx, database: &Database, new: NewRevision, sheet_sha256: String) -> Revision {
    Revision {
        id: cx.app.new_id(),
        database_id: database.id.clone(),
        kind: new.kind,
        stream: new.stream,
        version: new.version,
        file: new.file,
        release: String::new(),
        sheet: new.sheet,
        sheet_sha256,
        task_run: String::new(),
        creator: cx.caller.name().unwrap_or_default(),
        created_at: cx.app.now(),
        deleter: String::new(),
        deleted_at: None,
        delete_reason: String::new(),
    }
}

fn is_stream_of(stream: &str, project: &str) -> bool {
    let Some(rest) = stream.strip_prefix("projects/") else { return stream.is_empty() };
    let Some(rest) = rest.strip_prefix(project) else { return false };
    let named = |kind: &str| rest.strip_prefix(kind).is_some_and(|name| !name.is_empty());
    let is_line = stream.len() <= 1_000 && !stream.chars().any(char::is_control);
    is_line && (rest.is_empty() || named("/categories/") || named("/repositories/"))
}

fn violations(at: usize, parent: &str, new: &NewRevision) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: &str, what: &str| {
        if !ok {
            let field = format!("requests[{at}].{field}");
            found.push(FieldViolation { field, description: what.to_owned() });
        }
    };
    need(
        new.parent.is_empty() || new.parent == parent,
        "parent",
        "leave it empty, or name the database of the batch",
    );
    need(
        Version::parse(&new.version).is_some(),
        "revision.version",
        "use whole numbers separated by dots, e.g. 1.2.10",
    );
    let file = &new.file;
    need(
        file.len() <= 1_000 && !file.chars().any(char::is_control),
        "revision.file",
        "use a path of at most 1000 bytes",
    );
    need(
        new.release.is_empty(),
        "revision.release",
        "releases say this themselves; leave it empty",
    );
    need(
        new.task_run.is_empty(),
        "revision.task_run",
        "task runs say this themselves; leave it empty",
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_one_of_the_project() {
        for good in ["", "projects/p", "projects/p/categories/web", "projects/p/repositories/h/a/b"]
        {
            assert!(is_stream_of(good, "p"), "{good}");
        }
        for bad in ["x", "projects/q", "projects/pq", "projects/p/", "projects/p/categories/"] {
            assert!(!is_stream_of(bad, "p"), "{bad}");
        }
    }

    #[test]
    fn each_mistake_names_its_field() {
        let new = NewRevision {
            parent: "instances/a/databases/c".into(),
            kind: RevisionKind::Versioned,
            stream: String::new(),
            version: "v1".into(),
            file: "a\nb".into(),
            sheet: String::new(),
            release: "projects/p/releases/r".into(),
            task_run: "x".into(),
        };
        let fields: Vec<_> =
            violations(3, "instances/a/databases/b", &new).into_iter().map(|v| v.field).collect();
        let expected = [
            "parent",
            "revision.version",
            "revision.file",
            "revision.release",
            "revision.task_run",
        ];
        assert_eq!(fields, expected.map(|f| format!("requests[3].{f}")));
    }
}
