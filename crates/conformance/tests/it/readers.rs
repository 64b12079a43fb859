//! Every engine's reader, by its name on the wire.

use base::EngineKind;
use sql::Reader;

/// What reads the scripts of an engine; `STANDARD` is none, but the data has rows for it.
pub fn reader(name: &str) -> Option<&'static dyn Reader> {
    if name == "STANDARD" {
        return Some(sql_standard::STANDARD);
    }
    review::reader(EngineKind::from_wire_name(name)?)
}

/// All of them, with their names.
pub fn all() -> impl Iterator<Item = (&'static str, &'static dyn Reader)> {
    let names = EngineKind::ALL.iter().map(|kind| kind.wire_name()).chain(["STANDARD"]);
    names.filter_map(|name| Some((name, reader(name)?)))
}

#[test]
fn every_engine_with_a_language_like_sql_has_one() {
    let without: Vec<_> = EngineKind::ALL
        .iter()
        .map(|kind| kind.wire_name())
        .filter(|name| reader(name).is_none())
        .collect();
    assert_eq!(without, ["MONGODB", "REDIS", "ELASTICSEARCH"]);
    assert_eq!(all().count(), EngineKind::ALL.len() - without.len() + 1);
}
