//! Which data source a query uses.

use base::{Error, Reason, Result};
use store::rows::{DataSource, DataSourceKind};

/// The one that was asked for; else the first that is for reading; else the admin's.
pub(super) fn choose<'a>(sources: &'a [DataSource], asked: &str) -> Result<&'a DataSource> {
    if !asked.is_empty() {
        return sources.iter().find(|s| s.id == asked).ok_or_else(|| {
            let ids: Vec<_> = sources.iter().map(|s| s.id.as_str()).collect();
            let what = format!("the instance has no such data source; it has {}", ids.join(", "));
            Error::field("data_source_id", what)
        });
    }
    let of = |kind| sources.iter().find(move |s: &&DataSource| s.kind == kind);
    of(DataSourceKind::ReadOnly)
        .or_else(|| of(DataSourceKind::Admin))
        .ok_or_else(|| Error::new(Reason::Blocked, "the instance has no data source; add one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(list: &[(&str, DataSourceKind)]) -> Vec<DataSource> {
        let source = |(id, kind): &(&str, DataSourceKind)| DataSource {
            id: (*id).to_owned(),
            kind: *kind,
            ..DataSource::default()
        };
        list.iter().map(source).collect()
    }

    #[test]
    fn one_for_reading_goes_before_the_admins() {
        use DataSourceKind::{Admin, ReadOnly};
        let both = sources(&[("admin", Admin), ("replica", ReadOnly), ("other", ReadOnly)]);
        assert_eq!(choose(&both, "").unwrap().id, "replica");
        assert_eq!(choose(&both, "admin").unwrap().id, "admin");
        let refused = choose(&both, "x").unwrap_err();
        assert!(refused.message().ends_with("admin, replica, other"), "{refused}");
        assert_eq!(choose(&sources(&[("admin", Admin)]), "").unwrap().id, "admin");
        assert_eq!(choose(&[], "").unwrap_err().reason(), Reason::Blocked);
    }
}
