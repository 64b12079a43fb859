//! The names that PostgreSQL gives to what has none.

use schema::Schema;

use super::place::relation_in;

/// Longest name in bytes.
const MAX: usize = 63;

/// `table_columns_suffix`, shortened as the server does, with a number when it is taken.
pub fn index_name(schema: &Schema, table: &str, columns: &str, suffix: &str) -> String {
    free_name(table, columns, suffix, |name| relation_in(schema, name).is_some())
}

pub fn free_name(table: &str, columns: &str, suffix: &str, taken: impl Fn(&str) -> bool) -> String {
    let first = object_name(table, columns, suffix);
    if !taken(&first) {
        return first;
    }
    (1..)
        .map(|n| object_name(table, columns, &format!("{suffix}{n}")))
        .find(|name| !taken(name))
        .unwrap_or(first)
}

/// Labels of index keys, with numbers where one comes again.
pub fn distinct(labels: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for label in labels {
        let mut numbered = (1..).map(|n| format!("{label}{n}"));
        let mut name = (*label).to_owned();
        while names.contains(&name) {
            name = numbered.next().unwrap_or_default();
        }
        names.push(name);
    }
    names
}

/// Takes bytes off the longer of the two parts until the whole fits.
fn object_name(table: &str, columns: &str, suffix: &str) -> String {
    let overhead = suffix.len() + 1 + usize::from(!columns.is_empty());
    let (mut a, mut b) = (table.len(), columns.len());
    while a + b + overhead > MAX && a + b > 0 {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let (table, columns) = (cut(table, a), cut(columns, b));
    if columns.is_empty() {
        format!("{table}_{suffix}")
    } else {
        format!("{table}_{columns}_{suffix}")
    }
}

/// At most `bytes` of a text, without cutting a character.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_servers() {
        assert_eq!(object_name("t", "a_b", "idx"), "t_a_b_idx");
        assert_eq!(object_name("t", "", "pkey"), "t_pkey");
        let long = "x".repeat(70);
        assert_eq!(object_name(&long, "a", "key").len(), MAX);
        let taken = |n: &str| n == "t_a_idx" || n == "t_a_idx1";
        assert_eq!(free_name("t", "a", "idx", taken), "t_a_idx2");
    }
}
