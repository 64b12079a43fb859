//! The state of what a statement changes, so that before and after can be told apart.
//!
//! Decisive is only what the statement always changes: whether a named object is there and which it is (its object id), the file of a rebuilt
//! index, the labels of an enum. An interrupted statement that leaves something behind leaves an INVALID index or a partition that is half
//! detached.

use engine::{Failure, Witness};
use sql::lex::{Lexer, TokenKind};
use sql::{Dialect as _, Facts, ObjectRef, StatementKind};
use sql_postgres::quote::{literal, qualified};
use tokio_postgres::Client;

use crate::rows;

/// The first version that shows how far an index is.
pub const INDEX_PROGRESS_SINCE: u32 = 12;

/// A query that shows the state: a line of text and, where something was left half done, a sentence about it.
struct Look {
    sql: String,
    decisive: bool,
}

pub async fn witness(client: &Client, major: u32, statement: &str) -> Result<Witness, Failure> {
    let Some(look) = look(major, statement) else { return Ok(Witness::default()) };
    let (mut lines, mut broken) = (Vec::new(), Vec::new());
    rows::each(client, &look.sql, |row| {
        lines.push(row.text());
        broken.extend(row.opt());
    })
    .await?;
    let text = if lines.is_empty() { "there is none".to_owned() } else { lines.join("\n") };
    let broken = (!broken.is_empty()).then(|| broken.join(". "));
    Ok(Witness { text, decisive: look.decisive, broken })
}

fn look(major: u32, statement: &str) -> Option<Look> {
    let facts = sql_postgres::DIALECT.classify(statement);
    let words = Words::of(statement);
    let decisive = |sql| Some(Look { sql, decisive: true });
    match facts.kind {
        StatementKind::CreateIndex => decisive(created_index(major, &facts)?),
        StatementKind::CreateView if words.have(&["OR", "REPLACE"]) => None,
        StatementKind::CreateTable
        | StatementKind::CreateView
        | StatementKind::CreateSequence
        | StatementKind::CreateSchema
        | StatementKind::CreateType
        | StatementKind::CreateDatabase
        | StatementKind::DropDatabase
        | StatementKind::DropTable
        | StatementKind::DropView
        | StatementKind::DropSequence
        | StatementKind::DropSchema
        | StatementKind::DropType
        // A drop that was interrupted leaves the index INVALID, and is to be run again: only whether it is there counts.
        | StatementKind::DropIndex => decisive(presence(&facts.objects)?),
        StatementKind::OtherDdl if words.first("CREATE") || words.first("DROP") => decisive(presence(&facts.objects)?),
        StatementKind::AlterType if words.have(&["ADD", "VALUE"]) || words.have(&["RENAME", "VALUE"]) => decisive(labels(&facts)?),
        StatementKind::AlterDatabase if words.have(&["SET", "TABLESPACE"]) => decisive(tablespace(&facts)?),
        StatementKind::AlterTable if words.have(&["DETACH", "PARTITION"]) => decisive(partitions(&facts)?),
        StatementKind::Commit | StatementKind::Rollback if words.have(&["PREPARED"]) => {
            decisive(prepared(&words.string?))
        }
        StatementKind::Maintenance if words.first("REINDEX") => {
            decisive(reindexed(major, &facts)?)
        }
        StatementKind::Maintenance if words.first("CLUSTER") => decisive(file(&facts)?),
        // CONCURRENTLY changes rows in place, and only a plain one gets a new file.
        StatementKind::Maintenance if words.first("REFRESH") => {
            Some(Look { sql: file(&facts)?, decisive: !words.have(&["CONCURRENTLY"]) })
        }
        _ => None,
    }
}

/// Words of a statement outside of names and strings, in upper case.
struct Words {
    words: Vec<String>,
    /// The first string.
    string: Option<String>,
}

impl Words {
    /// Only as much as the clauses that are looked for can be away from the start.
    const LONGEST: usize = 40;

    fn of(statement: &str) -> Self {
        let mut words = Vec::new();
        let mut string = None;
        let tokens = Lexer::new(statement, sql_postgres::split::RULES);
        for token in tokens.filter(|t| !t.is_trivia()).take(Self::LONGEST) {
            let text = token.text(statement);
            match token.kind {
                TokenKind::Word => words.push(text.to_ascii_uppercase()),
                TokenKind::String if string.is_none() => string = Some(text.to_owned()),
                // Keeps the words on its two sides apart.
                _ => words.push(String::new()),
            }
        }
        Self { words, string }
    }

