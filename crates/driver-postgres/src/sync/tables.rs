//! What hangs on tables: triggers, rules, policies.

use schema::{Named, Trigger};
use sql_postgres::quote::{identifier, qualified};

use super::place::Oid;
use super::query::Query;

/// A trigger that a partition has because its table has one is left out: it depends on that one.
pub fn triggers() -> Query {
    const SQL: &str = "SELECT t.tgrelid, t.tgname, t.tgtype, t.tgenabled, pg_get_triggerdef(t.oid), d.description \
        FROM pg_trigger t \
        LEFT JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid \
        WHERE NOT t.tgisinternal AND NOT EXISTS (SELECT FROM pg_depend p \
          WHERE p.classid = 'pg_trigger'::regclass AND p.objid = t.oid \
            AND p.refclassid = 'pg_trigger'::regclass)";
    Query::new(SQL, |b, row| {
        let Some(table) = row.number::<Oid>() else { return };
        let name = row.text();
        let bits: u16 = row.number().unwrap_or(0);
        let state = match row.text().as_str() {
            "D" => "DISABLE",
            "R" => "ENABLE REPLICA",
            "A" => "ENABLE ALWAYS",
            _ => "",
        };
        let trigger = Trigger {
            name,
            event: event(bits),
            timing: timing(bits).to_owned(),
            body: row.text(),
            state: state.to_owned(),
            comment: row.text(),
            ..Trigger::default()
        };
        if let Some(list) = b.triggers(table) {
            list.push(trigger);
        }
    })
}

/// The bits are those of the server's `catalog/pg_trigger.h`.
fn event(bits: u16) -> String {
    let events = [(4, "INSERT"), (8, "DELETE"), (16, "UPDATE"), (32, "TRUNCATE")];
    let named: Vec<_> = events.iter().filter(|e| bits & e.0 != 0).map(|e| e.1).collect();
    named.join(" OR ")
}

const fn timing(bits: u16) -> &'static str {
    if bits & 2 != 0 {
        "BEFORE"
    } else if bits & 64 != 0 {
        "INSTEAD OF"
    } else {
        "AFTER"
    }
}

pub fn rules() -> Query {
    const SQL: &str = "SELECT r.ev_class, r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r \
        WHERE r.rulename <> '_RETURN' AND r.oid >= 16384";
    Query::new(SQL, |b, row| {
        let Some(oid) = row.number::<Oid>() else { return };
        let name = row.text();
        let definition = row.text().trim_end_matches(';').to_owned();
        if let Some(table) = b.table(oid) {
            table.rules.push(Named { name, definition });
        }
    })
}

pub fn policies() -> Query {
    const SQL: &str = "SELECT p.polrelid, p.polname, p.polpermissive, p.polcmd, \
          to_json(ARRAY(SELECT CASE WHEN r.oid = 0 THEN '' ELSE pg_get_userbyid(r.oid)::text END \
            FROM unnest(p.polroles) r(oid) ORDER BY 1)), \
          pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) \
        FROM pg_policy p";
    Query::new(SQL, |b, row| {
        let Some(oid) = row.number::<Oid>() else { return };
        let Some((schema, table)) = b.name(oid) else { return };
        let name = row.text();
        let mut definition =
            format!("CREATE POLICY {} ON {}", identifier(&name), qualified(&schema, &table));
        if !row.bool() {
            definition += " AS RESTRICTIVE";
        }
        let command = match row.text().as_str() {
            "r" => " FOR SELECT",
            "a" => " FOR INSERT",
            "w" => " FOR UPDATE",
            "d" => " FOR DELETE",
            _ => "",
        };
        definition += command;
        let roles: Vec<_> =
            row.list().iter().filter(|r| !r.is_empty()).map(|r| identifier(r)).collect();
        if !roles.is_empty() {
            definition += &format!(" TO {}", roles.join(", "));
        }
        if let Some(using) = row.opt() {
            definition += &format!(" USING ({using})");
        }
        if let Some(check) = row.opt() {
            definition += &format!(" WITH CHECK ({check})");
        }
        if let Some(table) = b.table(oid) {
            table.policies.push(Named { name, definition });
        }
    })
}
