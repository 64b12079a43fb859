//! Where each object stands in the catalog under construction.

use std::collections::HashMap;

use schema::{
    Catalog, ForeignKey, Index, MaterializedView, Partition, Routine, Schema, Table, Trigger, View,
};

pub type Oid = u32;

/// Position of a relation: number of its schema, number in the list of its kind.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Table(usize, usize),
    View(usize, usize),
    MaterializedView(usize, usize),
    Partition,
}

/// A partition, until it is hung into the tree.
pub struct Part {
    pub schema: usize,
    pub parent: Oid,
    pub partition: Partition,
}

pub struct Builder {
    pub catalog: Catalog,
    pub schemas: HashMap<Oid, usize>,
    pub places: HashMap<Oid, Place>,
    pub parts: HashMap<Oid, Part>,
    /// Schema and number in its list.
    pub routines: HashMap<Oid, (Oid, usize)>,
    /// Column numbers of a relation, in the order of its columns: a dropped column leaves a gap.
    pub numbers: HashMap<Oid, Vec<i16>>,
}

impl Builder {
    pub fn new() -> Self {
        Self {
            catalog: Catalog::default(),
            schemas: HashMap::new(),
            places: HashMap::new(),
            parts: HashMap::new(),
            routines: HashMap::new(),
            numbers: HashMap::new(),
        }
    }

    /// The schema with that id; None for schemas that are not read.
    pub fn schema(&mut self, oid: Oid) -> Option<&mut Schema> {
        self.catalog.schemas.get_mut(*self.schemas.get(&oid)?)
    }

    pub fn table(&mut self, oid: Oid) -> Option<&mut Table> {
        match *self.places.get(&oid)? {
            Place::Table(s, n) => self.catalog.schemas[s].tables.get_mut(n).map(|t| &mut **t),
            _ => None,
        }
    }

    pub fn view(&mut self, oid: Oid) -> Option<&mut View> {
        match *self.places.get(&oid)? {
            Place::View(s, n) => self.catalog.schemas[s].views.get_mut(n).map(|v| &mut **v),
            _ => None,
        }
    }

    pub fn materialized_view(&mut self, oid: Oid) -> Option<&mut MaterializedView> {
        match *self.places.get(&oid)? {
            Place::MaterializedView(s, n) => self.catalog.schemas[s].materialized_views.get_mut(n),
            _ => None,
        }
    }

    pub fn partition(&mut self, oid: Oid) -> Option<&mut Partition> {
        self.parts.get_mut(&oid).map(|p| &mut p.partition)
    }

    pub fn indexes(&mut self, oid: Oid) -> Option<&mut Vec<Index>> {
        match *self.places.get(&oid)? {
            Place::Table(s, n) => Some(&mut self.catalog.schemas[s].tables[n].indexes),
            Place::MaterializedView(s, n) => {
                Some(&mut self.catalog.schemas[s].materialized_views[n].indexes)
            }
            Place::Partition => self.partition(oid).map(|p| &mut p.indexes),
            Place::View(..) => None,
        }
    }

    pub fn foreign_keys(&mut self, oid: Oid) -> Option<&mut Vec<ForeignKey>> {
        match *self.places.get(&oid)? {
            Place::Table(s, n) => Some(&mut self.catalog.schemas[s].tables[n].foreign_keys),
            Place::Partition => self.partition(oid).map(|p| &mut p.foreign_keys),
            _ => None,
        }
    }

    pub fn triggers(&mut self, oid: Oid) -> Option<&mut Vec<Trigger>> {
        match *self.places.get(&oid)? {
            Place::Table(s, n) => Some(&mut self.catalog.schemas[s].tables[n].triggers),
            Place::View(s, n) => Some(&mut self.catalog.schemas[s].views[n].triggers),
            Place::Partition => self.partition(oid).map(|p| &mut p.triggers),
            Place::MaterializedView(..) => None,
        }
    }

    pub fn routine(&mut self, oid: Oid) -> Option<&mut Routine> {
        let (namespace, at) = self.routines.get(&oid).copied()?;
        self.schema(namespace)?.routines.get_mut(at)
    }

