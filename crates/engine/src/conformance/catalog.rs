//! Sync finds what is there; what `render` writes makes the same schema elsewhere.

use std::collections::BTreeMap;

use schema::{Catalog, Placed};

use super::run::must_run;
use super::{Fixture, in_time, outline};
use crate::session::Engine;

pub(super) async fn check(engine: &dyn Engine, fixture: &Fixture<'_>) {
    let mut session = fixture.session(engine, 0).await;
    must_run(session.as_mut(), engine.dialect(), fixture.rich).await;
    let catalog = in_time("sync", session.sync_database()).await.expect("sync of the rich schema");
    let found = outline(&catalog);
    let missing: Vec<_> =
        fixture.outline.iter().filter(|line| !found.iter().any(|f| f == *line)).collect();
    assert!(missing.is_empty(), "not found: {missing:#?}\nfound: {found:#?}");

    let again = in_time("sync", session.sync_database()).await.expect("a second sync");
    same(catalog.clone(), again, "two reads of one database");
    session.close().await;

    let script = engine.dialect().render(&catalog);
    assert_eq!(script, engine.dialect().render(&catalog), "rendering is deterministic");
    let mut session = fixture.session(engine, 1).await;
    must_run(session.as_mut(), engine.dialect(), &script).await;
    let copy = in_time("sync", session.sync_database()).await.expect("sync of the copy");
    same(catalog, copy, &format!("a schema and its copy, made by\n{script}"));
    session.close().await;
}

/// Compares object by object, by hash, and shows those that differ.
fn same(a: Catalog, b: Catalog, what: &str) {
    let (a, b) = (objects(a), objects(b));
    let keys: std::collections::BTreeSet<_> = a.keys().chain(b.keys()).collect();
    let differ: Vec<_> = keys
        .into_iter()
        .filter(|k| a.get(*k).map(|p| p.object.hash()) != b.get(*k).map(|p| p.object.hash()))
        .map(|k| format!("{k}:\n  {:?}\n  {:?}", a.get(k), b.get(k)))
        .collect();
    assert!(differ.is_empty(), "{what} differ in {}", differ.join("\n"));
}

/// The name of the database itself is not part of its schema.
fn objects(mut catalog: Catalog) -> BTreeMap<String, Placed> {
    catalog.name.clear();
    catalog
        .into_objects()
        .into_iter()
        .map(|p| (format!("{} {}.{}", p.object.kind().as_str(), p.schema, p.name), p))
        .collect()
}
