//! Which file a database is, and which files of a folder are databases.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use engine::{Failure, FailureKind, Outbound};
use sql_sqlite::check_database_name;

/// The ending that the name leaves out. Others stay in the name.
const ENDING: &str = ".db";
const OTHER_ENDINGS: [&str; 2] = [".sqlite", ".sqlite3"];

/// What every SQLite file that holds anything starts with.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The folder of an instance, judged and without links.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    outbound: Outbound,
    pub path: PathBuf,
}

impl Folder {
    pub fn open(outbound: &Outbound, host: &str) -> Result<Self, Failure> {
        let path = outbound.judge_path(Path::new(host))?;
        if !path.is_dir() {
            return Err(Failure::new(
                FailureKind::Network,
                format!(
                    "{} is no folder: give the folder that holds the database files",
                    path.display()
                ),
            ));
        }
        Ok(Self { outbound: outbound.clone(), path })
    }

    /// The file of an existing database.
    pub fn existing(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.place(name)?;
        let missing = || {
            Failure::new(
                FailureKind::NoDatabase,
                format!("there is no database {name:?} in {}", self.path.display()),
            )
        };
        match path.metadata() {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(missing()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(missing()),
            Err(e) => {
                return Err(Failure::new(
                    FailureKind::Permission,
                    format!("{}: {e}", path.display()),
                ));
            }
        }
        // The file itself may be a link.
        self.outbound.judge_path(&path)
    }

    /// Where the file of a database of that name is or would be.
    pub fn place(&self, name: &str) -> Result<PathBuf, Failure> {
        check_database_name(name).map_err(|why| Failure::new(FailureKind::NoDatabase, why))?;
        let as_it_is = OTHER_ENDINGS.iter().any(|e| name.ends_with(e));
        Ok(self.path.join(if as_it_is { name.to_owned() } else { format!("{name}{ENDING}") }))
    }

    /// Names of all databases, sorted. Files that are none, and those that must not be opened, are left out.
    pub fn databases(&self) -> Result<Vec<String>, Failure> {
        let failed = |e: std::io::Error| {
            let kind = match e.kind() {
                std::io::ErrorKind::PermissionDenied => FailureKind::Permission,
                _ => FailureKind::Network,
            };
            Failure::new(kind, format!("{}: {e}", self.path.display()))
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(failed)? {
            let file = entry.map_err(failed)?.file_name();
            if let Some(name) = file.to_str().and_then(database_name)
                && self.existing(name).is_ok_and(|path| is_database(&path))
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }
}

fn database_name(file: &str) -> Option<&str> {
    let name = match file.strip_suffix(ENDING) {
        Some(name) => name,
        None => OTHER_ENDINGS.iter().any(|e| file.ends_with(e)).then_some(file)?,
    };
    // `x.sqlite.db` would be taken for the file `x.sqlite`.
    let ambiguous = file.ends_with(ENDING) && OTHER_ENDINGS.iter().any(|e| name.ends_with(e));
    (!ambiguous && check_database_name(name).is_ok()).then_some(name)
}

/// A file that cannot be read is listed by nobody.
fn is_database(path: &Path) -> bool {
    let mut start = [0; HEADER.len()];
    File::open(path).and_then(|mut f| f.read_exact(&mut start)).is_ok() && start == *HEADER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_files_go_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        let open = Folder::open(&Outbound::default(), folder.path().to_str().unwrap()).unwrap();
        let files =
            ["a.db", "b.sqlite", "c.sqlite3", "d.txt", "e.db", "f.db-wal", ".db", "g.sqlite.db"];
        for file in files {
            std::fs::write(
                folder.path().join(file),
                if file == "e.db" { &b"text"[..] } else { HEADER },
            )
            .unwrap();
        }
        std::fs::create_dir(folder.path().join("h.db")).unwrap();
        assert_eq!(open.databases().unwrap(), ["a", "b.sqlite", "c.sqlite3"]);
        for name in open.databases().unwrap() {
            assert!(open.existing(&name).is_ok(), "{name}");
        }
        for name in ["../a", "x/../a", "", "missing", "h", "a.db"] {
            assert_eq!(open.existing(name).unwrap_err().kind, FailureKind::NoDatabase, "{name:?}");
        }
    }

    #[test]
    fn our_own_files_are_not_databases_of_users() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("own.db"), HEADER).unwrap();
        std::fs::write(folder.path().join("other.db"), HEADER).unwrap();
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(folder.path().join("own.db"), link).unwrap();
        let outbound =
            Outbound { own_files: vec![folder.path().join("own.db")], ..Outbound::default() };
        let open = Folder::open(&outbound, folder.path().to_str().unwrap()).unwrap();
        assert_eq!(open.databases().unwrap(), ["other"]);
        assert_eq!(open.existing("own").unwrap_err().kind, FailureKind::Address);
        assert_eq!(open.existing("link").unwrap_err().kind, FailureKind::Address);
        assert!(Folder::open(&outbound, "relative").is_err());
    }
}
