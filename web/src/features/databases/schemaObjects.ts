/** The synced catalog as one flat, searchable list of objects. Pure. */
import type {
  ColumnMetadata,
  DatabaseMetadata,
  IndexMetadata,
  SchemaMetadata,
  TableMetadata,
  TriggerMetadata,
} from '@/api/types';

/** In the order of the list. */
export const OBJECT_KINDS = [
  'table',
  'externalTable',
  'view',
  'materializedView',
  'function',
  'procedure',
  'package',
  'event',
  'sequence',
  'enum',
  'userType',
  'extension',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

export interface SchemaObject {
  /** `table:public.customer`: the value of `?object=`. */
  key: string;
  kind: ObjectKind;
  schema: string;
  name: string;
  table?: TableMetadata | undefined;
  /** Of what is no table. */
  columns?: readonly ColumnMetadata[] | undefined;
  indexes?: readonly IndexMetadata[] | undefined;
  triggers?: readonly TriggerMetadata[] | undefined;
  definition?: string | undefined;
  comment?: string | undefined;
  /** A few words: a sequence's type, an enum's values, an argument list. */
  facts?: string | undefined;
}

type Defined = Pick<SchemaObject, 'definition' | 'comment' | 'columns' | 'indexes' | 'triggers'> & {
  name?: string | undefined;
  signature?: string | undefined;
};

function of(schema: SchemaMetadata): SchemaObject[] {
  const make = (kind: ObjectKind, name = '', rest: Partial<SchemaObject> = {}): SchemaObject => ({
    key: `${kind}:${[schema.name, name].filter(Boolean).join('.')}`,
    kind,
    schema: schema.name ?? '',
    name,
    ...rest,
  });
  const defined = (kind: ObjectKind, list: readonly Defined[] | undefined) =>
    (list ?? []).map(({ name, signature, ...rest }) => {
      const object = make(kind, name, { ...rest, facts: signature });
      // Routines of one name differ in their arguments.
      return signature ? { ...object, key: `${object.key} ${signature}` } : object;
    });
  return [
    ...(schema.tables ?? []).map((table) => make('table', table.name, { table, comment: table.comment })),
    ...(schema.externalTables ?? []).map(({ name, columns, externalServerName, externalDatabaseName }) =>
      make('externalTable', name, {
        columns,
        facts: [externalServerName, externalDatabaseName].filter(Boolean).join('.'),
      }),
    ),
    ...defined('view', schema.views),
    ...defined('materializedView', schema.materializedViews),
    ...defined('function', schema.functions),
    ...defined('procedure', schema.procedures),
    ...defined('package', schema.packages),
    ...defined('event', schema.events),
    ...(schema.sequences ?? []).map((s) =>
      make('sequence', s.name, {
        comment: s.comment,
        facts: [s.dataType, s.ownerTable && [s.ownerTable, s.ownerColumn].join('.')]
          .filter(Boolean)
          .join(' · '),
      }),
    ),
    ...(schema.enumTypes ?? []).map(({ name, values, comment }) =>
      make('enum', name, { comment, facts: (values ?? []).join(', ') }),
    ),
    ...defined('userType', schema.userTypes),
  ];
}

export const schemaObjects = (metadata: DatabaseMetadata): SchemaObject[] => [
  ...(metadata.schemas ?? []).flatMap(of),
  ...(metadata.extensions ?? []).map(
    ({ name = '', schema = '', version, description }): SchemaObject => ({
      key: `extension:${name}`,
      kind: 'extension',
      schema,
      name,
      comment: description,
      facts: version,
    }),
  ),
];

/** How many objects of each kind there are; kinds of which there are none are left out. */
export function kindsOf(objects: readonly SchemaObject[]): { kind: ObjectKind; count: number }[] {
  const counts = new Map<ObjectKind, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return OBJECT_KINDS.flatMap((kind) => {
    const count = counts.get(kind);
    return count ? [{ kind, count }] : [];
  });
}

export function matching(
  objects: readonly SchemaObject[],
  text: string,
  kind: string | undefined = undefined,
): SchemaObject[] {
  const wanted = text.trim().toLowerCase();
  return objects.filter(
    (o) => (!kind || o.kind === kind) && `${o.schema}.${o.name}`.toLowerCase().includes(wanted),
  );
}
