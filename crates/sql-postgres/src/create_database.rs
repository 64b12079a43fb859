//! CREATE DATABASE from wishes.

use base::Error;
use sql::CreateDatabase;

use crate::quote::{identifier, literal};

/// Longest identifier, in bytes, of a server as it is normally built.
const MAX_NAME: usize = 63;

/// A character set or collation of its own needs `template0`: any other template may hold text of another kind.
pub fn create_database(spec: &CreateDatabase) -> Result<String, Error> {
    if spec.name.is_empty() {
        return Err(Error::field("database", "a database needs a name"));
    }
    for (field, value) in [
        ("database", &spec.name),
        ("owner", &spec.owner),
        ("character_set", &spec.character_set),
        ("collation", &spec.collation),
    ] {
        if value.len() > MAX_NAME || value.contains('\0') {
            return Err(Error::field(
                field,
                format!("PostgreSQL takes at most {MAX_NAME} bytes without NUL here; shorten it"),
            ));
        }
    }
    let mut sql = format!("CREATE DATABASE {}", identifier(&spec.name));
    if !spec.owner.is_empty() {
        sql += &format!(" OWNER {}", identifier(&spec.owner));
    }
    if !spec.character_set.is_empty() {
        sql += &format!(" ENCODING {}", literal(&spec.character_set));
    }
    if !spec.collation.is_empty() {
        let collation = literal(&spec.collation);
        sql += &format!(" LC_COLLATE {collation} LC_CTYPE {collation}");
    }
    if !spec.character_set.is_empty() || !spec.collation.is_empty() {
        sql += " TEMPLATE template0";
    }
    Ok(sql)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_field() {
        let spec = |name: &str| CreateDatabase { name: name.into(), ..CreateDatabase::default() };
        assert_eq!(create_database(&spec("shop")).unwrap(), "CREATE DATABASE shop");
        let full = CreateDatabase {
            name: "Shop".into(),
            character_set: "UTF8".into(),
            collation: "C".into(),
            owner: "app".into(),
        };
        assert_eq!(
            create_database(&full).unwrap(),
            "CREATE DATABASE \"Shop\" OWNER app ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        );
        let error = create_database(&spec(&"x".repeat(64))).unwrap_err();
        assert_eq!(error.field_violations()[0].field, "database");
    }
}
