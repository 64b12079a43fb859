//! The synced catalog as `DatabaseMetadata`.

use api::bytebase::v1 as pb;
use pb::column_metadata::IdentityGeneration;
use pb::generation_metadata::Type as GenerationType;
use pb::table_partition_metadata::Type as PartitionType;
use schema::{
    Catalog, CheckConstraint, Column, Enum, Event, Extension, ForeignKey, GenerationKind, Index,
    MaterializedView, Partition, Routine, RoutineKind, Schema, Sequence, Table, Trigger, UserType,
    View,
};

/// `name` is that of the metadata: `instances/{i}/databases/{d}/metadata`.
pub fn metadata(name: String, catalog: Catalog) -> pb::DatabaseMetadata {
    pb::DatabaseMetadata {
        name,
        schemas: list(catalog.schemas, schema),
        character_set: catalog.character_set,
        collation: catalog.collation,
        extensions: list(catalog.extensions, extension),
        owner: catalog.owner,
        search_path: catalog.search_path,
    }
}

fn list<T, U>(items: Vec<T>, one: impl FnMut(T) -> U) -> Vec<U> {
    items.into_iter().map(one).collect()
}

fn schema(s: Schema) -> pb::SchemaMetadata {
    let (functions, procedures): (Vec<_>, Vec<_>) =
        s.routines.into_iter().partition(|r| r.kind == RoutineKind::Function);
    pb::SchemaMetadata {
        name: s.name,
        owner: s.owner,
        comment: s.comment,
        tables: list(s.tables, |t| table(t.into_inner())),
        views: list(s.views, |v| view(v.into_inner())),
        materialized_views: list(s.materialized_views, materialized_view),
        functions: list(functions, function),
        procedures: list(procedures, procedure),
        sequences: list(s.sequences, sequence),
        enum_types: list(s.enums, enum_type),
        events: list(s.events, event),
        user_types: list(s.types, user_type),
        ..pb::SchemaMetadata::default()
    }
}

fn user_type(t: UserType) -> pb::UserTypeMetadata {
    let UserType { name, definition, comment } = t;
    pb::UserTypeMetadata { name, definition, comment }
}

fn table(t: Table) -> pb::TableMetadata {
    pb::TableMetadata {
        name: t.name,
        columns: list(t.columns, column),
        indexes: list(t.indexes, index),
        engine: t.engine,
        collation: t.collation,
        charset: t.charset,
        // -1 stands for "not known", which the wire cannot say.
        row_count: t.stats.rows.max(0),
        data_size: t.stats.data_bytes.max(0),
        index_size: t.stats.index_bytes.max(0),
        create_options: t.create_options,
        comment: t.comment,
        foreign_keys: list(t.foreign_keys, foreign_key),
        partitions: list(t.partitions, partition),
        check_constraints: list(t.checks, check),
        owner: t.owner,
        triggers: list(t.triggers, trigger),
        ..pb::TableMetadata::default()
    }
}

fn column(c: Column) -> pb::ColumnMetadata {
    // Clients know an auto-increment column by this default.
    let default = if c.auto_increment { Some("AUTO_INCREMENT".to_owned()) } else { c.default };
    let identity = c.identity.as_ref();
    let generation = identity.map_or(IdentityGeneration::Unspecified, |i| match i.always {
        true => IdentityGeneration::Always,
        false => IdentityGeneration::ByDefault,
    });
    pb::ColumnMetadata {
        name: c.name,
        position: c.position,
        has_default: default.is_some(),
        default: default.unwrap_or_default(),
        on_update: c.on_update,
        nullable: c.nullable,
        r#type: c.r#type,
        character_set: c.character_set,
        collation: c.collation,
        comment: c.comment,
        generation: c.generation.map(|g| pb::GenerationMetadata {
            r#type: match g.kind {
                GenerationKind::Stored => GenerationType::Stored,
                GenerationKind::Virtual => GenerationType::Virtual,
            }
            .into(),
            expression: g.expression,
        }),
        is_identity: identity.is_some(),
        identity_generation: generation.into(),
        identity_seed: identity.map_or(0, |i| i.start),
        identity_increment: identity.map_or(0, |i| i.increment),
        is_invisible: c.invisible,
        ..pb::ColumnMetadata::default()
    }
}

