//! Every field and enum value of ours in the peer's contract stands in `proto/EXTENSIONS.md`, and nothing else does.

use std::collections::BTreeSet;

use crate::wire::{FIRST_EXTENSION, messages, type_of};

const LIST: &str = include_str!("../../../../proto/EXTENSIONS.md");

/// The list of fields, and that of enum values.
fn parts() -> (&'static str, &'static str) {
    LIST.split_once("# Enum values").expect("proto/EXTENSIONS.md has both parts")
}

#[test]
fn list_names_exactly_the_extension_fields() {
    let listed: BTreeSet<String> = parts().0.lines().filter_map(row).collect();
    let mut actual = BTreeSet::new();
    for message in messages() {
        let name = message.full_name().trim_start_matches("bytebase.v1.").to_owned();
        for field in message.fields().filter(|field| field.number() >= FIRST_EXTENSION) {
            let repeated = if field.is_list() { "repeated " } else { "" };
            let kind = type_of(&field);
            actual.insert(format!("{name} {} {} {repeated}{kind}", field.number(), field.name()));
        }
    }
    assert_eq!(listed, actual, "left: proto/EXTENSIONS.md, right: the descriptors");
}

/// `| Plan | 10001 | etag | string | … |` → `Plan 10001 etag string`; other lines → `None`.
fn row(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [message, number, field, kind, what, ..] = cells.as_slice() else { return None };
    (number.parse::<u32>().ok()? >= FIRST_EXTENSION).then_some(())?;
    assert!(!what.is_empty(), "{message}.{field} needs a word on what it is");
    Some(format!("{message} {number} {field} {kind}"))
}

/// Enum values of ours as lines of the wire record: `| Engine | 5 | SQLITE | … |` → `value Engine 5 SQLITE`.
pub fn own_values() -> BTreeSet<String> {
    let value = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
        let [kind, number, name, what, _] = cells.as_slice() else { return None };
        number.parse::<u32>().ok()?;
        assert!(!what.is_empty(), "{kind}.{name} needs a word on what it is");
        Some(format!("value {kind} {number} {name}"))
    };
    parts().1.lines().filter_map(value).collect()
}