    /// Schema and name of a relation that is read; None for the system's own.
    pub fn name(&self, oid: Oid) -> Option<(String, String)> {
        let (schema, name) = match *self.places.get(&oid)? {
            Place::Table(s, n) => (s, &self.catalog.schemas[s].tables[n].name),
            Place::View(s, n) => (s, &self.catalog.schemas[s].views[n].name),
            Place::MaterializedView(s, n) => {
                (s, &self.catalog.schemas[s].materialized_views[n].name)
            }
            Place::Partition => {
                let part = self.parts.get(&oid)?;
                (part.schema, &part.partition.name)
            }
        };
        Some((self.catalog.schemas[schema].name.clone(), name.clone()))
    }

    /// The name of a column by its number; empty for the whole row.
    pub fn column(&self, oid: Oid, number: i16) -> Option<String> {
        if number == 0 {
            return Some(String::new());
        }
        let at = self.numbers.get(&oid)?.iter().position(|n| *n == number)?;
        let name = match *self.places.get(&oid)? {
            Place::Table(s, n) => &self.catalog.schemas[s].tables[n].columns.get(at)?.name,
            Place::View(s, n) => &self.catalog.schemas[s].views[n].columns.get(at)?.name,
            _ => return None,
        };
        Some(name.clone())
    }

    /// Hangs the partitions into their tables and puts every list in its order.
    pub fn finish(mut self) -> Catalog {
        let mut below: HashMap<Oid, Vec<Oid>> = HashMap::new();
        for (oid, part) in &self.parts {
            below.entry(part.parent).or_default().push(*oid);
        }
        for (parent, children) in &below {
            if let Some(Place::Table(s, n)) = self.places.get(parent).copied() {
                let list = hang(children, s, &below, &mut self.parts);
                self.catalog.schemas[s].tables[n].partitions = list;
            }
        }
        let mut catalog = self.catalog;
        for s in &mut catalog.schemas {
            s.tables.sort_by(|a, b| a.name.cmp(&b.name));
            s.views.sort_by(|a, b| a.name.cmp(&b.name));
            s.materialized_views.sort_by(|a, b| a.name.cmp(&b.name));
            s.routines.sort_by(|a, b| a.signature.cmp(&b.signature));
            s.sequences.sort_by(|a, b| a.name.cmp(&b.name));
            s.enums.sort_by(|a, b| a.name.cmp(&b.name));
            s.types.sort_by(|a, b| a.name.cmp(&b.name));
            for t in &mut s.tables {
                t.indexes.sort_by(|a, b| a.name.cmp(&b.name));
                t.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
                t.checks.sort_by(|a, b| a.name.cmp(&b.name));
                t.triggers.sort_by(|a, b| a.name.cmp(&b.name));
                t.policies.sort_by(|a, b| a.name.cmp(&b.name));
                t.rules.sort_by(|a, b| a.name.cmp(&b.name));
            }
            for v in &mut s.views {
                v.depends_on.sort();
                v.triggers.sort_by(|a, b| a.name.cmp(&b.name));
            }
            for v in &mut s.materialized_views {
                v.depends_on.sort();
                v.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            }
            for r in &mut s.routines {
                r.depends_on.sort();
                r.depends_on.dedup();
            }
        }
        catalog.schemas.sort_by(|a, b| a.name.cmp(&b.name));
        catalog.extensions.sort_by(|a, b| a.name.cmp(&b.name));
        catalog
    }
}

/// The partitions of one parent, each with those below it. Each partition has one parent, so this ends.
fn hang(
    children: &[Oid],
    table_schema: usize,
    below: &HashMap<Oid, Vec<Oid>>,
    parts: &mut HashMap<Oid, Part>,
) -> Vec<Partition> {
    let mut list: Vec<Partition> = Vec::with_capacity(children.len());
    for oid in children {
        let Some(part) = parts.remove(oid) else { continue };
        let mut partition = part.partition;
        if part.schema == table_schema {
            partition.schema.clear();
        }
        if let Some(deeper) = below.get(oid) {
            partition.subpartitions = hang(deeper, table_schema, below, parts);
        }
        partition.indexes.sort_by(|a, b| a.name.cmp(&b.name));
        partition.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        partition.checks.sort_by(|a, b| a.name.cmp(&b.name));
        partition.triggers.sort_by(|a, b| a.name.cmp(&b.name));
        list.push(partition);
    }
    list.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    list
}
