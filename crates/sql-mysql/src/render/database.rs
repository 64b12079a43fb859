//! CREATE DATABASE from what the caller wishes.

use base::Error;
use sql::CreateDatabase;

use crate::quote_identifier;

/// The server's own limit, in characters.
const MAX_NAME: usize = 64;

pub(crate) fn create_database(spec: &CreateDatabase) -> Result<String, Error> {
    let name = &spec.name;
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::field(
            "name",
            format!("give a database name of 1 to {MAX_NAME} characters"),
        ));
    }
    if name.ends_with(' ')
        || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | '\u{10000}'..))
    {
        return Err(Error::field(
            "name",
            format!(
                "{name:?} cannot be a database name: leave out slashes, control characters and a blank at the end"
            ),
        ));
    }
    if !spec.owner.is_empty() {
        return Err(Error::field(
            "owner",
            "databases of the MySQL family have no owner: leave it empty",
        ));
    }
    let mut sql = format!("CREATE DATABASE {}", quote_identifier(name));
    for (field, clause, value) in [
        ("character_set", "CHARACTER SET", &spec.character_set),
        ("collation", "COLLATE", &spec.collation),
    ] {
        if value.is_empty() {
            continue;
        }
        if value.len() > 64 || !value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            let example = if field == "collation" { "utf8mb4_unicode_ci" } else { "utf8mb4" };
            return Err(Error::field(
                field,
                format!("{value:?} is no name of one: give one such as {example}"),
            ));
        }
        sql += &format!(" {clause} {value}");
    }
    Ok(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(
        name: &str,
        character_set: &str,
        collation: &str,
        owner: &str,
    ) -> Result<String, Error> {
        create_database(&CreateDatabase {
            name: name.to_owned(),
            character_set: character_set.to_owned(),
            collation: collation.to_owned(),
            owner: owner.to_owned(),
        })
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        assert_eq!(
            make("a`b", "utf8mb4", "utf8mb4_bin", "").unwrap(),
            "CREATE DATABASE `a``b` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        );
        let field = |r: Result<String, Error>| r.unwrap_err().field_violations()[0].field.clone();
        assert_eq!(field(make("", "", "", "")), "name");
        assert_eq!(field(make("a/b", "", "", "")), "name");
        assert_eq!(field(make("a", "utf8; drop", "", "")), "character_set");
        assert_eq!(field(make("a", "", "x y", "")), "collation");
        assert_eq!(field(make("a", "", "", "me")), "owner");
    }
}
