//! By what the history of a tool without version numbers names a file: the changes that the file's own lines say it holds.
//!
//! Liquibase: `--changeset author:id`. sqitch: `-- Deploy project:change`. Alembic: `-- Running upgrade a -> b`, which `alembic upgrade a:b --sql`
//! writes. All three are comments, so the files go on to work under Basalt as they are.

use std::collections::{BTreeMap, BTreeSet};

use base::engine::Family;
use base::release::file_name;

use super::tool::Tool;

/// The changes in a file. `known`: keys of the history, for files that are named after their change alone.
pub fn of(tool: Tool, path: &str, text: &str, known: &BTreeSet<&str>) -> Vec<String> {
    let declared: Vec<String> = match tool {
        Tool::Liquibase => text.lines().filter_map(changeset).map(|(key, _)| key).collect(),
        Tool::Sqitch => text.lines().find_map(deploy).into_iter().collect(),
        Tool::Alembic => text.lines().filter_map(upgrade).map(|(_, to)| to).collect(),
        _ => Vec::new(),
    };
    if !declared.is_empty() || tool == Tool::Liquibase {
        return declared;
    }
    let Ok(name) = file_name(path) else { return Vec::new() };
    let words = |text: &str| text.replace(['_', '-', '.'], " ");
    let is_named = |key: &&&str| {
        let change = key.rsplit(':').next().unwrap_or(key);
        match tool {
            // 0001_ae1027a6acf1_books.sql
            Tool::Alembic => name.description.split(' ').any(|word| word == change),
            _ => name.description == words(change),
        }
    };
    known.iter().find(is_named).map(|key| (*key).to_owned()).into_iter().collect()
}

/// A comment's text.
fn comment(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("--").map(str::trim)
}

/// `author:id` and the attributes of a line that begins a changeset.
pub fn changeset(line: &str) -> Option<(String, &str)> {
    const WORD: &str = "changeset";
    let rest = comment(line)?;
    let head = rest.get(..WORD.len()).filter(|head| head.eq_ignore_ascii_case(WORD))?;
    let rest =
        rest[head.len()..].strip_prefix(|c: char| c.is_whitespace() || c == ':')?.trim_start();
    let (author, rest) = token(rest, |c| c == ':')?;
    let (id, rest) = token(rest.strip_prefix(':')?, char::is_whitespace)?;
    Some((format!("{author}:{id}"), rest.trim()))
}

/// What stands up to such a character, or between quotes.
fn token(text: &str, ends: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find('"')?;
        return Some((&quoted[..end], &quoted[end + 1..]));
    }
    let end = text.find(ends).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// `project:change` of the line that sqitch begins a script with; `:change` when it names no project.
fn deploy(line: &str) -> Option<String> {
    let rest = comment(line)?.strip_prefix("Deploy ")?.trim();
    let name = rest.split_whitespace().next()?;
    Some(if name.contains(':') { name.to_owned() } else { format!(":{name}") })
}

/// From and to of a line that Alembic writes before the statements of a revision; a merge comes from several.
fn upgrade(line: &str) -> Option<(Vec<String>, String)> {
    let (from, to) = comment(line)?.strip_prefix("Running upgrade")?.split_once("->")?;
    let from =
        from.split(',').map(str::trim).filter(|f| !f.is_empty()).map(str::to_owned).collect();
    let to = to.split_whitespace().next()?.trim_end_matches(',');
    Some((from, to.to_owned()))
}

/// Alembic's revisions, each with those that it comes after.
#[derive(Debug, Default)]
pub struct Chain(BTreeMap<String, Vec<String>>);

impl Chain {
    /// Adds what a file says: SQL that Alembic wrote, or one of its scripts in Python.
    pub fn add(&mut self, text: &str) {
        for (from, to) in text.lines().filter_map(upgrade) {
            self.0.entry(to).or_default().extend(from);
        }
        let assigned = |name: &str| {
            let line = text.lines().find(|line| {
                let rest = line.strip_prefix(name);
                rest.is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
            });
            line.and_then(|line| line.split_once('=')).map(|(_, value)| strings(value))
        };
        if let Some(revision) = assigned("revision").and_then(|found| found.into_iter().next()) {
            let down = assigned("down_revision").unwrap_or_default();
            self.0.entry(revision).or_default().extend(down);
        }
    }

    /// A revision and all before it; None when no file tells of it.
    pub fn up_to(&self, head: &str) -> Option<BTreeSet<&str>> {
        let mut found = BTreeSet::new();
        let mut open = vec![self.0.get_key_value(head)?];
        while let Some((revision, before)) = open.pop() {
            if found.insert(revision.as_str()) {
                open.extend(before.iter().filter_map(|b| self.0.get_key_value(b)));
            }
        }
        Some(found)
    }
}

