//! `CREATE DATABASE "name"`: a statement of ours, because SQLite has none.

use base::Error;
use sql::CreateDatabase;

use crate::parse::Words;
use crate::quote_identifier;

/// File systems allow 255 bytes; the files beside a database (`.db-journal`) need some of them.
const MAX_NAME: usize = 200;

/// Whether a name can be that of a database, which is the name of its file in the instance's folder.
pub fn check_database_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(format!("give a database name of 1 to {MAX_NAME} bytes"));
    }
    if name.starts_with('.')
        || name.contains("..")
        || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
    {
        return Err(format!(
            "{name:?} cannot be a database name: leave out slashes, two dots in a row, a dot at the start and control characters"
        ));
    }
    Ok(())
}

/// The name that `CREATE DATABASE name` gives; None for every other statement.
pub fn new_database(statement: &str) -> Option<String> {
    let mut words = Words::new(statement);
    if !words.eat("CREATE") || !words.eat("DATABASE") {
        return None;
    }
    let name = words.name()?;
    words.eat_punct(b';');
    words.peek_token().is_none().then_some(name)
}

pub(crate) fn create_database(spec: &CreateDatabase) -> Result<String, Error> {
    check_database_name(&spec.name).map_err(|why| Error::field("name", why))?;
    let utf8 = spec.character_set.is_empty() || spec.character_set.eq_ignore_ascii_case("UTF-8");
    if !utf8 {
        return Err(Error::field(
            "character_set",
            "SQLite databases are made in UTF-8: leave it empty",
        ));
    }
    if !spec.collation.is_empty() {
        return Err(Error::field(
            "collation",
            "SQLite has collations of columns, not of databases: leave it empty",
        ));
    }
    if !spec.owner.is_empty() {
        return Err(Error::field("owner", "SQLite databases have no owner: leave it empty"));
    }
    Ok(format!("CREATE DATABASE {}", quote_identifier(&spec.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_file_names_and_no_paths() {
        for bad in ["", "../x", "a/b", "a\\b", "..", ".hidden", "a\0b", "a\nb", &"x".repeat(300)] {
            assert!(check_database_name(bad).is_err(), "{bad:?}");
        }
        let spec =
            |name: &str| CreateDatabase { name: name.to_owned(), ..CreateDatabase::default() };
        let sql = create_database(&spec("a \"b\" c.sqlite")).unwrap();
        assert_eq!(new_database(&sql).as_deref(), Some("a \"b\" c.sqlite"));
        assert_eq!(new_database("create table database (a)"), None);
        assert_eq!(new_database("create database a; drop table b"), None);
        let owner = CreateDatabase { owner: "me".to_owned(), ..spec("a") };
        assert_eq!(create_database(&owner).unwrap_err().field_violations()[0].field, "owner");
    }
}
