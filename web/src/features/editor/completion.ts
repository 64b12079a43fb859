/**
 * Completion from the schema as it was last read. Tables and `alias.` are the SQL package's own work; here are the
 * names it is given, and the columns of the tables that the statement at the cursor speaks of, so that
 * `UPDATE customer SET …`, `INSERT INTO customer (…` and `CREATE INDEX … ON customer (…` complete as well as SELECT.
 */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { SQLDialect, SQLNamespace } from '@codemirror/lang-sql';
import type { DatabaseMetadata } from '@/api/types';

export interface Names {
  tree: SQLNamespace;
  defaultSchema: string | undefined;
  /** Columns by the name of their table in lower case, alone and behind its schema. */
  columns: ReadonlyMap<string, readonly Completion[]>;
}

/** Characters to either side of the cursor that are looked at: statements are shorter. */
const REACH = 20_000;

interface Described {
  name?: string | undefined;
  columns?: readonly { name?: string | undefined; type?: string | undefined }[] | undefined;
}

export function namesOf(metadata: DatabaseMetadata): Names {
  const columns = new Map<string, readonly Completion[]>();
  const schemas = metadata.schemas ?? [];
  const defaultSchema = (schemas.find(({ name }) => name === 'public') ?? schemas[0])?.name ?? '';
  const tree: Record<string, SQLNamespace> = {};
  for (const schema of schemas) {
    const name = schema.name ?? '';
    // Engines without schemas have one that has no name: its tables stand at the top.
    const tables: Record<string, SQLNamespace> = name ? {} : tree;
    if (name) tree[name] = tables;
    const add = (kind: string, things: readonly Described[] = []) => {
      for (const thing of things) {
        if (!thing.name) continue;
        const children = (thing.columns ?? []).map(
          (column): Completion => ({
            label: column.name ?? '',
            detail: column.type ?? '',
            type: 'property',
          }),
        );
        tables[thing.name] = { self: { label: thing.name, detail: kind, type: 'class' }, children };
        const key = thing.name.toLowerCase();
        columns.set(`${name.toLowerCase()}.${key}`, children);
        if (name === defaultSchema || !columns.has(key)) columns.set(key, children);
      }
    };
    add('table', schema.tables);
    add('table', schema.externalTables);
    add('view', schema.views);
    add('view', schema.materializedViews);
  }
  return { tree, defaultSchema: defaultSchema || undefined, columns };
}

const NAME = '(?:"[^"]+"|`[^`]+`|\\[[^\\]]+\\]|[\\w$]+)';
const TABLE = new RegExp(
  `\\b(?:from|join|update|into|table|on|,)\\s+(?:only\\s+)?(${NAME}(?:\\.${NAME})?)`,
  'gi',
);

/** Names of what a statement speaks of, in lower case and without quotes. */
export function tablesIn(statement: string): string[] {
  const found = [...statement.matchAll(TABLE)].map(([, name = '']) =>
    name.replace(/["`[\]]/g, '').toLowerCase(),
  );
  return [...new Set(found)];
}

/** The text between the semicolons around `at`. */
export function statementAround(text: string, at: number): string {
  const end = text.indexOf(';', at);
  return text.slice(text.lastIndexOf(';', at - 1) + 1, end < 0 ? undefined : end);
}

/** As the engine wants it written: quoted where it would not be read as it is. */
function written(name: string, { spec }: SQLDialect): string {
  const plain = spec.caseInsensitiveIdentifiers ? /^[a-z_][\w$]*$/i : /^[a-z_][a-z\d_$]*$/;
  if (plain.test(name)) return name;
  const open = spec.identifierQuotes?.[0] ?? '"';
  const close = open === '[' ? ']' : open;
  return `${open}${name.replaceAll(close, close + close)}${close}`;
}

/** Offers columns of the tables of the statement at the cursor, before keywords. */
export function columnsInReach(names: Names, dialect: SQLDialect) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w$]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const { doc } = context.state;
    // Behind a dot, the name before it says what is meant.
    if (doc.sliceString(word.from - 1, word.from) === '.') return null;
    const start = Math.max(0, context.pos - REACH);
    const near = doc.sliceString(start, Math.min(doc.length, context.pos + REACH));
    const seen = new Map<string, Completion>();
    for (const table of tablesIn(statementAround(near, context.pos - start))) {
      for (const column of names.columns.get(table) ?? []) {
        if (!seen.has(column.label)) {
          seen.set(column.label, { ...column, apply: written(column.label, dialect), boost: 2 });
        }
      }
    }
    if (seen.size === 0) return null;
    return { from: word.from, options: [...seen.values()], validFor: /^[\w$]*$/ };
  };
}
