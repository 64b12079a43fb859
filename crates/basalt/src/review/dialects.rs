//! Dialects as people name them on the command line and in basalt.toml: `postgres`, `PostgreSQL`, `POSTGRES`.

use base::EngineKind;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// Those whose scripts can be reviewed.
pub fn reviewed() -> impl TypedValueParser<Value = EngineKind> {
    those(|kind| review::dialect(kind).is_some())
}

/// Those that a predicate is true of.
pub fn those(of: fn(EngineKind) -> bool) -> impl TypedValueParser<Value = EngineKind> {
    let values = EngineKind::ALL.iter().copied().filter(|kind| of(*kind)).map(|kind| {
        PossibleValue::new(kind.wire_name().to_lowercase()).alias(kind.title().to_lowercase())
    });
    PossibleValuesParser::new(values.collect::<Vec<_>>())
        .try_map(|name| named(&name).ok_or("no dialect of this name"))
}

pub fn named(name: &str) -> Option<EngineKind> {
    let is_named = |k: &EngineKind| {
        k.wire_name().eq_ignore_ascii_case(name) || k.title().eq_ignore_ascii_case(name)
    };
    EngineKind::ALL.iter().copied().find(is_named)
}