/// The texts between quotes of a line of Python.
fn strings(value: &str) -> Vec<String> {
    let value = value.split('#').next().unwrap_or_default();
    let quoted = value.split(['"', '\'']).skip(1).step_by(2);
    quoted.filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// Why it would be wrong to run such a file whole, as Basalt does.
pub fn hazard(tool: Tool, family: Family, text: &str) -> Option<&'static str> {
    let any = |is: &dyn Fn(&str) -> bool| text.lines().any(is);
    match tool {
        Tool::Dbmate
            if any(&|line| comment(line).is_some_and(|c| c.starts_with("migrate:down"))) =>
        {
            Some(
                "it has a section migrate:down, which would run right after migrate:up and undo it: take the section out",
            )
        }
        Tool::Flyway if text.contains("${") => {
            Some("it has a placeholder ${…}, which only Flyway fills: write the value")
        }
        Tool::Liquibase
            if any(&|line| {
                changeset(line).is_some_and(|(_, attributes)| {
                    ["context", "labels", "dbms:"].iter().any(|a| attributes.contains(a))
                })
            }) =>
        {
            Some(
                "a changeset in it is for some databases only (context, labels or dbms), and Basalt runs the file whole: split it",
            )
        }
        Tool::Liquibase
            if family.wants_blank_after_dashes()
                && any(&|line| {
                    let dashes = line.trim_start().strip_prefix("--");
                    dashes.is_some_and(|rest| rest.starts_with(|c: char| !c.is_whitespace()))
                }) =>
        {
            Some(
                "--changeset is a comment to Liquibase, and to this server only with a blank: write -- changeset",
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changesets_are_read_as_liquibase_writes_them() {
        for (line, key, attributes) in [
            ("--changeset ada:books", "ada:books", ""),
            ("-- ChangeSet  bob:1 runOnChange:true dbms:h2", "bob:1", "runOnChange:true dbms:h2"),
            ("--changeset \"Ada L\":\"the id\" x:y", "Ada L:the id", "x:y"),
            ("--changeset:ada:2", "ada:2", ""),
        ] {
            assert_eq!(changeset(line), Some((key.to_owned(), attributes)), "{line}");
        }
        for line in [
            "--rollback DROP",
            "--changesets a:b",
            "--changeset ada",
            "CREATE TABLE changeset (a int)",
        ] {
            assert_eq!(changeset(line), None, "{line}");
        }
    }

    #[test]
    fn a_file_without_such_a_line_may_be_named_after_its_change() {
        let known = BTreeSet::from(["shop:user-roles", "shop:books"]);
        let of = |path, text| of(Tool::Sqitch, path, text, &known);
        assert_eq!(of("db/0001_user_roles.sql", "SELECT 1;"), ["shop:user-roles"]);
        assert_eq!(of("db/0001_x.sql", "-- Deploy books to pg\n"), [":books"]);
        assert_eq!(of("db/0001_x.sql", "-- Deploy shop:books\n"), ["shop:books"]);
        assert_eq!(of("db/0001_other.sql", "SELECT 1;"), [""; 0]);
    }

    #[test]
    fn a_chain_is_read_from_scripts_and_from_sql() {
        let mut chain = Chain::default();
        chain.add("revision = 'a'\ndown_revision = None\n");
        chain.add("revision: str = \"b\"\ndown_revision: Union[str, None] = 'a'  # first\n");
        chain.add("-- Running upgrade a -> c\nSELECT 1;\n");
        chain.add("revision = 'd'\ndown_revision = ('b', 'c')\n");
        assert_eq!(chain.up_to("d").unwrap(), BTreeSet::from(["a", "b", "c", "d"]));
        assert_eq!(chain.up_to("b").unwrap(), BTreeSet::from(["a", "b"]));
        assert_eq!(chain.up_to("e"), None);
    }

    #[test]
    fn what_cannot_run_whole_is_known() {
        assert!(
            hazard(Tool::Dbmate, Family::Postgres, "-- migrate:up\nA;\n-- migrate:down\nB;")
                .is_some()
        );
        assert!(hazard(Tool::Dbmate, Family::Postgres, "-- migrate:up\nA;").is_none());
        assert!(hazard(Tool::Flyway, Family::Mysql, "CREATE TABLE ${prefix}_a (b int);").is_some());
        assert!(
            hazard(Tool::Liquibase, Family::Postgres, "--changeset a:1 context:test\nA;").is_some()
        );
        assert!(
            hazard(Tool::Liquibase, Family::Postgres, "--changeset a:1 splitStatements:false\nA;")
                .is_none()
        );
        assert!(hazard(Tool::Liquibase, Family::Mysql, "--changeset a:1\nA;").is_some());
        assert!(hazard(Tool::Liquibase, Family::Mysql, "-- changeset a:1\nA;\n--\n").is_none());
    }
}