    fn first(&self, word: &str) -> bool {
        self.words.first().is_some_and(|w| w == word)
    }

    fn have(&self, phrase: &[&str]) -> bool {
        self.words.windows(phrase.len()).any(|w| w == phrase)
    }
}

/// The object's name, as the functions that look names up take it.
fn name_of(object: &ObjectRef) -> String {
    literal(&qualified(&object.schema, &object.name))
}

fn of_kind<'a>(facts: &'a Facts, kind: &str) -> Option<&'a ObjectRef> {
    facts.objects.iter().find(|o| o.kind == kind)
}

/// For each object whether it is there, and which it is.
fn presence(objects: &[ObjectRef]) -> Option<String> {
    let parts: Option<Vec<String>> = objects
        .iter()
        .map(|object| {
            let name = literal(&object.name);
            let found = match object.kind.as_str() {
                "table" | "view" | "materialized view" | "sequence" | "index" => {
                    format!("pg_catalog.to_regclass({})::pg_catalog.oid", name_of(object))
                }
                "type" => format!("pg_catalog.to_regtype({})::pg_catalog.oid", name_of(object)),
                "schema" => format!(
                    "(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = {name})"
                ),
                "database" => {
                    format!("(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = {name})")
                }
                "tablespace" => format!(
                    "(SELECT t.oid FROM pg_catalog.pg_tablespace t WHERE t.spcname = {name})"
                ),
                // The connection string in it is for superusers only; these columns are for all.
                "subscription" => format!(
                    "(SELECT s.oid FROM pg_catalog.pg_subscription s WHERE s.subname = {name} \
                     AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d \
                     WHERE d.datname = pg_catalog.current_database()))"
                ),
                "role" => {
                    format!("(SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = {name})")
                }
                _ => return None,
            };
            let label =
                literal(&format!("{} {}: ", object.kind, qualified(&object.schema, &object.name)));
            Some(format!("SELECT {label} || coalesce('oid ' || {found}::text, 'absent'), NULL"))
        })
        .collect();
    let parts = parts.filter(|p| !p.is_empty())?;
    Some(parts.join(" UNION ALL "))
}

/// A line about an index, from `c` (its relation), `x` (its row) and `n` (its schema).
const INDEX_LINE: &str = "pg_catalog.format('index %I.%I: oid %s, file %s, %s, %s', n.nspname, c.relname, c.oid, \
    c.relfilenode, CASE WHEN x.indisvalid AND x.indisready THEN 'valid' ELSE 'INVALID' END, \
    pg_catalog.pg_get_indexdef(c.oid))";
pub const INDEX_FROM: &str = "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

/// True for an index that is INVALID, has a file of its own, and is of a table on which none is just being built.
pub fn left_invalid(major: u32) -> String {
    let mut sql = "(NOT x.indisvalid AND c.relkind = 'i'".to_owned();
    if major >= INDEX_PROGRESS_SINCE {
        // Which of the table's indexes it is, a concurrent rebuild does not tell in all its phases.
        sql += " AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p \
                WHERE p.relid = x.indrelid AND p.datname = pg_catalog.current_database())";
    }
    sql + ")"
}

/// Without a name the server chooses one: then all indexes of the table are looked at.
fn created_index(major: u32, facts: &Facts) -> Option<String> {
    let table = name_of(of_kind(facts, "table")?);
    let named = match of_kind(facts, "index") {
        Some(index) => format!(
            "c.relname = {} AND c.relnamespace = (SELECT t.relnamespace FROM pg_catalog.pg_class t \
             WHERE t.oid = pg_catalog.to_regclass({table}))",
            literal(&index.name)
        ),
        None => format!("x.indrelid = pg_catalog.to_regclass({table})"),
    };
    let invalid = left_invalid(major);
    Some(format!(
        "SELECT {INDEX_LINE}, CASE WHEN {invalid} THEN pg_catalog.format('index %I.%I is INVALID: its \
         CREATE INDEX CONCURRENTLY did not end; run DROP INDEX CONCURRENTLY %I.%I, then the statement again', \
         n.nspname, c.relname, n.nspname, c.relname) END {INDEX_FROM} WHERE {named} ORDER BY 1"
    ))
}

