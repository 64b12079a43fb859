/** The synced catalog as one flat, searchable list of objects. Pure. */
import type { DatabaseMetadata, SchemaMetadata, TableMetadata } from '@/api/types';

export type ObjectKind =
  | 'table'
  | 'view'
  | 'materializedView'
  | 'function'
  | 'procedure'
  | 'sequence'
  | 'enum';

export interface SchemaObject {
  /** `table:public.customer`: the value of `?object=`. */
  key: string;
  kind: ObjectKind;
  schema: string;
  name: string;
  table?: TableMetadata;
  definition?: string;
  comment?: string;
  /** A few words: a sequence's type, an enum's values. */
  facts?: string;
}

function of(schema: SchemaMetadata): SchemaObject[] {
  const make = (kind: ObjectKind, name = '', rest: Partial<SchemaObject> = {}): SchemaObject => ({
    key: `${kind}:${[schema.name, name].filter(Boolean).join('.')}`,
    kind,
    schema: schema.name ?? '',
    name,
    ...rest,
  });
  const defined = (
    kind: ObjectKind,
    list: { name?: string; definition?: string; comment?: string }[] | undefined,
  ) =>
    (list ?? []).map((item) => make(kind, item.name, { definition: item.definition, comment: item.comment }));
  return [
    ...(schema.tables ?? []).map((table) => make('table', table.name, { table, comment: table.comment })),
    ...defined('view', schema.views),
    ...defined('materializedView', schema.materializedViews),
    ...defined('function', schema.functions),
    ...defined('procedure', schema.procedures),
    ...(schema.sequences ?? []).map((s) => make('sequence', s.name, { facts: s.dataType })),
    ...(schema.enumTypes ?? []).map((e) => make('enum', e.name, { facts: (e.values ?? []).join(', ') })),
  ];
}

export const schemaObjects = (metadata: DatabaseMetadata): SchemaObject[] =>
  (metadata.schemas ?? []).flatMap(of);

export function matching(objects: readonly SchemaObject[], text: string): SchemaObject[] {
  const wanted = text.trim().toLowerCase();
  return wanted
    ? objects.filter((o) => `${o.schema}.${o.name}`.toLowerCase().includes(wanted))
    : [...objects];
}
