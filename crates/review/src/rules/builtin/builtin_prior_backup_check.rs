//! Rows cannot be copied aside before the script changes them.

use std::collections::BTreeMap;

use sql::StatementClass;
use sql::tree::{Body, Parsed};

use crate::cx::{Place, TableKey};
use crate::rule::prelude::*;

pub const RULE: Rule = Rule {
    rule: RuleType::BuiltinPriorBackupCheck,
    group: Group::Builtin,
    engines: &[EngineKind::Postgres],
    codes: &[code::SCHEMA_NOT_EXISTS, code::PRIOR_BACKUP],
    payload: PayloadKind::None,
    needs: Needs::Catalog,
    doc: Doc {
        what: "Rows cannot be copied aside before the script changes them.",
        why: "A backup that does not hold what the script changes is none.",
        example: "CREATE TABLE a (id int);\nDELETE FROM book WHERE id = 1;",
        instead: "DELETE FROM book WHERE id = 1;",
    },
    check,
};

/// Where rows are copied to.
const BACKUP_SCHEMA: &str = "bbdataarchive";
/// Longest script whose rows are copied aside.
const MAX_BYTES: usize = 2 << 20;

fn check(cx: &mut Cx<'_>) -> Checked {
    if !cx.prior_backup {
        return Ok(());
    }
    if cx.catalog_known && cx.before.schema(BACKUP_SCHEMA).is_none() {
        let content =
            format!("The schema {BACKUP_SCHEMA} does not exist: rows cannot be copied aside");
        cx.report_place(code::SCHEMA_NOT_EXISTS, Place::Script, content);
    }
    if cx.text.len() > MAX_BYTES {
        let content =
            format!("The script is longer than {MAX_BYTES} bytes: rows are not copied aside");
        cx.report_place(code::PRIOR_BACKUP, Place::Script, content);
    }
    let mut kinds: BTreeMap<TableKey, (Vec<&'static str>, &Parsed)> = BTreeMap::new();
    for statement in &cx.script.statements {
        let (table, kind) = match &statement.body {
            Body::Update(update) => (&update.table, "UPDATE"),
            Body::Delete(delete) => (&delete.table, "DELETE"),
            _ => {
                let facts = cx.dialect.classify(cx.statement_text(statement));
                if facts.kind.class() == StatementClass::Ddl {
                    let content =
                        "The script changes the schema, too: rows are not copied aside".to_owned();
                    cx.report_statement(code::PRIOR_BACKUP, statement, content);
                }
                continue;
            }
        };
        let (known, last) = kinds.entry(cx.key(table)).or_insert((Vec::new(), statement));
        if !known.contains(&kind) {
            known.push(kind);
            *last = statement;
        }
    }
    for ((_, table), (known, last)) in kinds.into_iter().filter(|(_, (known, _))| known.len() > 1) {
        let content = format!(
            "The script has {} of the table \"{table}\": rows are not copied aside",
            known.join(" and ")
        );
        cx.report_statement(code::PRIOR_BACKUP, last, content);
    }
    Ok(())
}
