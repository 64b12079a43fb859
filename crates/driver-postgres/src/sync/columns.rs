//! Columns with defaults, generation and identity; sequences.

use schema::{Column, Generation, GenerationKind, Identity, Sequence};

use super::place::{Oid, Place};
use super::query::Query;

pub fn columns(major: u32) -> Query {
    // Generated columns came with version 12; before, `to_jsonb` of the row has no such key.
    let generated = if major >= 12 { "a.attgenerated" } else { "''" };
    let sql = format!(
        "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
           a.attidentity, {generated}, pg_get_expr(f.adbin, f.adrelid), \
           CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 \
             THEN (SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname) \
               FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace \
               WHERE l.oid = a.attcollation) END, \
           d.description \
         FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition \
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' \
           AND n.nspname <> 'information_schema' \
         JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum \
         LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid \
           AND d.objsubid = a.attnum \
         WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum"
    );
    Query::new(sql, |b, row| {
        let (Some(oid), Some(number)) = (row.number::<Oid>(), row.number::<i16>()) else { return };
        let name = row.text();
        let r#type = row.text();
        let nullable = !row.bool();
        let identity = row.text();
        let generated = row.text();
        let expression = row.opt();
        let collation = row.text();
        let comment = row.text();
        let kind = match generated.as_str() {
            "s" => Some(GenerationKind::Stored),
            "v" => Some(GenerationKind::Virtual),
            _ => None,
        };
        let (default, generation) = match kind {
            Some(kind) => {
                (None, Some(Generation { kind, expression: expression.unwrap_or_default() }))
            }
            None => (expression, None),
        };
        let list = match b.places.get(&oid) {
            Some(Place::Table(s, n)) => &mut b.catalog.schemas[*s].tables[*n].columns,
            Some(Place::View(s, n)) => &mut b.catalog.schemas[*s].views[*n].columns,
            _ => return,
        };
        list.push(Column {
            name,
            position: i32::try_from(list.len() + 1).unwrap_or(i32::MAX),
            r#type,
            nullable,
            default,
            collation,
            comment,
            generation,
            identity: (!identity.is_empty())
                .then(|| Identity { always: identity == "a", ..Identity::default() }),
            ..Column::default()
        });
        b.numbers.entry(oid).or_default().push(number);
    })
}

/// A sequence belongs to an identity column (`i`), is owned by a column (`a`), or stands alone.
pub fn sequences() -> Query {
    const SQL: &str = "SELECT c.relnamespace, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqmin, \
          s.seqmax, s.seqincrement, s.seqcycle, s.seqcache, o.description, d.deptype, d.refobjid, d.refobjsubid \
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid \
        LEFT JOIN pg_description o ON o.classoid = 'pg_class'::regclass AND o.objoid = c.oid AND o.objsubid = 0 \
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 \
          AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('i', 'a') \
        WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass \
          AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e')";
    Query::new(SQL, |b, row| {
        let Some(namespace) = row.number::<Oid>() else { return };
        let mut sequence = Sequence {
            name: row.text(),
            data_type: row.text(),
            start: row.text(),
            min_value: row.text(),
            max_value: row.text(),
            increment: row.text(),
            cycle: row.bool(),
            cache_size: row.text(),
            comment: row.text(),
            ..Sequence::default()
        };
        let dependency = row.text();
        let table: Oid = row.number().unwrap_or(0);
        let number: i16 = row.number().unwrap_or(0);
        if dependency == "i" {
            let at = b.numbers.get(&table).and_then(|n| n.iter().position(|m| *m == number));
            if let Some(column) = at.and_then(|at| b.table(table)?.columns.get_mut(at))
                && let Some(identity) = &mut column.identity
            {
                *identity = options(&sequence, identity.always);
            }
            return;
        }
        if dependency == "a"
            && let (Some((_, name)), Some(column)) = (b.name(table), b.column(table, number))
        {
            sequence.owner_table = name;
            sequence.owner_column = column;
        }
        if let Some(schema) = b.schema(namespace) {
            schema.sequences.push(sequence);
        }
    })
}

/// What differs from the defaults of a sequence of its type. Both directions start where they have furthest to go.
fn options(s: &Sequence, always: bool) -> Identity {
    let increment: i64 = s.increment.parse().unwrap_or(1);
    let (lowest, highest) = match s.data_type.as_str() {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let (min, max) = if increment > 0 { (1, highest) } else { (lowest, -1) };
    let mut options: Vec<String> = Vec::new();
    if s.min_value != min.to_string() {
        options.push(format!("MINVALUE {}", s.min_value));
    }
    if s.max_value != max.to_string() {
        options.push(format!("MAXVALUE {}", s.max_value));
    }
    if s.cache_size != "1" {
        options.push(format!("CACHE {}", s.cache_size));
    }
    if s.cycle {
        options.push("CYCLE".to_owned());
    }
    Identity { always, start: s.start.parse().unwrap_or(1), increment, options: options.join(" ") }
}
