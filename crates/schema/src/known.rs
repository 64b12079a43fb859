//! Names that a schema may hold, so that a long script need not look through all of it for each name that is not there.
//!
//! Only whoever changes a catalog step by step uses it, and tells it each name that comes; names that went may stay. A schema
//! without it answers "may be" to every name. It is no part of what a catalog says: two catalogs that differ in it are equal.

use std::collections::HashSet;

use crate::{Catalog, Schema};

/// A superset of the relations of a schema by name.
#[derive(Debug, Clone, Default)]
pub struct Known(Option<Names>);

#[derive(Debug, Clone, Default)]
struct Names {
    relations: HashSet<Box<str>>,
    /// A table has parents.
    inherits: bool,
}

impl PartialEq for Known {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Known {}

impl Known {
    /// Of a schema that is empty.
    pub fn nothing() -> Self {
        Self(Some(Names::default()))
    }

    pub fn may_hold(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|n| n.relations.contains(name))
    }

    pub fn may_inherit(&self) -> bool {
        self.0.as_ref().is_none_or(|n| n.inherits)
    }

    pub fn note(&mut self, name: &str) {
        if let Some(names) = &mut self.0
            && !names.relations.contains(name)
        {
            names.relations.insert(name.into());
        }
    }
}

impl Schema {
    /// Notes a table or materialized view with its parts, if it is there.
    pub fn note_parts(&mut self, name: &str) {
        if let Some(view) = self.materialized_views.iter().find(|v| v.name == name) {
            view.indexes.iter().for_each(|i| self.known.note(&i.name));
        }
        let Some(at) = self.table_at(name) else { return };
        let table = &self.tables[at];
        let parts = table.indexes.iter().map(|i| &i.name);
        let parts = parts.chain(table.partitions.iter().map(|p| &p.name));
        self.known.note(name);
        parts.for_each(|p| self.known.note(p));
        if let Some(names) = &mut self.known.0 {
            names.inherits |= !table.inherits.is_empty();
        }
    }

    /// Where a table is. Lists are sorted by name; a short one need not be.
    pub fn table_at(&self, name: &str) -> Option<usize> {
        const SHORT: usize = 32;
        if self.tables.len() <= SHORT {
            return self.tables.iter().position(|t| t.name == name);
        }
        self.tables.binary_search_by(|t| t.name.as_str().cmp(name)).ok()
    }

    fn know(&mut self) {
        self.known = Known::nothing();
        let names: Vec<String> = self.tables.iter().map(|t| t.name.clone()).collect();
        names.iter().for_each(|n| self.note_parts(n));
        let views = self.views.iter().map(|v| &v.name);
        let materialized = self.materialized_views.iter();
        let of_views = materialized
            .flat_map(|v| std::iter::once(&v.name).chain(v.indexes.iter().map(|i| &i.name)));
        let sequences = self.sequences.iter().map(|s| &s.name);
        views.chain(of_views).chain(sequences).for_each(|n| self.known.note(n));
    }
}

impl Catalog {
    /// Makes it fast to look for names that are not there.
    pub fn know_names(&mut self) {
        self.schemas.iter_mut().for_each(Schema::know);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Table;

    #[test]
    fn what_is_not_known_may_be_there() {
        let table = |name: &str| Table { name: name.into(), ..Table::default() };
        let mut catalog = Catalog::default();
        catalog.schemas.push(Schema { tables: vec![table("b"), table("a")], ..Schema::default() });
        let before = catalog.clone();
        assert!(before.schemas[0].known.may_hold("z"));
        catalog.know_names();
        let schema = &mut catalog.schemas[0];
        assert!(schema.known.may_hold("a") && !schema.known.may_hold("z"));
        assert!(!schema.known.may_inherit());
        assert_eq!(schema.table_at("a"), Some(1));
        schema.known.note("z");
        assert!(schema.known.may_hold("z"));
        assert_eq!(catalog, before);
    }
}
