//! Privileges that the change needs and the account has not.
//!
//! Errs on the side of letting pass: a grant to a column counts for its table, and a revoke within a wider grant is not seen.

use std::collections::BTreeSet;

use engine::{Finding, FindingLevel, Preflight};
use sql::{Facts, ObjectRef, StatementKind as K};

use crate::rows::Cells;
use crate::xa::makes_temporary_table;

/// Findings that are told one by one.
const MOST: usize = 20;

/// This account as information_schema writes it, `'user'@'host'`.
const GRANTEE: &str = "CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER())
    - CHAR_LENGTH(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)) - 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";

/// Asks for all grants to this account: database, table, privilege; empty stands for all.
pub(super) fn question() -> String {
    [
        ("''", "''", "user_privileges"),
        ("table_schema", "''", "schema_privileges"),
        ("table_schema", "table_name", "table_privileges"),
        ("table_schema", "table_name", "column_privileges"),
    ]
    .map(|(schema, table, of)| {
        format!(
            "SELECT {schema}, {table}, privilege_type FROM information_schema.{of} WHERE grantee = {GRANTEE}"
        )
    })
    .join(" UNION ALL ")
}

/// What this account may do.
#[derive(Debug, Default)]
pub(super) struct Granted(Vec<Grant>);

#[derive(Debug)]
struct Grant {
    /// May hold `%` and `_`.
    database: String,
    table: String,
    privilege: String,
}

/// Something needed: one of the privileges, on one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    database: String,
    table: String,
    privilege: &'static str,
    /// The statement cannot run without it. Else it may be that it touches the object in another way.
    certain: bool,
}

impl Granted {
    pub fn read(rows: Vec<Cells>) -> Self {
        let grant = |mut row: Cells| Grant {
            database: row.text(0),
            table: row.text(1),
            privilege: row.text(2),
        };
        Self(rows.into_iter().map(grant).collect())
    }

    /// What is missing. `has_others`: what the account holds by roles, or as everybody does, is not in the list, so that nothing is
    /// certain.
    pub fn missing(
        &self,
        ask: &Preflight<'_>,
        home: &str,
        has_others: bool,
        logs_programs: bool,
    ) -> Vec<Finding> {
        let level = |certain| match certain && !has_others {
            true => FindingLevel::Stop,
            false => FindingLevel::Warning,
        };
        let mut found: Vec<_> = needs(ask, home)
            .into_iter()
            .filter(|need| !self.has(need))
            .take(MOST)
            .map(|need| {
                let on = match need.table.as_str() {
                    "" => format!("database {}", need.database),
                    table => format!("{}.{table}", need.database),
                };
                let text = format!(
                    "The account has no privilege {} on {on}, which the change needs. Grant it, or give an account that has it.",
                    need.privilege
                );
                Finding::new("MISSING_PRIVILEGE", level(need.certain), text)
            })
            .collect();
        let programs = ask
            .statements
            .iter()
            .any(|(_, f)| matches!(f.kind, K::CreateTrigger | K::CreateFunction));
        if programs && logs_programs && !self.0.iter().any(|g| g.privilege == "SUPER") {
            let text = "The server keeps a binary log, so that only an account with SUPER may make triggers and functions: grant it, or set \
                        log_bin_trust_function_creators there.";
            found.push(Finding::new("MISSING_PRIVILEGE", level(true), text));
        }
        found
    }

    fn has(&self, need: &Need) -> bool {
        self.0.iter().any(|g| {
            g.privilege.eq_ignore_ascii_case(need.privilege)
                && (g.database.is_empty() || like(&g.database, &need.database))
                && (g.table.is_empty() || g.table.eq_ignore_ascii_case(&need.table))
        })
    }
}

fn needs(ask: &Preflight<'_>, home: &str) -> BTreeSet<Need> {
    let mut temporary = BTreeSet::new();
    let mut needs = BTreeSet::new();
    for (text, facts) in ask.statements {
        // Whoever makes a temporary table may do anything with it.
        if facts.kind == K::CreateTable && makes_temporary_table(text) {
            temporary.extend(facts.objects.iter().map(|o| o.name.to_lowercase()));
            continue;
        }
        for (at, object) in facts.objects.iter().enumerate() {
            if temporary.contains(&object.name.to_lowercase()) {
                continue;
            }
            let (privileges, certain) = needed(facts, at, object);
            for &privilege in privileges {
                needs.insert(need(object, home, privilege, certain));
            }
        }
    }
    needs
}

fn need(object: &ObjectRef, home: &str, privilege: &'static str, certain: bool) -> Need {
    let (schema, name) = match object.kind.as_str() {
        "database" => (object.name.as_str(), ""),
        // Privileges on programs are those of their database; so are those on what is not there yet.
        "table" | "view" | "sequence" => (object.schema.as_str(), object.name.as_str()),
        _ => (object.schema.as_str(), ""),
    };
    let database = if schema.is_empty() { home } else { schema };
    Need { database: database.to_owned(), table: name.to_owned(), privilege, certain }
}