fn index(i: Index) -> pb::IndexMetadata {
    pb::IndexMetadata {
        name: i.name,
        key_length: i.keys.iter().map(|k| if k.length == 0 { -1 } else { k.length }).collect(),
        descending: i.keys.iter().map(|k| k.descending).collect(),
        expressions: list(i.keys, |k| k.expression),
        r#type: i.r#type,
        unique: i.unique,
        primary: i.primary,
        visible: i.visible,
        comment: i.comment,
        definition: i.definition,
        is_constraint: i.constraint,
        ..pb::IndexMetadata::default()
    }
}

fn foreign_key(f: ForeignKey) -> pb::ForeignKeyMetadata {
    pb::ForeignKeyMetadata {
        name: f.name,
        columns: f.columns,
        referenced_schema: f.referenced_schema,
        referenced_table: f.referenced_table,
        referenced_columns: f.referenced_columns,
        on_delete: f.on_delete,
        on_update: f.on_update,
        match_type: f.match_type,
    }
}

fn check(c: CheckConstraint) -> pb::CheckConstraintMetadata {
    pb::CheckConstraintMetadata { name: c.name, expression: c.expression }
}

fn partition(p: Partition) -> pb::TablePartitionMetadata {
    // MySQL's words are `RANGE COLUMNS` and the like; the enum joins them with an underscore.
    let kind = PartitionType::from_str_name(&p.r#type.trim().to_uppercase().replace(' ', "_"));
    pb::TablePartitionMetadata {
        name: p.name,
        r#type: kind.unwrap_or(PartitionType::Unspecified).into(),
        expression: p.expression,
        value: p.value,
        use_default: String::new(),
        subpartitions: list(p.subpartitions, partition),
        indexes: list(p.indexes, index),
        check_constraints: list(p.checks, check),
    }
}

fn trigger(t: Trigger) -> pb::TriggerMetadata {
    pb::TriggerMetadata {
        name: t.name,
        event: t.event,
        timing: t.timing,
        body: t.body,
        sql_mode: t.sql_mode,
        character_set_client: t.character_set_client,
        collation_connection: t.collation_connection,
        comment: t.comment,
        skip_dump: false,
    }
}

fn depends_on(columns: Vec<(String, String, String)>) -> Vec<pb::DependencyColumn> {
    list(columns, |(schema, table, column)| pb::DependencyColumn { schema, table, column })
}

fn view(v: View) -> pb::ViewMetadata {
    pb::ViewMetadata {
        name: v.name,
        definition: v.definition,
        comment: v.comment,
        dependency_columns: depends_on(v.depends_on),
        columns: list(v.columns, column),
        triggers: list(v.triggers, trigger),
        skip_dump: false,
    }
}

fn materialized_view(v: MaterializedView) -> pb::MaterializedViewMetadata {
    pb::MaterializedViewMetadata {
        name: v.name,
        definition: v.definition,
        comment: v.comment,
        dependency_columns: depends_on(v.depends_on),
        indexes: list(v.indexes, index),
        ..pb::MaterializedViewMetadata::default()
    }
}

fn function(r: Routine) -> pb::FunctionMetadata {
    pb::FunctionMetadata {
        name: r.name,
        definition: r.definition,
        signature: r.signature,
        character_set_client: r.character_set_client,
        collation_connection: r.collation_connection,
        database_collation: r.database_collation,
        sql_mode: r.sql_mode,
        comment: r.comment,
        dependency_tables: list(r.depends_on, |(schema, table)| pb::DependencyTable {
            schema,
            table,
        }),
        skip_dump: false,
    }
}

fn procedure(r: Routine) -> pb::ProcedureMetadata {
    pb::ProcedureMetadata {
        name: r.name,
        definition: r.definition,
        signature: r.signature,
        character_set_client: r.character_set_client,
        collation_connection: r.collation_connection,
        database_collation: r.database_collation,
        sql_mode: r.sql_mode,
        comment: r.comment,
        skip_dump: false,
    }
}

fn sequence(s: Sequence) -> pb::SequenceMetadata {
    pb::SequenceMetadata {
        name: s.name,
        data_type: s.data_type,
        start: s.start,
        min_value: s.min_value,
        max_value: s.max_value,
        increment: s.increment,
        cycle: s.cycle,
        cache_size: s.cache_size,
        owner_table: s.owner_table,
        owner_column: s.owner_column,
        comment: s.comment,
        ..pb::SequenceMetadata::default()
    }
}

fn enum_type(e: Enum) -> pb::EnumTypeMetadata {
    pb::EnumTypeMetadata { name: e.name, values: e.values, comment: e.comment, skip_dump: false }
}

fn event(e: Event) -> pb::EventMetadata {
    pb::EventMetadata {
        name: e.name,
        definition: e.definition,
        time_zone: e.time_zone,
        sql_mode: e.sql_mode,
        character_set_client: e.character_set_client,
        collation_connection: e.collation_connection,
        comment: e.comment,
    }
}

fn extension(e: Extension) -> pb::ExtensionMetadata {
    pb::ExtensionMetadata {
        name: e.name,
        schema: e.schema,
        version: e.version,
        description: e.description,
    }
}

#[cfg(test)]
mod tests {
    use schema::{Identity, IndexKey, TableStats};

    use super::*;

    #[test]
    fn a_table_keeps_what_clients_read() {
        let column = |name: &str| Column { name: name.into(), ..Column::default() };
        let id = Column { auto_increment: true, ..column("id") };
        let no = Column {
            identity: Some(Identity {
                always: true,
                start: 5,
                increment: 2,
                ..Identity::default()
            }),
            ..column("no")
        };
        let keys = vec![
            IndexKey { expression: "name".into(), length: 10, descending: true },
            IndexKey { expression: "id".into(), ..IndexKey::default() },
        ];
        let t = table(Table {
            name: "customer".into(),
            columns: vec![id, no, column("plain")],
            indexes: vec![Index { keys, ..Index::default() }],
            partitions: vec![Partition { r#type: "RANGE COLUMNS".into(), ..Partition::default() }],
            stats: TableStats { rows: -1, data_bytes: 8192, index_bytes: -1 },
            ..Table::default()
        });
        assert_eq!((t.row_count, t.data_size, t.index_size), (0, 8192, 0));
        assert_eq!(
            (t.columns[0].default.as_str(), t.columns[0].has_default),
            ("AUTO_INCREMENT", true)
        );
        assert_eq!((t.columns[1].identity_seed, t.columns[1].identity_increment), (5, 2));
        assert_eq!(t.columns[1].identity_generation(), IdentityGeneration::Always);
        assert!(!t.columns[2].has_default && !t.columns[2].is_identity);
        assert_eq!(t.indexes[0].expressions, ["name", "id"]);
        assert_eq!(t.indexes[0].key_length, [10, -1]);
        assert_eq!(t.partitions[0].r#type(), PartitionType::RangeColumns);
    }

    #[test]
    fn functions_and_procedures_part() {
        let routine = |kind, name: &str| Routine { kind, name: name.into(), ..Routine::default() };
        let s = schema(Schema {
            routines: vec![
                routine(RoutineKind::Procedure, "p"),
                routine(RoutineKind::Function, "f"),
            ],
            ..Schema::default()
        });
        assert_eq!((s.functions[0].name.as_str(), s.procedures[0].name.as_str()), ("f", "p"));
    }
}
