//! Catalogs that no server made, and those of which a server showed only a part. Real ones: driver-mysql's tests.

use schema::{
    Catalog, CheckConstraint, Column, ForeignKey, Generation, GenerationKind, Index, IndexKey,
    Routine, Schema, Table, View,
};
use sql::Dialect as _;
use sql_mysql::DIALECT;

fn render(schema: Schema) -> String {
    DIALECT.render(&Catalog { schemas: vec![schema], ..Catalog::default() })
}

fn column(name: &str, r#type: &str) -> Column {
    Column { name: name.to_owned(), r#type: r#type.to_owned(), ..Column::default() }
}

#[test]
fn a_table_without_its_statement_is_made_from_its_parts() {
    let key = |name: &str, length| IndexKey {
        expression: name.to_owned(),
        length,
        descending: length > 0,
    };
    let table = Table {
        name: "t".to_owned(),
        engine: "InnoDB".to_owned(),
        collation: "utf8mb4_bin".to_owned(),
        comment: "it's".to_owned(),
        create_options: "row_format=DYNAMIC partitioned".to_owned(),
        columns: vec![
            Column { auto_increment: true, ..column("id", "bigint") },
            Column {
                nullable: true,
                default: Some("'x'".to_owned()),
                collation: "latin1_bin".to_owned(),
                character_set: "latin1".to_owned(),
                ..column("na`me", "varchar(9)")
            },
            Column {
                generation: Some(Generation {
                    kind: GenerationKind::Stored,
                    expression: "`id` * 2".to_owned(),
                }),
                ..column("twice", "bigint")
            },
        ],
        indexes: vec![
            Index {
                name: "PRIMARY".to_owned(),
                primary: true,
                unique: true,
                visible: true,
                keys: vec![key("id", 0)],
                ..Index::default()
            },
            Index {
                name: "n".to_owned(),
                keys: vec![key("na`me", 3), key("(`id` + 1)", 0)],
                ..Index::default()
            },
        ],
        foreign_keys: vec![ForeignKey {
            name: "f".to_owned(),
            columns: vec!["id".to_owned()],
            referenced_table: "u".to_owned(),
            referenced_columns: vec!["id".to_owned()],
            on_delete: "CASCADE".to_owned(),
            on_update: "RESTRICT".to_owned(),
            ..ForeignKey::default()
        }],
        checks: vec![CheckConstraint { name: "c".to_owned(), expression: "`id` > 0".to_owned() }],
        ..Table::default()
    };
    let script = render(Schema { tables: vec![table.into()], ..Schema::default() });
    let expect = "CREATE TABLE `t` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `na``me` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT 'x',
  `twice` bigint GENERATED ALWAYS AS (`id` * 2) STORED NOT NULL,
  PRIMARY KEY (`id`),
  KEY `n` (`na``me`(3) DESC,(`id` + 1)) INVISIBLE,
  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `u` (`id`) ON DELETE CASCADE,
  CONSTRAINT `c` CHECK (`id` > 0)
) ENGINE=InnoDB COLLATE=utf8mb4_bin row_format=DYNAMIC COMMENT='it''s';";
    assert!(script.contains(expect), "{script}");
}

#[test]
fn what_could_not_be_read_is_said_and_breaks_nothing() {
    let schema = Schema {
        routines: vec![Routine { name: "p\nDROP TABLE t".to_owned(), ..Routine::default() }],
        views: vec![View { name: "v".to_owned(), ..View::default() }.into()],
        ..Schema::default()
    };
    let script = render(schema);
    assert!(
        script.contains("-- The text of routine `p DROP TABLE t` could not be read.\n"),
        "{script}"
    );
    assert!(script.contains("-- The query of view `v` could not be read.\n"), "{script}");
    let kinds: Vec<_> = DIALECT
        .split(&script)
        .iter()
        .map(|s| DIALECT.classify(s.text(&script)).kind.as_str())
        .collect();
    assert!(kinds.iter().all(|k| *k == "SET"), "{kinds:?}");
}
