//! `basalt why FILE`: whether a file would run, on each database, and why not.

use std::path::Path;

use api::bytebase::v1::{ListRevisionsRequest, ListRevisionsResponse, Revision, revision};
use base::Time;
use sha2::{Digest as _, Sha256};

use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::files::{self, File};
use crate::remote::Remote;
use crate::settings::Given;
use crate::tell;

const PAGE: i32 = 1_000;
/// More revisions than this are not looked through.
const MOST_PAGES: usize = 100;

pub async fn why(env: &Environment, given: &Given, root: &Path, path: &str) -> Result<()> {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    if !root.join(&path).is_file() {
        return Err(Failure::usage(format!(
            "{path}: there is no such file, seen from {}",
            root.display()
        )));
    }
    let pattern = given.pattern(env)?;
    if let Some(why) = files::unmatched(&pattern, &path)? {
        tell::out(&format!("{path} is left out: {why}"));
        return Ok(());
    }
    let found = files::versioned(root, &pattern)?;
    if let Some(ignored) = found.ignored.iter().find(|i| i.path == path) {
        tell::out(&format!("{path} is left out: {}", ignored.why));
        return Ok(());
    }
    let file = found.files.into_iter().find(|f| f.path == path);
    let file = file.ok_or_else(|| {
        Failure::usage(format!("{path} is a folder or a link that leads nowhere"))
    })?;
    tell::out(&format!("{path} is version {} of {pattern}", file.version));
    let targets = given.targets(env)?;
    let remote = given.remote(env)?;
    for target in targets {
        if target.contains("/databaseGroups/") {
            tell::out(&format!("  {target}: name one database of the group to see what it has"));
            continue;
        }
        let revisions = revisions(&remote, &target).await?;
        tell::out(&format!("  {target}: {}", judge(&file, &revisions)));
    }
    Ok(())
}

async fn revisions(remote: &Remote, target: &str) -> Result<Vec<Revision>> {
    let mut all: Vec<Revision> = Vec::new();
    let mut token = String::new();
    for _ in 0..MOST_PAGES {
        let request = ListRevisionsRequest {
            parent: target.to_owned(),
            page_size: PAGE,
            page_token: token,
            ..ListRevisionsRequest::default()
        };
        let page: ListRevisionsResponse =
            remote.read("RevisionService/ListRevisions", &request).await?;
        all.extend(page.revisions);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// One sentence about a file on a database that has these revisions.
fn judge(file: &File, revisions: &[Revision]) -> String {
    let is_live =
        |r: &&Revision| r.delete_time.is_none() && r.r#type() != revision::Type::Declarative;
    let live: Vec<&Revision> = revisions.iter().filter(is_live).collect();
    let version = files::parts(&file.version);
    let of = |r: &Revision| files::parts(r.version.strip_prefix(['v', 'V']).unwrap_or(&r.version));
    if let Some(applied) = live.iter().find(|r| of(r) == version) {
        let when = applied.create_time.as_ref().map_or_else(String::new, |t| {
            format!(" since {}", Time::from_parts(t.seconds, t.nanos))
        });
        let by = if applied.release.is_empty() {
            String::new()
        } else {
            format!(", by {}", applied.release)
        };
        return match applied.sheet_sha256 == hex::encode(Sha256::digest(&file.statement)) {
            true => format!("is skipped: this version is applied{when}{by}"),
            false => format!(
                "is not run: this version is applied{when}{by} with another text ({}); give what is new a version of its own",
                if applied.file.is_empty() { "of no file" } else { &applied.file }
            ),
        };
    }
    match live.iter().filter_map(|r| of(r)).max() {
        Some(newest) if Some(&newest) > version.as_ref() => {
            let newest = newest.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
            format!(
                "is not applied, although the later version {newest} is: it would run out of order"
            )
        }
        _ => "would run: this version is not applied".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: &str) -> File {
        File {
            path: "a.sql".to_owned(),
            version: version.to_owned(),
            statement: b"SELECT 1;".to_vec(),
        }
    }

    fn revision(version: &str, text: &str) -> Revision {
        Revision {
            version: version.to_owned(),
            sheet_sha256: hex::encode(Sha256::digest(text)),
            file: "old.sql".to_owned(),
            ..Revision::default()
        }
    }

    #[test]
    fn each_case_has_its_sentence() {
        let applied = [revision("2", "SELECT 1;"), revision("v3.1", "SELECT 2;")];
        for (version, says) in [
            ("002", "is skipped"),
            ("3.1", "with another text (old.sql)"),
            ("3", "the later version 3.1 is"),
            ("4", "would run"),
        ] {
            let told = judge(&file(version), &applied);
            assert!(told.contains(says), "{version}: {told}");
        }
        assert!(judge(&file("1"), &[]).contains("would run"));
    }
}
