//! Names that a schema may hold, so that a long script need not look through all of it for each name.
//!
//! Only whoever changes a catalog step by step uses it, and tells it each name that comes; names that went may stay. A schema
//! without it answers "may be" to every name. It is no part of what a catalog says: two catalogs that differ in it are equal.

use std::collections::HashMap;
use std::sync::Arc;

use crate::{Catalog, Schema};

/// Names that come after a copy was made are kept apart up to so many: a copy takes those along, and shares the others.
const APART: usize = 256;

/// A superset of the relations of a schema by name.
#[derive(Debug, Clone, Default)]
pub struct Known(Option<Names>);

/// With the table or view that had an index of the name when it was noted.
type Relations = HashMap<Box<str>, Option<Box<str>>>;

#[derive(Debug, Clone, Default)]
struct Names {
    shared: Arc<Relations>,
    /// Goes before what is shared.
    apart: Relations,
    /// A table has parents.
    inherits: bool,
}

impl Names {
    fn get(&self, name: &str) -> Option<&Option<Box<str>>> {
        self.apart.get(name).or_else(|| self.shared.get(name))
    }

    fn insert(&mut self, name: &str, holder: Option<&str>) {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.extend(self.apart.drain());
            shared.insert(name.into(), holder.map(Into::into));
            return;
        }
        self.apart.insert(name.into(), holder.map(Into::into));
        if self.apart.len() > APART {
            Arc::make_mut(&mut self.shared).extend(self.apart.drain());
        }
    }
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
        self.0.as_ref().is_none_or(|n| n.get(name).is_some())
    }

    pub fn may_inherit(&self) -> bool {
        self.0.as_ref().is_none_or(|n| n.inherits)
    }

    /// Where to look first for an index.
    pub fn holder(&self, index: &str) -> Option<&str> {
        self.0.as_ref()?.get(index)?.as_deref()
    }

    pub fn note(&mut self, name: &str) {
        if let Some(names) = &mut self.0
            && names.get(name).is_none()
        {
            names.insert(name, None);
        }
    }

    fn note_index(&mut self, name: &str, holder: &str) {
        if let Some(names) = &mut self.0
            && names.get(name).and_then(Option::as_deref) != Some(holder)
        {
            names.insert(name, Some(holder));
        }
    }
}

impl Schema {
    /// Notes a table or materialized view with its parts, if it is there.
    pub fn note_parts(&mut self, name: &str) {
        if let Some(view) = self.materialized_views.iter().find(|v| v.name == name) {
            view.indexes.iter().for_each(|i| self.known.note_index(&i.name, name));
        }
        let Some(at) = self.table_at(name) else { return };
        let table = &self.tables[at];
        self.known.note(name);
        table.indexes.iter().for_each(|i| self.known.note_index(&i.name, name));
        table.partitions.iter().for_each(|p| self.known.note(&p.name));
        if let Some(names) = &mut self.known.0 {
            names.inherits |= !table.inherits.is_empty();
        }
    }

    pub fn table_at(&self, name: &str) -> Option<usize> {
        place_of(&self.tables, name, |t| &t.name)
    }

    pub fn view_at(&self, name: &str) -> Option<usize> {
        place_of(&self.views, name, |v| &v.name)
    }

    fn know(&mut self) {
        // Whoever changed the schema since told it each name that came.
        if self.known.0.is_some() {
            return;
        }
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

/// Where a name is. Lists are sorted by name; a short one need not be.
fn place_of<T>(list: &[T], name: &str, named: impl Fn(&T) -> &str) -> Option<usize> {
    const SHORT: usize = 32;
    if list.len() <= SHORT {
        return list.iter().position(|o| named(o) == name);
    }
    list.binary_search_by(|o| named(o).cmp(name)).ok()
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
    use crate::{Shared, Table};

    #[test]
    fn what_is_not_known_may_be_there() {
        let table = |name: &str| Shared::new(Table { name: name.into(), ..Table::default() });
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
