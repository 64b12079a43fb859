//! `basalt schema export`: the schemas of databases as files, for a repository that keeps them beside its migrations.
//!
//! The text is that of the last sync, which every change ends with; the same schema gives the same text. `--check` writes nothing and
//! fails when a file is not what the database has.

use std::path::{Path, PathBuf};

use api::bytebase::v1::{
    DatabaseSchema, GetDatabaseSchemaRequest, ListDatabasesRequest, ListDatabasesResponse,
    SyncDatabaseRequest, SyncDatabaseResponse,
};

use crate::environment::Environment;
use crate::failure::{Exit, Failure, Result};
use crate::findings::counted;
use crate::output;
use crate::remote::Remote;
use crate::settings::Given;
use crate::tell;

const PAGE: i32 = 1_000;

#[derive(Debug, Clone)]
pub struct SchemaExport {
    pub given: Given,
    /// None: to standard output.
    pub out: Option<PathBuf>,
    /// Compare instead of writing.
    pub check: bool,
    /// Read the databases anew before.
    pub sync: bool,
}

pub async fn export_schema(env: &Environment, export: &SchemaExport) -> Result<Exit> {
    if export.check && export.out.is_none() {
        return Err(Failure::usage("--check compares with what is there: name it by --out"));
    }
    let remote = export.given.remote(env)?;
    let named = export.given.named_databases(env)?;
    let all = named.is_none();
    let databases = match named {
        Some(named) => named,
        None => of_project(&remote, &export.given.project(env)?).await?,
    };
    if databases.is_empty() {
        return Err(Failure::usage("the project has no database; name some by --targets"));
    }
    let places = places(&databases, export.out.as_deref(), all)?;
    let mut differ = 0;
    for (database, place) in databases.iter().zip(&places) {
        let text = schema(&remote, database, export.sync).await?;
        match (place, export.check) {
            (None, _) => tell::out(text.trim_end()),
            (Some(path), true) => differ += usize::from(!same(database, path, &text)?),
            (Some(path), false) => write(database, path, &text)?,
        }
    }
    if export.check && all {
        differ += strays(export.out.as_deref(), &places)?;
    }
    if differ > 0 {
        return Err(Failure::new(
            Exit::Failed,
            format!(
                "{}: run basalt schema export without --check, and commit what it writes",
                if differ == 1 {
                    "1 file differs".to_owned()
                } else {
                    format!("{differ} files differ")
                }
            ),
        ));
    }
    if export.check {
        tell::out(&format!("{} as the databases are", counted(databases.len(), "file")));
    }
    Ok(Exit::Done)
}

/// The databases of the project, by name.
pub async fn of_project(remote: &Remote, project: &str) -> Result<Vec<String>> {
    let request = |page_token| ListDatabasesRequest {
        parent: project.to_owned(),
        page_size: PAGE,
        page_token,
        ..ListDatabasesRequest::default()
    };
    let page = |page: ListDatabasesResponse| (page.databases, page.next_page_token);
    let databases = remote.pages("DatabaseService/ListDatabases", request, page).await?;
    let mut names: Vec<String> = databases.into_iter().map(|d| d.name).collect();
    names.sort();
    Ok(names)
}

/// Where each schema goes: one database that was named is a file, unless a folder is named; several are files of a folder.
fn places(databases: &[String], out: Option<&Path>, all: bool) -> Result<Vec<Option<PathBuf>>> {
    let Some(out) = out else {
        return match databases.len() {
            1 => Ok(vec![None]),
            n => Err(Failure::usage(format!("{n} schemas need a folder: name it by --out"))),
        };
    };
    let is_folder = out.is_dir() || out.as_os_str().to_string_lossy().ends_with('/');
    if !all && databases.len() == 1 && !is_folder {
        return Ok(vec![Some(out.to_owned())]);
    }
    if out.is_file() {
        let why = "is a file, and every database needs one: name a folder";
        return Err(Failure::usage(format!("--out {}: {why}", out.display())));
    }
    Ok(databases.iter().map(|d| Some(out.join(file_of(d)))).collect())
}

/// `{instance}/{database}.sql`, without what would lead out of the folder.
fn file_of(database: &str) -> PathBuf {
    let rest = database.split_once("instances/").map_or(database, |(_, rest)| rest);
    let (instance, name) = rest.split_once("/databases/").unwrap_or(("", rest));
    PathBuf::from(plain(instance)).join(format!("{}.sql", plain(name)))
}

