//! Which files the changes of all databases make: one for the same text on several, in the order in which they first ran.

use std::collections::{BTreeMap, BTreeSet};

use base::Time;
use base::release::Version;

use super::history::Change;
use crate::files::File;

/// Longest description in a name, in characters.
const LONGEST: usize = 60;

/// A file, and the databases that have what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub file: File,
    /// Whether the folder lacks it.
    pub is_new: bool,
    pub databases: BTreeSet<String>,
}

/// A text that ran on databases, for the n-th time on each.
struct Group {
    at: Time,
    title: String,
    statement: Vec<u8>,
    nth: usize,
    databases: BTreeSet<String>,
}

/// In the order of versions. A text that a file of the folder has is that file: the n-th time it ran, the n-th such file.
pub fn plan(folder: &str, changes: Vec<Change>, there: &[File]) -> Vec<Planned> {
    let mut known: BTreeMap<&[u8], Vec<&File>> = BTreeMap::new();
    for file in there {
        known.entry(&file.statement).or_default().push(file);
    }
    for files in known.values_mut() {
        files.sort_by_cached_key(|f| Version::parse(&f.version));
    }
    let mut taken: BTreeSet<Version> =
        there.iter().filter_map(|f| Version::parse(&f.version)).collect();
    let mut planned = Vec::new();
    for group in groups(changes) {
        let same = known.get(group.statement.as_slice()).and_then(|files| files.get(group.nth));
        let (file, is_new) = match same {
            Some(file) => ((*file).clone(), false),
            None => (new_file(folder, &group, &mut taken), true),
        };
        planned.push(Planned { file, is_new, databases: group.databases });
    }
    planned.sort_by_cached_key(|p| Version::parse(&p.file.version));
    planned
}

fn groups(changes: Vec<Change>) -> Vec<Group> {
    let mut seen: BTreeMap<(String, Vec<u8>), usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for change in changes {
        let Change { database, at, title, statement } = change;
        let count = seen.entry((database.clone(), statement.clone())).or_default();
        let nth = *count;
        *count += 1;
        let group = match groups.iter_mut().find(|g| g.nth == nth && g.statement == statement) {
            Some(group) => group,
            None => {
                groups.push(Group {
                    at,
                    title: title.clone(),
                    statement,
                    nth,
                    databases: BTreeSet::new(),
                });
                let last = groups.len() - 1;
                &mut groups[last]
            }
        };
        group.databases.insert(database);
        if at < group.at {
            (group.at, group.title) = (at, title);
        }
    }
    groups.sort_by_key(|group| group.at);
    groups
}

/// `<folder>/<time of the first run>_<title of the plan>.sql`
fn new_file(folder: &str, group: &Group, taken: &mut BTreeSet<Version>) -> File {
    let digits: String =
        group.at.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    // Two in one second: 20260801120000, 20260801120000.1
    let mut version = digits.clone();
    let mut more = 0;
    while let Some(parsed) = Version::parse(&version) {
        if taken.insert(parsed) {
            break;
        }
        more += 1;
        version = format!("{digits}.{more}");
    }
    let words = words(&group.title);
    let path = format!("{folder}/{version}{}{words}.sql", if words.is_empty() { "" } else { "_" });
    File { path, version, statement: group.statement.clone() }
}

fn words(title: &str) -> String {
    let mut text = String::new();
    for c in title.chars().take(LONGEST) {
        if c.is_ascii_alphanumeric() {
            text.push(c.to_ascii_lowercase());
        } else if !text.is_empty() && !text.ends_with('_') {
            text.push('_');
        }
    }
    text.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(database: &str, second: i64, title: &str, sql: &str) -> Change {
        Change {
            database: database.to_owned(),
            at: Time::from_parts(second, 0),
            title: title.to_owned(),
            statement: sql.as_bytes().to_vec(),
        }
    }

    fn shown(planned: &[Planned]) -> Vec<String> {
        let on = |p: &Planned| p.databases.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        planned
            .iter()
            .map(|p| format!("{}{} {}", p.file.path, if p.is_new { "" } else { " there" }, on(p)))
            .collect()
    }

    #[test]
    fn one_text_on_several_databases_is_one_file_and_twice_on_one_is_two() {
        let history = vec![
            change("a", 5, "Add books!", "B"),
            change("a", 5, "Fill", "F"),
            change("a", 9, "Fill", "F"),
            change("b", 3, "Add the books", "B"),
            change("b", 20, "Fill", "F"),
        ];
        let first = plan("db", history.clone(), &[]);
        assert_eq!(
            shown(&first),
            [
                "db/19700101000003_add_the_books.sql a,b",
                "db/19700101000005_fill.sql a,b",
                "db/19700101000009_fill.sql a"
            ]
        );
        // Once more, with the files there, whatever they are called now.
        let mut there: Vec<File> = first.into_iter().map(|p| p.file).collect();
        there[0].path = "db/19700101000003_renamed.sql".to_owned();
        let again = plan("db", history, &there);
        assert!(again.iter().all(|p| !p.is_new), "{again:?}");
        assert_eq!(again[0].file.path, "db/19700101000003_renamed.sql");
    }

    #[test]
    fn versions_of_one_second_are_told_apart() {
        let history = vec![change("a", 5, "", "A"), change("a", 5, "x", "B")];
        assert_eq!(
            shown(&plan("db", history, &[])),
            ["db/19700101000005.sql a", "db/19700101000005.1_x.sql a"]
        );
    }
}
