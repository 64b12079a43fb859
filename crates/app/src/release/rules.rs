//! The rules that a new release keeps. Pure: that named sheets exist is checked elsewhere.

use std::collections::BTreeMap;

use base::name::SheetName;
use base::{Error, FieldViolation, Reason, Result};
use policy::release::{Version, file_name};
use store::rows::{RevisionKind, VcsSource};

use super::create::{NewFile, NewRelease, Source};

/// Most files in one release.
pub const MOST_FILES: usize = 10_000;
/// More violations than this help nobody.
pub const MOST_VIOLATIONS: usize = 20;
/// Longest path of a file and URL of a source, in bytes.
const LONGEST: usize = 1_000;
const LONGEST_CATEGORY: usize = 100;
const LONGEST_REASON: usize = 500;

/// Refuses what this version cannot roll out.
pub fn can_be(kind: RevisionKind) -> Result<()> {
    match kind {
        RevisionKind::Versioned => Ok(()),
        RevisionKind::Declarative => Err(Error::new(
            Reason::NotImplemented,
            "release.type: declarative releases need the comparison of schemas, which is missing in this version; send VERSIONED files, one for each change",
        )),
    }
}

/// Takes the `v` from versions, and reads those that are not given from the names.
pub fn read_versions(files: &mut [NewFile]) {
    for file in files {
        if let Some(number) = file.version.strip_prefix(['v', 'V']) {
            file.version = number.to_owned();
        } else if file.version.is_empty()
            && let Ok(name) = file_name(&file.path)
        {
            file.version = name.version.to_owned();
        }
    }
}

/// Everything that is wrong with the release, each with its field.
pub fn violations(new: &NewRelease) -> Vec<FieldViolation> {
    let mut found = Vec::new();
    let mut need = |ok: bool, field: &str, description: &str| {
        if !ok {
            let field = format!("release.{field}");
            found.push(FieldViolation { field, description: description.to_owned() });
        }
    };
    need(
        is_line(&new.category) && new.category.chars().count() <= LONGEST_CATEGORY,
        "category",
        "use at most 100 characters in one line",
    );
    need(
        is_line(&new.accept_changed) && new.accept_changed.chars().count() <= LONGEST_REASON,
        "accept_changed",
        "say in at most 500 characters in one line why files differ from what was applied",
    );
    need(!new.files.is_empty(), "files", "add at least one file");
    need(
        new.files.len() <= MOST_FILES,
        "files",
        "at most 10000 files fit in one release; send the oldest in a release of their own first",
    );
    let mut versions = BTreeMap::new();
    for (i, file) in new.files.iter().take(MOST_FILES).enumerate() {
        for (field, description) in file_violations(new, file) {
            need(false, &format!("files[{i}].{field}"), &description);
        }
        let Some(version) = Version::parse(&file.version) else { continue };
        if let Some(first) = versions.insert(version, i) {
            let text =
                format!("files[{first}] has this version too; each file needs one of its own");
            need(false, &format!("files[{i}].version"), &text);
        }
    }
    found.extend(link(new.vcs_source.as_ref()));
    found
}

/// What is wrong with where the files are said to come from.
pub fn link(source: Option<&VcsSource>) -> Vec<FieldViolation> {
    let url = source.map_or("", |s| s.url.as_str());
    let is_web = url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
    let description = if !is_web {
        "use an address that starts with https:// or http://"
    } else if !is_line(url) || url.len() > LONGEST {
        "use an address of at most 1000 bytes in one line"
    } else {
        return Vec::new();
    };
    let field = "release.vcs_source.url".to_owned();
    vec![FieldViolation { field, description: description.to_owned() }]
}