/// What a statement needs on its object number `at`, and whether it surely does.
fn needed(facts: &Facts, at: usize, object: &ObjectRef) -> (&'static [&'static str], bool) {
    let alone = facts.objects.len() == 1;
    match (facts.kind, object.kind.as_str()) {
        (K::CreateTable | K::CreateSequence | K::CreateDatabase, _) => (&["CREATE"], true),
        (K::AlterTable, _) if at == 0 => (&["ALTER"], true),
        (K::AlterTable, _) => (&["CREATE"], false),
        (K::AlterSequence | K::AlterDatabase, _) => (&["ALTER"], true),
        (K::DropTable | K::DropView | K::DropSequence | K::DropDatabase | K::Truncate, _) => {
            (&["DROP"], true)
        }
        (K::CreateIndex | K::DropIndex, "table") => (&["INDEX"], true),
        (K::CreateView, _) => (&["CREATE VIEW"], true),
        (K::AlterView, _) => (&["CREATE VIEW", "DROP"], true),
        (K::CreateTrigger, "table") | (K::DropTrigger, "trigger") => {
            (&["TRIGGER"], alone || at == 1)
        }
        (K::CreateProcedure | K::CreateFunction, _) => (&["CREATE ROUTINE"], true),
        // Whoever made it may drop it, by a grant on the routine itself.
        (K::DropProcedure | K::DropFunction, _) => (&["ALTER ROUTINE"], false),
        (K::CreateEvent | K::AlterEvent | K::DropEvent, _) => (&["EVENT"], true),
        (K::Rename, _) if at.is_multiple_of(2) => (&["ALTER", "DROP"], true),
        (K::Rename, _) => (&["CREATE", "INSERT"], true),
        (K::Insert, _) => (&["INSERT"], true),
        (K::Update, _) => (&["UPDATE"], alone),
        _ => (&[], false),
    }
}

/// SQL's LIKE without regard to case, as databases in grants are read.
fn like(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    matches(&pattern, &name)
}

fn matches(pattern: &[char], name: &[char]) -> bool {
    match pattern {
        [] => name.is_empty(),
        ['%', rest @ ..] => (0..=name.len()).any(|at| matches(rest, &name[at..])),
        ['\\', c, rest @ ..] => name.first() == Some(c) && matches(rest, &name[1..]),
        ['_', rest @ ..] => !name.is_empty() && matches(rest, &name[1..]),
        [c, rest @ ..] => name.first() == Some(c) && matches(rest, &name[1..]),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sql::Dialect as _;

    use super::*;

    fn missing(grants: &[(&str, &str, &str)], sql: &str) -> Vec<String> {
        let granted = Granted(
            grants
                .iter()
                .map(|(d, t, p)| Grant {
                    database: (*d).to_owned(),
                    table: (*t).to_owned(),
                    privilege: (*p).to_owned(),
                })
                .collect(),
        );
        let statements = sql_mysql::DIALECT.split(sql);
        let facts: Vec<_> =
            statements.iter().map(|s| sql_mysql::DIALECT.classify(s.text(sql))).collect();
        let pairs: Vec<_> = statements.iter().map(|s| s.text(sql)).zip(&facts).collect();
        let ask = Preflight { statements: &pairs, blockers_older_than: Duration::ZERO };
        let found = granted.missing(&ask, "shop", false, false);
        found.iter().map(|f| f.text.split(',').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn tells_what_is_missing() {
        let needs = |sql| missing(&[], sql);
        assert_eq!(
            needs("create table t (a int)"),
            ["The account has no privilege CREATE on shop.t"]
        );
        assert_eq!(needs("drop trigger x").len(), 1);
        assert_eq!(needs("rename table a to d.b").len(), 4);
        assert_eq!(needs("create temporary table x (a int); insert into X values (1)").len(), 0);
        assert_eq!(
            needs("create index i on t (a)"),
            ["The account has no privilege INDEX on shop.t"]
        );
        assert_eq!(needs("set names utf8mb4").len(), 0);
    }

    #[test]
    fn grants_count_wherever_they_are() {
        for grant in [
            ("", "", "INSERT"),
            ("sh%", "", "INSERT"),
            (r"sho_", "", "insert"),
            ("shop", "T", "INSERT"),
        ] {
            assert!(missing(&[grant], "insert into t values (1)").is_empty(), "{grant:?}");
        }
        for grant in [
            ("shop", "", "SELECT"),
            ("other", "", "INSERT"),
            (r"sho\_", "", "INSERT"),
            ("shop", "u", "INSERT"),
        ] {
            assert_eq!(missing(&[grant], "insert into t values (1)").len(), 1, "{grant:?}");
        }
    }
}
