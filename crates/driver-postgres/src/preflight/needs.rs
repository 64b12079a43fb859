//! What the statements of a change need of the objects that they name. Pure.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Finding, FindingLevel};
use sql::lex::Lexer;
use sql::{Facts, StatementClass, StatementKind as Kind};

/// Schema (maybe empty) and name.
pub type Name = (String, String);

/// What one relation must allow.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its owner's rights.
    pub owner: bool,
    /// Those of its schema's owner will do, too.
    pub drop: bool,
    /// Privileges of a table: `INSERT`.
    pub privileges: BTreeSet<&'static str>,
    /// Its rows are changed: waits for who has locked out writers.
    pub rows: bool,
    /// Its definition is changed: waits for everybody who uses it.
    pub definition: bool,
    /// Something is built beside its use: waits for every older transaction of the database.
    pub concurrent: bool,
    /// It is written anew as a whole.
    pub rewrite: bool,
}

#[derive(Debug, Default)]
pub struct Needs {
    pub relations: BTreeMap<Name, Need>,
    /// Schemas in which something is made; empty is the first of the search path.
    pub schemas: BTreeSet<String>,
    pub makes_database: bool,
    pub makes_schema: bool,
    /// The script may go on as another role, which is not known here.
    changes_role: bool,
}

impl Needs {
    pub fn of(statements: &[(&str, &Facts)]) -> Self {
        let mut needs = Self::default();
        // What the script makes itself need not be there, and is its own.
        let mut made: BTreeSet<Name> = BTreeSet::new();
        for (text, facts) in statements {
            needs.changes_role |=
                facts.kind.class() == StatementClass::Session && has(text, "ROLE");
            needs.add(text, facts, &made);
            if makes(facts.kind) {
                made.extend(facts.objects.iter().map(|o| (o.schema.clone(), o.name.clone())));
            }
        }
        needs
    }

    fn add(&mut self, text: &str, facts: &Facts, made: &BTreeSet<Name>) {
        self.makes_database |= facts.kind == Kind::CreateDatabase;
        self.makes_schema |= facts.kind == Kind::CreateSchema;
        if makes(facts.kind) && !has(text, "TEMP") && !has(text, "TEMPORARY") {
            let schemas = facts.objects.first().map(|o| o.schema.clone());
            self.schemas.extend(schemas.filter(|s| !s.starts_with("pg_temp")));
        }
        for object in &facts.objects {
            let name = (object.schema.clone(), object.name.clone());
            let is_relation = matches!(
                object.kind.as_str(),
                "table" | "view" | "materialized view" | "index" | "sequence"
            );
            // Making something named like what is there fails or does nothing: either way it needs nothing of it.
            let is_made = makes(facts.kind)
                && facts.objects.first() == Some(object)
                && facts.kind != Kind::CreateIndex;
            if !is_relation || is_made || made.contains(&name) {
                continue;
            }
            if facts.kind == Kind::CreateIndex && object.kind == "index" {
                continue;
            }
            let need = self.relations.entry(name).or_default();
            need.add(text, facts);
        }
    }

    /// A finding about a privilege: it stops the change where it is sure.
    pub fn missing(&self, text: String) -> Finding {
        if self.changes_role {
            let text = format!("{text}; the script sets a role, which may have it");
            return Finding::new("MISSING_PRIVILEGE", FindingLevel::Warning, text);
        }
        Finding::new("MISSING_PRIVILEGE", FindingLevel::Stop, text)
    }
}

impl Need {
    fn add(&mut self, text: &str, facts: &Facts) {
        let concurrent = has(text, "CONCURRENTLY");
        match facts.kind {
            Kind::Insert => self.privilege("INSERT"),
            Kind::Update => self.privilege("UPDATE"),
            Kind::Delete => self.privilege("DELETE"),
            Kind::OtherDml => self.rows = true,
            Kind::Truncate => {
                self.privileges.insert("TRUNCATE");
                self.definition = true;
            }
            Kind::CreateTrigger => {
                self.privileges.insert("TRIGGER");
                self.definition = true;
            }
            Kind::Comment => self.owner = true,
            Kind::DropTable | Kind::DropView | Kind::DropSequence | Kind::DropIndex => {
                self.drop = true;
                self.definition = true;
                self.concurrent |= concurrent;
            }
            Kind::Maintenance => {
                self.definition = true;
                self.concurrent |= concurrent;
            }
            _ if facts.kind.class() == StatementClass::Ddl => {
                self.owner = true;
                self.concurrent |= concurrent;
                // A concurrent one locks nobody out, and waits all the same for who is there.
                self.definition = true;
                self.rewrite |= facts.kind == Kind::AlterTable
                    && (has(text, "TYPE")
                        || has(text, "LOGGED")
                        || has(text, "UNLOGGED")
                        || has(text, "TABLESPACE"));
            }
            _ => {}
        }
    }

    fn privilege(&mut self, name: &'static str) {
        self.privileges.insert(name);
        self.rows = true;
    }
}

const fn makes(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::CreateTable
            | Kind::CreateView
            | Kind::CreateIndex
            | Kind::CreateSequence
            | Kind::CreateFunction
            | Kind::CreateProcedure
            | Kind::CreateType
    )
}

/// Whether the word stands among the first ones, outside of names, strings and comments.
fn has(text: &str, word: &str) -> bool {
    const FIRST: usize = 200;
    let tokens = Lexer::new(text, sql_postgres::split::RULES).filter(|t| !t.is_trivia());
    tokens.take(FIRST).any(|t| t.is_word(text, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sql::Dialect as _;

    fn needs(script: &str) -> Needs {
        let split = sql_postgres::DIALECT.split(script);
        let texts: Vec<&str> = split.iter().map(|s| s.text(script)).collect();
        let facts: Vec<Facts> = texts.iter().map(|t| sql_postgres::DIALECT.classify(t)).collect();
        let pairs: Vec<(&str, &Facts)> = texts.into_iter().zip(&facts).collect();
        Needs::of(&pairs)
    }

    fn need(script: &str, schema: &str, name: &str) -> Need {
        let found = needs(script);
        found.relations.get(&(schema.to_owned(), name.to_owned())).cloned().unwrap_or_default()
    }

    #[test]
    fn statements_need_rights_and_locks() {
        let found =
            need("ALTER TABLE s.t ALTER a TYPE bigint; INSERT INTO s.t VALUES (1)", "s", "t");
        assert!(found.owner && found.rewrite && found.definition && found.rows, "{found:?}");
        assert_eq!(found.privileges.into_iter().collect::<Vec<_>>(), ["INSERT"]);
        let found = need("DROP INDEX CONCURRENTLY i", "", "i");
        assert!(found.drop && found.concurrent && !found.owner, "{found:?}");
        let found = needs("CREATE INDEX i ON s.t (a)");
        assert_eq!(found.relations.keys().collect::<Vec<_>>(), [&("s".to_owned(), "t".to_owned())]);
        assert_eq!(found.schemas.into_iter().collect::<Vec<_>>(), ["s"]);
    }

    #[test]
    fn what_a_script_makes_is_its_own() {
        let found =
            needs("CREATE TABLE t (a int); ALTER TABLE t ADD b int; CREATE TEMP TABLE u (a int)");
        assert!(found.relations.is_empty(), "{found:?}");
        assert_eq!(found.schemas.len(), 1);
        assert_eq!(
            needs("SET ROLE x; SELECT 1").missing(String::new()).level,
            FindingLevel::Warning
        );
        assert_eq!(needs("SET x = 1").missing(String::new()).level, FindingLevel::Stop);
    }
}
