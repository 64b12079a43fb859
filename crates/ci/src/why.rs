//! `basalt why FILE`: whether a file would run, on each database, and why not.
//!
//! What the pattern takes is known here; what a database has, and what the project makes of it, is asked of the server's own check, so
//! that this says what a rollout would do.

use std::path::Path;

use api::bytebase::v1::check_release_response::SkippedFile;
use api::bytebase::v1::{CheckReleaseRequest, CheckReleaseResponse};

use crate::check::{self, Terms};
use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::files;
use crate::findings::Findings;
use crate::platform::Platform;
use crate::settings::Given;
use crate::tell;

pub async fn why(
    env: &Environment,
    given: &Given,
    terms: &Terms,
    root: &Path,
    path: &str,
) -> Result<()> {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    if !root.join(&path).is_file() {
        let folder = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        return Err(Failure::usage(format!(
            "{path}: there is no such file, seen from {}",
            folder.display()
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
    let file = found.files.iter().find(|f| f.path == path);
    let version = file.map_or("", |f| f.version.as_str());
    tell::out(&format!("{path} is version {version}"));
    let targets = given.targets(env)?;
    let source = Platform::detect(env).source(env, root);
    let request = CheckReleaseRequest {
        parent: given.project(env)?,
        release: Some(check::release(&found.files, false, terms, source)),
        targets: targets.clone(),
        ..CheckReleaseRequest::default()
    };
    let remote = given.remote(env)?;
    let answer: CheckReleaseResponse = remote.read("ReleaseService/CheckRelease", &request).await?;
    let findings = Findings::of(&answer);
    for target in targets {
        tell::out(&format!("  {target}: {}", judge(&path, &target, &answer.skipped)));
        for finding in findings.all.iter().filter(|f| f.file == path && f.targets.contains(&target))
        {
            tell::out(&format!(
                "    {} {}: {}",
                finding.level.word(),
                finding.title,
                finding.content
            ));
        }
    }
    Ok(())
}

/// One sentence about a file on a database.
fn judge(path: &str, target: &str, skipped: &[SkippedFile]) -> String {
    let here = |s: &&SkippedFile| {
        s.file == path && (s.targets.is_empty() || s.targets.iter().any(|t| t == target))
    };
    match skipped.iter().find(here) {
        None => "would run".to_owned(),
        Some(s) if s.refused => format!("is refused ({}): {}", s.reason, s.message),
        Some(s) => format!("is skipped ({}): {}", s.reason, s.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_has_its_own_sentence() {
        let skipped = |target: &str, reason: &str, refused| SkippedFile {
            file: "a.sql".to_owned(),
            reason: reason.to_owned(),
            message: "Because.".to_owned(),
            targets: vec![target.to_owned()],
            refused,
            ..SkippedFile::default()
        };
        let all = [skipped("one", "ALREADY_APPLIED", false), skipped("two", "OUT_OF_ORDER", true)];
        assert_eq!(judge("a.sql", "one", &all), "is skipped (ALREADY_APPLIED): Because.");
        assert_eq!(judge("a.sql", "two", &all), "is refused (OUT_OF_ORDER): Because.");
        assert_eq!(judge("a.sql", "three", &all), "would run");
        assert_eq!(judge("b.sql", "one", &all), "would run");
    }
}
