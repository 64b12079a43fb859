//! Which files are meant, which versions they have, and why the others are left out.

use std::collections::BTreeMap;
use std::path::Path;

use base::pattern::{Pattern, script};
use base::release::{Version, file_name};
use base::{Clock as _, System};
use walkdir::WalkDir;

use crate::failure::{Failure, Result};

/// Files that are left out are named, up to here.
const MOST_IGNORED: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With `/`, as the pattern names it.
    pub path: String,
    pub version: String,
    pub statement: Vec<u8>,
}

/// A file that stays behind, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    pub path: String,
    pub why: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// By their path.
    pub files: Vec<File>,
    pub ignored: Vec<Ignored>,
}

/// The files of a release: each is one version.
pub fn versioned(root: &Path, pattern: &str) -> Result<Found> {
    let looked = look(root, pattern)?;
    let mut found = Found { ignored: looked.unmatched, ..Found::default() };
    for path in looked.matched {
        match version_of(&path) {
            Err(why) => found.ignored.push(Ignored { path, why }),
            Ok(version) => {
                let statement = read(root, &path)?;
                if statement.is_empty() {
                    found.ignored.push(Ignored { path, why: "it is empty".to_owned() });
                } else {
                    found.files.push(File { path, version, statement });
                }
            }
        }
    }
    found.ignored.sort_by(|a, b| a.path.cmp(&b.path));
    unique(&found.files)?;
    Ok(found)
}

/// The files of a declarative release: together they are the schema, as of now.
pub fn declarative(root: &Path, pattern: &str, together: bool) -> Result<Found> {
    let looked = look(root, pattern)?;
    let version = now();
    let mut files = Vec::new();
    for path in looked.matched {
        let statement = read(root, &path)?;
        files.push(File { path, version: version.clone(), statement });
    }
    if together && !files.is_empty() {
        let statement =
            files.iter().map(|f| f.statement.as_slice()).collect::<Vec<_>>().join(&b'\n');
        files = vec![File { path: pattern.to_owned(), version, statement }];
    }
    Ok(Found { files, ignored: looked.unmatched })
}

/// The texts of files that a pattern names; what is no text is left out.
pub fn texts(root: &Path, pattern: &str) -> Result<Vec<String>> {
    let matched = look(root, pattern)?.matched;
    let read = |path: &String| std::fs::read(root.join(path));
    let texts = matched.iter().filter_map(|path| String::from_utf8(read(path).ok()?).ok());
    Ok(texts.collect())
}

/// The version that a file's name begins with, or why it has none, as the server reads it.
pub fn version_of(path: &str) -> Result<String, String> {
    let named = file_name(path).map(|name| name.version.to_owned());
    named.map_err(|nameless| nameless.message().to_owned())
}

/// Why the pattern takes a file or not; None when it does.
pub fn unmatched(pattern: &str, path: &str) -> Result<Option<String>> {
    let pattern = self::pattern(pattern)?;
    Ok((!pattern.takes(path)).then(|| pattern.refusal()))
}

struct Looked {
    matched: Vec<String>,
    unmatched: Vec<Ignored>,
}

fn look(root: &Path, pattern: &str) -> Result<Looked> {
    let pattern = self::pattern(pattern)?;
    let folder = root.join(pattern.folder());
    let mut looked = Looked { matched: Vec::new(), unmatched: Vec::new() };
    if !folder.exists() {
        return Ok(looked);
    }
    // A repository's own folder holds no migrations, but many files.
    let walk = WalkDir::new(&folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|e| e.file_name() != ".git");
    for entry in walk {
        let entry = entry.map_err(|e| Failure::usage(format!("{}: {e}", folder.display())))?;
        if !entry.path().is_file() {
            continue;
        }
        let path = shown(entry.path().strip_prefix(root).unwrap_or(entry.path()))?;
        if pattern.takes(&path) {
            looked.matched.push(path);
        } else if path.to_ascii_lowercase().ends_with(".sql")
            && looked.unmatched.len() < MOST_IGNORED
        {
            looked.unmatched.push(Ignored { path, why: pattern.refusal() });
        }
    }
    looked.matched.sort();
    Ok(looked)
}

fn pattern(text: &str) -> Result<Pattern> {
    Pattern::new(text).map_err(|e| Failure::usage(format!("--file-pattern {text}: {e}")))
}