/// A rebuilt index has another file, and concurrently another object id. What is half done stands beside it.
fn reindexed(major: u32, facts: &Facts) -> Option<String> {
    let object = facts.objects.first()?;
    let name = name_of(object);
    let table = match object.kind.as_str() {
        // A partitioned one is rebuilt piece by piece.
        "index" => format!(
            "(SELECT i.indrelid FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class k ON k.oid = i.indexrelid \
             WHERE i.indexrelid = pg_catalog.to_regclass({name}) AND k.relkind = 'i')"
        ),
        "table" => format!(
            "(SELECT t.oid FROM pg_catalog.pg_class t WHERE t.oid = pg_catalog.to_regclass({name}) \
             AND t.relkind IN ('r', 'm'))"
        ),
        _ => return None,
    };
    let only = if object.kind == "index" {
        format!("(x.indexrelid = pg_catalog.to_regclass({name}) OR c.relname ~ {LEFT_BY_REINDEX})")
    } else {
        "true".to_owned()
    };
    let invalid = left_invalid(major);
    Some(format!(
        "SELECT {INDEX_LINE}, CASE WHEN {invalid} AND c.relname ~ {LEFT_BY_REINDEX} THEN \
         pg_catalog.format('index %I.%I was left by a REINDEX CONCURRENTLY that did not end; run DROP INDEX \
         CONCURRENTLY %I.%I, then the statement again', n.nspname, c.relname, n.nspname, c.relname) END \
         {INDEX_FROM} WHERE x.indrelid = {table} AND {only} ORDER BY 1"
    ))
}

/// How the server names the new index until it is done, and the old one after that.
const LEFT_BY_REINDEX: &str = "'_cc(new|old)[0-9]*$'";

fn labels(facts: &Facts) -> Option<String> {
    let name = name_of(facts.objects.first()?);
    Some(format!(
        "SELECT 'label ' || e.enumlabel, NULL FROM pg_catalog.pg_enum e \
         WHERE e.enumtypid = pg_catalog.to_regtype({name}) ORDER BY e.enumsortorder"
    ))
}

fn tablespace(facts: &Facts) -> Option<String> {
    let name = literal(&facts.objects.first()?.name);
    Some(format!(
        "SELECT pg_catalog.format('database %I is in tablespace %I', d.datname, t.spcname), NULL \
         FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace \
         WHERE d.datname = {name}"
    ))
}

/// The column that tells half detached ones is there since PostgreSQL 14; `to_jsonb` does not ask for it by name.
fn partitions(facts: &Facts) -> Option<String> {
    let name = name_of(facts.objects.first()?);
    Some(format!(
        "SELECT 'partition ' || p.inhrelid::pg_catalog.regclass, \
         CASE WHEN pg_catalog.to_jsonb(p) ->> 'inhdetachpending' = 'true' THEN pg_catalog.format( \
         'partition %s is half detached; run ALTER TABLE %s DETACH PARTITION %s FINALIZE', \
         p.inhrelid::pg_catalog.regclass, p.inhparent::pg_catalog.regclass, p.inhrelid::pg_catalog.regclass) END \
         FROM pg_catalog.pg_inherits p WHERE p.inhparent = pg_catalog.to_regclass({name}) ORDER BY 1"
    ))
}

/// `string` is the literal as the statement has it.
fn prepared(string: &str) -> String {
    format!(
        "SELECT 'prepared transaction ' || p.transaction, NULL FROM pg_catalog.pg_prepared_xacts p \
         WHERE p.gid = {string}"
    )
}

fn file(facts: &Facts) -> Option<String> {
    let name = name_of(facts.objects.first()?);
    Some(format!(
        "SELECT pg_catalog.format('%s: file %s, populated %s', c.oid::pg_catalog.regclass, c.relfilenode, \
         c.relispopulated), NULL FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass({name}) \
         AND c.relkind IN ('r', 'm')"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_always_shows_is_decisive() {
        let decisive = |sql| look(15, sql).is_some_and(|l| l.decisive);
        for sql in [
            "create unique index concurrently on t (a)",
            "create index concurrently if not exists i on s.t (a)",
            "drop index concurrently i",
            "reindex index concurrently i",
            "reindex (verbose) table t",
            "alter type mood add value if not exists 'ok' before 'sad'",
            "create database d",
            "drop database if exists d",
            "refresh materialized view m",
            "alter table only t detach partition p concurrently",
            "commit prepared 'x'",
            "drop tablespace s",
        ] {
            assert!(decisive(sql), "{sql}");
        }
        for sql in [
            "refresh materialized view concurrently m",
            "vacuum full t",
            "reindex schema concurrently s",
            "call p()",
            "do $$ begin commit; end $$",
            "create or replace view v as select 1",
            "alter type mood owner to x",
            "alter table t add column a int",
            "checkpoint",
            "commit",
        ] {
            assert!(!decisive(sql), "{sql}");
        }
    }
}