fn plain(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        let is_plain = byte.is_ascii_alphanumeric()
            || b"-_".contains(&byte)
            || (byte == b'.' && !text.is_empty());
        match is_plain {
            true => text.push(char::from(byte)),
            false => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

async fn schema(remote: &Remote, database: &str, sync: bool) -> Result<String> {
    if sync {
        let request = SyncDatabaseRequest { name: database.to_owned() };
        let _: SyncDatabaseResponse = remote.make("DatabaseService/SyncDatabase", &request).await?;
    }
    let request = GetDatabaseSchemaRequest { name: format!("{database}/schema") };
    let answer: DatabaseSchema = remote.read("DatabaseService/GetDatabaseSchema", &request).await?;
    Ok(format!("{}\n", answer.schema.trim_end()))
}

fn there(path: &Path) -> Result<Option<String>> {
    match std::fs::read(path) {
        // Git may have given the lines the ends of this machine.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n"))),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Failure::usage(format!("{}: {e}", path.display()))),
    }
}

fn write(database: &str, path: &Path, text: &str) -> Result<()> {
    if there(path)?.as_deref() == Some(text) {
        tell::out(&format!("{} is as {database}", path.display()));
        return Ok(());
    }
    output::write(path, text)?;
    tell::out(&format!("wrote {} from {database}", path.display()));
    Ok(())
}

fn same(database: &str, path: &Path, text: &str) -> Result<bool> {
    let Some(was) = there(path)? else {
        tell::out(&format!("{} is missing: it is {database}", path.display()));
        return Ok(false);
    };
    if was == text {
        return Ok(true);
    }
    let line = 1 + was.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
    let shown = |text: &str| text.lines().nth(line - 1).unwrap_or("(the end)").to_owned();
    tell::out(&format!(
        "{}:{line}: differs from {database}\n  file:     {}\n  database: {}",
        path.display(),
        shown(&was),
        shown(text)
    ));
    Ok(false)
}

/// Files of the folder that are of no database.
fn strays(out: Option<&Path>, places: &[Option<PathBuf>]) -> Result<usize> {
    let Some(out) = out else { return Ok(0) };
    let mut found = 0;
    for entry in walkdir::WalkDir::new(out).sort_by_file_name() {
        let entry = entry.map_err(|e| Failure::usage(format!("{}: {e}", out.display())))?;
        let is_sql = entry.path().extension().is_some_and(|e| e == "sql");
        let is_known = places.iter().flatten().any(|place| place == entry.path());
        if entry.file_type().is_file() && is_sql && !is_known {
            tell::out(&format!(
                "{} is of no database of the project: remove it",
                entry.path().display()
            ));
            found += 1;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stays_in_its_folder_whatever_the_name() {
        for (name, file) in [
            ("instances/test/databases/shop", "test/shop.sql"),
            ("instances/a/databases/../../x", "a/%2E.%2F..%2Fx.sql"),
            ("instances/a/databases/shop.v2 é", "a/shop.v2%20%C3%A9.sql"),
        ] {
            assert_eq!(file_of(name), PathBuf::from(file), "{name}");
        }
    }

    #[test]
    fn one_that_was_named_is_a_file_and_several_are_a_folder() {
        let root = tempfile::tempdir().unwrap();
        let (file, folder) = (root.path().join("schema.sql"), root.path().join("schemas"));
        let databases: Vec<String> =
            ["a", "b"].map(|d| format!("instances/i/databases/{d}")).to_vec();
        assert_eq!(places(&databases[..1], Some(&file), false).unwrap(), [Some(file.clone())]);
        assert_eq!(
            places(&databases[..1], Some(&folder), true).unwrap(),
            [Some(folder.join("i/a.sql"))]
        );
        assert_eq!(
            places(&databases[..1], Some(root.path()), false).unwrap(),
            [Some(root.path().join("i/a.sql"))]
        );
        assert_eq!(places(&databases, Some(&folder), false).unwrap().len(), 2);
        assert!(places(&databases, None, false).is_err());
        std::fs::write(&file, "").unwrap();
        assert!(places(&databases, Some(&file), true).is_err());
    }
}
