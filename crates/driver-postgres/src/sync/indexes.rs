//! Indexes, those of PRIMARY KEY, UNIQUE and EXCLUDE constraints among them.

use schema::{Index, IndexKey};
use sql::lex::Lexer;
use sql_postgres::split::RULES;

use super::place::Oid;
use super::query::Query;

/// An index that belongs to a partition because its table has one is left out: the table's brings it.
pub fn indexes(major: u32) -> Query {
    // The size as of the last VACUUM or ANALYZE: asking the file system for each index would take a third of the sync.
    // Columns that an index only carries (INCLUDE) came with version 11.
    let keys = if major >= 11 { "i.indnkeyatts" } else { "i.indnatts" };
    let sql = format!(
        "SELECT i.indrelid, x.relname, m.amname, i.indisunique, i.indisprimary, i.indisvalid, \
           o.oid IS NOT NULL, d.description, i.indkey::text, i.indoption::text, {keys}, \
           CASE WHEN c.relkind = 'm' OR c.relispartition OR 0 = ANY (i.indkey) THEN to_json(ARRAY( \
             SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, {keys}) k)) END, \
           CASE WHEN o.oid IS NULL THEN pg_get_indexdef(i.indexrelid) ELSE pg_get_constraintdef(o.oid) END, \
           x.relpages::bigint * current_setting('block_size')::bigint, c.relkind = 'p' AND i.indisvalid \
         FROM pg_index i \
         JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam \
         JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p', 'm') \
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' \
           AND n.nspname <> 'information_schema' \
         LEFT JOIN pg_constraint o ON o.conindid = i.indexrelid AND o.conrelid = i.indrelid \
           AND o.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0 \
         WHERE NOT x.relispartition"
    );
    Query::new(sql, |b, row| {
        let Some(table) = row.number::<Oid>() else { return };
        let mut index = Index {
            name: row.text(),
            r#type: row.text(),
            unique: row.bool(),
            primary: row.bool(),
            valid: row.bool(),
            constraint: row.bool(),
            comment: row.text(),
            ..Index::default()
        };
        index.visible = index.valid;
        let columns = row.text();
        let options = row.text();
        let count: usize = row.number().unwrap_or(0);
        let expressions = row.list();
        index.definition = row.text();
        let bytes: i64 = row.number().unwrap_or(0);
        if row.bool() {
            index.definition = without_only(&index.definition);
        }
        let descending = |n: usize| {
            options
                .split(' ')
                .nth(n)
                .and_then(|o| o.parse::<i16>().ok())
                .is_some_and(|o| o & 1 == 1)
        };
        let names: Vec<String> = if expressions.is_empty() {
            let numbers = columns.split(' ').take(count).filter_map(|n| n.parse().ok());
            numbers.filter_map(|n| b.column(table, n)).collect()
        } else {
            expressions
        };
        let keys = names.into_iter().enumerate().map(|(n, expression)| IndexKey {
            expression,
            length: 0,
            descending: descending(n),
        });
        index.keys = keys.collect();
        if let Some(table) = b.table(table) {
            table.stats.index_bytes = table.stats.index_bytes.max(0) + bytes;
        }
        if let Some(list) = b.indexes(table) {
            list.push(index);
        }
    })
}

/// The server prints the index of a partitioned table as if the partitions had none. Ours are left out because they come
/// with the table's, so the statement has to make them.
fn without_only(definition: &str) -> String {
    let words = Lexer::new(definition, RULES).filter(|t| !t.is_trivia());
    let only = words.skip_while(|t| !t.is_word(definition, "on")).nth(1);
    match only.filter(|t| t.is_word(definition, "only")) {
        Some(t) => {
            format!("{}{}", &definition[..t.span.start], definition[t.span.end..].trim_start())
        }
        None => definition.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_goes_where_it_is_the_word() {
        let odd = "CREATE INDEX \"a ON ONLY b\" ON ONLY s.t USING btree (a)";
        assert_eq!(without_only(odd), "CREATE INDEX \"a ON ONLY b\" ON s.t USING btree (a)");
        let plain = "CREATE INDEX i ON s.only USING btree (a)";
        assert_eq!(without_only(plain), plain);
    }
}