fn file_violations(new: &NewRelease, file: &NewFile) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut say = |field, description: &str| found.push((field, description.to_owned()));
    if Version::parse(&file.version).is_none() {
        match file_name(&file.path) {
            Err(why) if file.version.is_empty() && !file.path.is_empty() => {
                say("version", &format!("none is given, and {}: {}", file.path, why.message()));
            }
            _ => say("version", "use whole numbers separated by dots, e.g. 1.2.10 or v1.2.10"),
        }
    }
    if !is_line(&file.path) || file.path.len() > LONGEST {
        say("path", "use a path of at most 1000 bytes in one line");
    }
    match &file.source {
        Source::Statement(text) if text.is_empty() => {
            say("statement", "give the SQL of the file, or the name of its sheet");
        }
        Source::Statement(_) => {}
        Source::Sheet(name) => {
            if !SheetName::parse("sheet", name).is_ok_and(|s| s.project == new.project) {
                let text = "name a sheet of this project as projects/{project}/sheets/{sha256}";
                say("sheet", text);
            }
        }
        Source::Both => say("sheet", "give either the statement or the sheet, not both"),
    }
    found
}

fn is_line(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use store::rows::{VcsKind, VcsSource};

    use super::*;

    fn file(version: &str) -> NewFile {
        NewFile {
            version: version.into(),
            path: "a.sql".into(),
            source: Source::Statement(b"SELECT 1".to_vec()),
        }
    }

    fn release(files: Vec<NewFile>) -> NewRelease {
        NewRelease { project: "shop".into(), files, ..NewRelease::default() }
    }

    fn fields(new: &NewRelease) -> Vec<String> {
        violations(new).into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn a_good_release_has_none() {
        let mut new = release(vec![file("1.10"), file("1.2"), file("1.2.0")]);
        new.files[0].source = Source::Sheet(format!("projects/shop/sheets/{}", "0".repeat(64)));
        new.category = "web".into();
        new.vcs_source =
            Some(VcsSource { kind: VcsKind::Github, url: "https://example.com/pull/1".into() });
        assert_eq!(fields(&new), [""; 0]);
    }

    #[test]
    fn each_mistake_names_its_field() {
        assert_eq!(fields(&release(vec![])), ["release.files"]);
        assert_eq!(fields(&release(vec![file("1"); MOST_FILES + 1]))[0], "release.files");
        let mut new = release(vec![file("1.x"), file("1"), file("1"), file("2"), file("3")]);
        new.accept_changed = "a\nb".into();
        new.category = "a\nb".into();
        new.vcs_source =
            Some(VcsSource { kind: VcsKind::Gitlab, url: "javascript:alert(1)".into() });
        new.files[1].path = "a\u{1b}.sql".into();
        new.files[2].source = Source::Statement(Vec::new());
        new.files[3].source = Source::Sheet("projects/other/sheets/ab".into());
        new.files[4].source = Source::Both;
        let expected = [
            "category",
            "accept_changed",
            "files[0].version",
            "files[1].path",
            "files[2].statement",
            "files[2].version",
            "files[3].sheet",
            "files[4].sheet",
            "vcs_source.url",
        ];
        assert_eq!(fields(&new), expected.map(|f| format!("release.{f}")));
    }

    #[test]
    fn a_version_is_read_from_the_name() {
        let mut files = vec![file(""), file(""), file("v3")];
        files[0].path = "db/V1.2__add_orders_dml.sql".into();
        files[1].path = "db/readme.sql".into();
        read_versions(&mut files);
        let versions: Vec<_> = files.iter().map(|f| f.version.as_str()).collect();
        assert_eq!(versions, ["1.2", "", "3"]);
        let found = violations(&release(files));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].field, "release.files[1].version");
        assert!(found[0].description.contains("db/readme.sql: its name"), "{found:?}");
    }

    #[test]
    fn declarative_releases_are_said_to_be_missing() {
        let refused = can_be(RevisionKind::Declarative).unwrap_err();
        assert_eq!(refused.code().as_str(), "unimplemented");
        assert!(refused.message().contains("comparison of schemas"), "{refused}");
    }

    #[test]
    fn one_version_written_in_two_ways_is_one_version() {
        let found = violations(&release(vec![file("1.2"), file("2"), file("01.2")]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].field, "release.files[2].version");
        assert!(found[0].description.contains("files[0]"), "{}", found[0].description);
    }
}
