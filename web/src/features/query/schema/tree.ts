/** The synced catalog as a tree whose open parts are one flat list of rows. Pure. */
import type { ColumnMetadata, DatabaseMetadata } from '@/api/types';
import { type ObjectKind, type SchemaObject, schemaObjects } from '@/features/databases/schemaObjects';

export interface TreeRow {
  key: string;
  level: number;
  kind: 'schema' | 'column' | ObjectKind;
  name: string;
  /** What stands behind the name: a type, a number of parts. */
  fact: string;
  /** Undefined for what has nothing below. */
  expanded: boolean | undefined;
  /** Place among its siblings, from 1, and how many there are. */
  place: number;
  size: number;
  parent: string;
  /** The object, also of its columns. */
  object: SchemaObject | undefined;
}

/** What a query can read. */
const READABLE = new Set<ObjectKind>(['table', 'externalTable', 'view', 'materializedView']);
const KINDS = new Set<ObjectKind>([...READABLE, 'function', 'procedure', 'sequence']);

export const isReadable = (row: TreeRow | undefined) =>
  row?.object !== undefined && row.kind !== 'column' && READABLE.has(row.object.kind);

const columnsOf = ({ table, columns }: SchemaObject): readonly ColumnMetadata[] =>
  table?.columns ?? columns ?? [];

export interface Tree {
  schemas: readonly { name: string; objects: readonly SchemaObject[] }[];
  objects: readonly SchemaObject[];
}

export function treeOf(metadata: DatabaseMetadata): Tree {
  const objects = schemaObjects(metadata).filter(({ kind }) => KINDS.has(kind));
  const schemas = new Map<string, SchemaObject[]>();
  for (const { name = '' } of metadata.schemas ?? []) schemas.set(name, []);
  for (const object of objects) schemas.get(object.schema)?.push(object);
  return { objects, schemas: [...schemas].map(([name, list]) => ({ name, objects: list })) };
}

const schemaKey = (name: string) => `schema:${name}`;

/** Schemas that are open at first: the only one, or the usual one. */
export const firstOpen = ({ schemas }: Tree): Set<string> =>
  new Set(
    schemas
      .filter(({ name }) => schemas.length === 1 || name === 'public')
      .map(({ name }) => schemaKey(name)),
  );

/** The rows that show. A search opens every schema with a fitting object in it. */
export function rowsOf(tree: Tree, open: ReadonlySet<string>, search: string): TreeRow[] {
  const wanted = search.trim().toLowerCase();
  const fits = ({ name, ...object }: SchemaObject) =>
    !wanted ||
    name.toLowerCase().includes(wanted) ||
    columnsOf({ name, ...object }).some((column) => column.name?.toLowerCase().includes(wanted));
  const rows: TreeRow[] = [];
  const groups = tree.schemas
    .map(({ name, objects }) => ({ name, objects: objects.filter(fits) }))
    .filter(({ objects }) => !wanted || objects.length > 0);
  const flat = groups.length === 1 && groups[0]?.name === '' && tree.schemas.length === 1;
  groups.forEach(({ name, objects }, at) => {
    const key = schemaKey(name);
    const expanded = wanted !== '' || open.has(key);
    if (!flat) {
      const [place, size] = [at + 1, groups.length];
      const fact = String(objects.length);
      rows.push({
        key,
        level: 1,
        kind: 'schema',
        name,
        fact,
        expanded,
        place,
        size,
        parent: '',
        object: undefined,
      });
    }
    if (flat || expanded) pushObjects(rows, objects, open, flat ? '' : key);
  });
  return rows;
}

function pushObjects(
  rows: TreeRow[],
  objects: readonly SchemaObject[],
  open: ReadonlySet<string>,
  parent: string,
) {
  const level = parent ? 2 : 1;
  objects.forEach((object, at) => {
    const columns = columnsOf(object);
    const expanded = columns.length > 0 ? open.has(object.key) : undefined;
    const { key, kind, name } = object;
    rows.push({
      key,
      level,
      kind,
      name,
      fact: '',
      expanded,
      place: at + 1,
      size: objects.length,
      parent,
      object,
    });
    if (!expanded) return;
    columns.forEach((column, i) => {
      rows.push({
        key: `${key}/${column.name}`,
        level: level + 1,
        kind: 'column',
        name: column.name ?? '',
        fact: column.type ?? '',
        expanded: undefined,
        place: i + 1,
        size: columns.length,
        parent: key,
        object,
      });
    });
  });
}

/** Where a key leads from a row: another row's place, or opening or closing this one. */
export function step(
  rows: readonly TreeRow[],
  at: number,
  key: string,
  page: number,
): number | 'open' | 'close' | undefined {
  const row = rows[at];
  const last = rows.length - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'PageDown':
      return Math.min(last, at + page);
    case 'PageUp':
      return Math.max(0, at - page);
    case 'ArrowRight':
      return row?.expanded === false ? 'open' : row?.expanded ? Math.min(last, at + 1) : undefined;
    case 'ArrowLeft':
      if (row?.expanded) return 'close';
      return row?.parent ? rows.findIndex((r) => r.key === row.parent) : undefined;
    default:
      return undefined;
  }
}

const PLAIN = /^[a-z_][a-z0-9_]*$/;
const BACKTICK = new Set(['MYSQL', 'MARIADB', 'TIDB']);

/** A name as SQL takes it: quoted when it has to be. */
export function quoted(name: string, engine: string | undefined): string {
  if (PLAIN.test(name)) return name;
  const mark = BACKTICK.has(engine ?? '') ? '`' : '"';
  return mark + name.replaceAll(mark, mark + mark) + mark;
}

/** What is put into a statement for a row. */
export function sqlName(row: TreeRow, engine: string | undefined): string {
  const schema =
    row.kind !== 'column' && row.object && row.object.schema !== 'public' ? row.object.schema : '';
  return [schema, row.name]
    .filter(Boolean)
    .map((part) => quoted(part, engine))
    .join('.');
}
