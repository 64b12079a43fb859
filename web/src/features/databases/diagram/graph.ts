/** Which tables a diagram shows, and how they refer to each other. Pure. */
import type { DatabaseMetadata, TableMetadata } from '@/api/types';

/** More tables at once say nothing, and take seconds to lay out: then only those around one are drawn. */
export const ALL_AT_ONCE = 60;
/** Columns of a table that are drawn; keys come first. */
const COLUMNS = 10;

export interface Column {
  name: string;
  type: string;
  key: 'primary' | 'foreign' | undefined;
}

export interface Entity {
  /** `public.customer`, as the list of objects names it. */
  id: string;
  schema: string;
  name: string;
  columns: Column[];
  /** Columns that are not drawn. */
  more: number;
}

export interface Relation {
  id: string;
  /** The table that refers. */
  from: string;
  to: string;
  columns: string[];
  toColumns: string[];
  onDelete: string;
}

export interface Graph {
  entities: Entity[];
  relations: Relation[];
}

const idOf = (schema: string | undefined, name: string | undefined) =>
  [schema, name].filter(Boolean).join('.');

/** All tables and all foreign keys between them. */
export function graphOf(metadata: DatabaseMetadata): Graph {
  const entities: Entity[] = [];
  const relations: Relation[] = [];
  for (const schema of metadata.schemas ?? []) {
    for (const table of schema.tables ?? []) {
      const id = idOf(schema.name, table.name);
      entities.push(entityOf(id, schema.name ?? '', table));
      for (const [place, key] of (table.foreignKeys ?? []).entries()) {
        relations.push({
          id: `${id} ${key.name || place}`,
          from: id,
          // An engine without schemas names none; neither does its catalog.
          to: idOf(key.referencedSchema || schema.name, key.referencedTable),
          columns: key.columns ?? [],
          toColumns: key.referencedColumns ?? [],
          onDelete: key.onDelete ?? '',
        });
      }
    }
  }
  const known = new Set(entities.map(({ id }) => id));
  return { entities, relations: relations.filter(({ to }) => known.has(to)) };
}

function entityOf(id: string, schema: string, table: TableMetadata): Entity {
  const primary = new Set(table.indexes?.find((index) => index.primary)?.expressions);
  const foreign = new Set(table.foreignKeys?.flatMap((key) => key.columns ?? []));
  const columns = (table.columns ?? []).map(({ name = '', type = '' }): Column => {
    const key = primary.has(name) ? 'primary' : foreign.has(name) ? 'foreign' : undefined;
    return { name, type, key };
  });
  const rank = ({ key }: Column) => (key === 'primary' ? 0 : key === 'foreign' ? 1 : 2);
  const shown = [...columns].sort((a, b) => rank(a) - rank(b)).slice(0, COLUMNS);
  return { id, schema, name: table.name ?? '', columns: shown, more: columns.length - shown.length };
}

/**
 * The table and those that it refers to, or that refer to it. Everything may refer to a table of tenants or of users:
 * then those that it refers to itself come first, and no more than fit are drawn.
 */
export function around({ entities, relations }: Graph, id: string): Graph {
  const near = new Set([id]);
  for (const { from, to } of relations) if (from === id) near.add(to);
  for (const { from, to } of relations) if (to === id && near.size < ALL_AT_ONCE) near.add(from);
  return {
    entities: entities.filter((entity) => near.has(entity.id)),
    relations: relations.filter(({ from, to }) => near.has(from) && near.has(to)),
  };
}

/** What to draw: everything, or what is around one table; the one with most relations when none is chosen. */
export function view(graph: Graph, focus: string | undefined): { graph: Graph; focus: string | undefined } {
  const chosen = graph.entities.find(({ id }) => id === focus)?.id;
  if (chosen) return { graph: around(graph, chosen), focus: chosen };
  if (graph.entities.length <= ALL_AT_ONCE) return { graph, focus: undefined };
  const count = new Map<string, number>();
  for (const { from, to } of graph.relations) {
    for (const id of [from, to]) count.set(id, (count.get(id) ?? 0) + 1);
  }
  const busiest = [...count].sort((a, b) => b[1] - a[1])[0]?.[0] ?? graph.entities[0]?.id ?? '';
  return { graph: around(graph, busiest), focus: busiest };
}