fn shown(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or_else(|| {
        Failure::usage(format!("{}: the name is not UTF-8; rename the file", path.display()))
    })?;
    Ok(text.replace('\\', "/"))
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>> {
    let bytes =
        std::fs::read(root.join(path)).map_err(|e| Failure::usage(format!("{path}: {e}")))?;
    let text = script(&bytes).map_err(|line| {
        Failure::usage(format!(
            "{path}:{line}: not UTF-8; convert it, for example with iconv -t UTF-8"
        ))
    })?;
    Ok(text.to_vec())
}

/// Two files of one version are found here, where both have names: the server sees numbers of a list.
fn unique(files: &[File]) -> Result<()> {
    let mut seen: BTreeMap<Version, &str> = BTreeMap::new();
    let mut twice = Vec::new();
    for file in files {
        let Some(version) = Version::parse(&file.version) else { continue };
        if let Some(first) = seen.insert(version, &file.path) {
            twice.push(format!("  {} and {} are both version {}", first, file.path, file.version));
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    // golang-migrate keeps the way back beside each file.
    let has_ways_back = files.iter().any(|f| f.path.ends_with(".down.sql"));
    let hint = if has_ways_back { " (or take in only *.up.sql)" } else { "" };
    Err(Failure::usage(format!(
        "each file needs a version of its own; rename the later one{hint}:\n{}",
        twice.join("\n")
    )))
}

/// `20260801.120000`, in UTC.
fn now() -> String {
    let now = time::UtcDateTime::from_unix_timestamp(System.now().seconds())
        .unwrap_or(time::UtcDateTime::MIN);
    format!(
        "{:04}{:02}{:02}.{:02}{:02}{:02}",
        now.year(),
        u8::from(now.month()),
        now.day(),
        now.hour(),
        now.minute(),
        now.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_names() {
        for (path, version) in [
            ("migrations/0001_init.sql", "0001"),
            ("V1.2.10__add_column.sql", "1.2.10"),
            ("v3.sql", "3"),
            ("20260801120000-book_dml.sql", "20260801120000"),
            ("1.2", "1.2"),
            ("2.x.sql", "2"),
            ("1..2.sql", "1"),
        ] {
            assert_eq!(version_of(path).as_deref(), Ok(version), "{path}");
        }
        for path in ["README.md", "v.sql", "add_1.sql", ".5.sql"] {
            assert!(version_of(path).is_err(), "{path}");
        }
        assert!(version_of("99999999999999999999_a.sql").unwrap_err().contains("too large"));
    }

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn a_pattern_finds_files_in_order_and_names_the_others() {
        let root = tree(&[
            ("db/2/10_b.sql", "\u{feff}SELECT 2;"),
            ("db/1/2_a.sql", "SELECT 1;"),
            ("db/notes.sql", "SELECT 3;"),
            ("db/3_empty.sql", " \n"),
            ("db/old/4.SQL", "SELECT 4;"),
            ("db/.git/5.sql", "SELECT 5;"),
            ("other/6.sql", "SELECT 6;"),
        ]);
        let found = versioned(root.path(), "db/**/*.sql").unwrap();
        let files: Vec<_> =
            found.files.iter().map(|f| (f.path.as_str(), f.version.as_str())).collect();
        assert_eq!(files, [("db/1/2_a.sql", "2"), ("db/2/10_b.sql", "10")]);
        assert_eq!(found.files[1].statement, b"SELECT 2;");
        let ignored: Vec<_> =
            found.ignored.iter().map(|i| format!("{}: {}", i.path, i.why)).collect();
        assert_eq!(ignored.len(), 3, "{ignored:?}");
        assert_eq!(ignored[0], "db/3_empty.sql: it is empty");
        assert!(ignored[1].starts_with("db/notes.sql: its name does not begin"));
        assert!(ignored[2].starts_with("db/old/4.SQL: the pattern"));
    }

    #[test]
    fn braces_and_single_folders() {
        let root =
            tree(&[("a/1.sql", "x"), ("b/2.sql", "x"), ("c/3.sql", "x"), ("a/d/4.sql", "x")]);
        let paths = |pattern| -> Vec<String> {
            versioned(root.path(), pattern).unwrap().files.into_iter().map(|f| f.path).collect()
        };
        assert_eq!(paths("{a,b}/*.sql"), ["a/1.sql", "b/2.sql"]);
        assert_eq!(paths("./a/*.sql"), ["a/1.sql"]);
        assert_eq!(paths("**/*.sql").len(), 4);
        assert_eq!(paths("nowhere/*.sql"), [""; 0]);
        assert!(versioned(root.path(), "a/[").is_err());
    }

    #[test]
    fn two_files_of_one_version_are_named() {
        let root = tree(&[("1.2_a.sql", "x"), ("01.2_b.sql", "x")]);
        let said = versioned(root.path(), "*.sql").unwrap_err().message;
        assert!(said.contains("01.2_b.sql and 1.2_a.sql"), "{said}");
    }

    #[test]
    fn what_is_not_text_is_named_with_its_line() {
        let root = tree(&[]);
        std::fs::write(root.path().join("1.sql"), b"SELECT 1;\n\xff").unwrap();
        assert!(
            versioned(root.path(), "*.sql").unwrap_err().message.starts_with("1.sql:2: not UTF-8")
        );
    }

    #[test]
    fn a_schema_is_one_file_when_it_is_rolled_out() {
        let root = tree(&[("a.sql", "A"), ("b.sql", "B")]);
        assert_eq!(declarative(root.path(), "*.sql", false).unwrap().files.len(), 2);
        let one = declarative(root.path(), "*.sql", true).unwrap().files;
        assert_eq!(
            (one[0].path.as_str(), one[0].statement.as_slice()),
            ("*.sql", b"A\nB".as_slice())
        );
        assert!(Version::parse(&one[0].version).is_some(), "{}", one[0].version);
    }
}
