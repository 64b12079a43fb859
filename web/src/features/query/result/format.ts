/** Cells as text for other programs. Pure. */
import { type Frame, KIND, kindAt, textAt } from './frame';

export const FORMATS = ['tsv', 'csv', 'json', 'markdown', 'insert'] as const;
export type Format = (typeof FORMATS)[number];

export interface Taken {
  /** Rows of the frame, in order; undefined takes all. */
  rows: Uint32Array<ArrayBuffer> | undefined;
  columns: readonly number[];
  format: Format;
  /** Whether the first line names the columns (TSV and CSV). */
  header: boolean;
  /** Where INSERT puts the rows. */
  table: string;
  /** The engine's wire name. */
  engine: string;
}

/** Engines that quote names with backticks, where a backslash in a text escapes. */
const BACKTICK = new Set(['MYSQL', 'MARIADB', 'TIDB']);
/** Rows of one INSERT. */
const INSERT_ROWS = 100;

export function formatCells(frame: Frame, taken: Taken): string {
  const { columns, rows, format } = taken;
  const count = rows?.length ?? frame.rows;
  const names = columns.map((column) => frame.columns[column]?.name ?? '');
  const each = <T>(make: (row: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(rows?.[i] ?? i));
  const cells = (row: number, show: (row: number, column: number) => string) =>
    columns.map((column) => show(row, column));
  switch (format) {
    case 'tsv':
    case 'csv': {
      const by = format === 'tsv' ? '\t' : ',';
      const special = format === 'tsv' ? /[\t\r\n"]/ : /[,\r\n"]/;
      const quoted = (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      // An empty text is told from NULL by its quotes.
      const show = (row: number, column: number) =>
        kindAt(frame, row, column) === KIND.NULL ? '' : quoted(textAt(frame, row, column)) || '""';
      const lines = each((row) => cells(row, show).join(by));
      return (taken.header ? [names.map(quoted).join(by), ...lines] : lines).join(
        format === 'csv' ? '\r\n' : '\n',
      );
    }
    case 'json': {
      const show = (row: number, column: number, i: number) =>
        `    ${JSON.stringify(names[i])}: ${jsonOf(frame, row, column)}`;
      const objects = each((row) => `  {\n${columns.map((c, i) => show(row, c, i)).join(',\n')}\n  }`);
      return `[\n${objects.join(',\n')}\n]`;
    }
    case 'markdown': {
      const line = (texts: string[]) => `| ${texts.join(' | ')} |`;
      const safe = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>');
      const show = (row: number, column: number) =>
        kindAt(frame, row, column) === KIND.NULL ? 'NULL' : safe(textAt(frame, row, column));
      return [
        line(names.map(safe)),
        line(names.map(() => '---')),
        ...each((row) => line(cells(row, show))),
      ].join('\n');
    }
    case 'insert':
      return inserts(frame, taken, names, each);
  }
}

function inserts(
  frame: Frame,
  { columns, table, engine }: Taken,
  names: readonly string[],
  each: <T>(make: (row: number) => T) => T[],
): string {
  const backtick = BACKTICK.has(engine);
  const name = (text: string) =>
    backtick ? `\`${text.replaceAll('`', '``')}\`` : `"${text.replaceAll('"', '""')}"`;
  const tuples = each((row) => `  (${columns.map((c) => literal(frame, row, c, backtick)).join(', ')})`);
  const head = `INSERT INTO ${table || 'table_name'} (${names.map(name).join(', ')}) VALUES`;
  const statements: string[] = [];
  for (let at = 0; at < tuples.length; at += INSERT_ROWS)
    statements.push(`${head}\n${tuples.slice(at, at + INSERT_ROWS).join(',\n')};`);
  return statements.join('\n');
}

function literal(frame: Frame, row: number, column: number, backtick: boolean): string {
  const kind = kindAt(frame, row, column);
  const text = textAt(frame, row, column);
  if (kind === KIND.NULL) return 'NULL';
  if (kind === KIND.BOOL || (kind === KIND.NUMBER && /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text))) return text;
  if (kind === KIND.BYTES) return backtick ? text : `'\\x${text.slice(2)}'`;
  const escaped = backtick ? text.replaceAll('\\', '\\\\') : text;
  return `'${escaped.replaceAll("'", "''")}'`;
}

/** Numbers keep all their digits; JSON goes in as it is. */
function jsonOf(frame: Frame, row: number, column: number): string {
  const kind = kindAt(frame, row, column);
  const text = textAt(frame, row, column);
  if (kind === KIND.NULL) return 'null';
  if (kind === KIND.BOOL) return text;
  if (kind === KIND.NUMBER && /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  if (kind === KIND.JSON && isJson(text)) return text;
  return JSON.stringify(text);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // Shown as the text that it is.
  }
}

/** The table that a simple statement reads, as it is written there. */
export const tableOf = (statement: string): string =>
  /\bfrom\s+((?:[\w$]+|"[^"]+"|`[^`]+`)(?:\.(?:[\w$]+|"[^"]+"|`[^`]+`))*)/i.exec(statement)?.[1] ?? '';
