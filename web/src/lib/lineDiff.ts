/** Line differences of two texts, for the unified and the split view. Pure. */
import { diffLines } from 'diff';

export interface DiffLine {
  kind: 'same' | 'add' | 'remove';
  text: string;
  /** 1-based line numbers; absent on the side that lacks the line. */
  before?: number;
  after?: number;
}

/** A run of equal lines that was left out. */
export interface Gap {
  kind: 'gap';
  lines: DiffLine[];
}

const CONTEXT = 3;
/** Fewer equal lines than would be gained by folding them. */
const SHORT = 3;

export function lineDiff(before: string, after: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let [b, a] = [1, 1];
  for (const part of diffLines(before, after)) {
    const texts = part.value.replace(/\n$/, '').split('\n');
    for (const text of texts) {
      if (part.added) lines.push({ kind: 'add', text, after: a++ });
      else if (part.removed) lines.push({ kind: 'remove', text, before: b++ });
      else lines.push({ kind: 'same', text, before: b++, after: a++ });
    }
  }
  return lines;
}

/** The lines with equal runs folded, three lines of context kept around each change. */
export function fold(lines: readonly DiffLine[]): (DiffLine | Gap)[] {
  const near = new Set<number>();
  lines.forEach((line, i) => {
    if (line.kind === 'same') return;
    for (let k = i - CONTEXT; k <= i + CONTEXT; k += 1) near.add(k);
  });
  const folded: (DiffLine | Gap)[] = [];
  const unfoldShort = () => {
    const last = folded.at(-1);
    if (last?.kind === 'gap' && last.lines.length <= SHORT) folded.splice(-1, 1, ...last.lines);
  };
  lines.forEach((line, i) => {
    if (line.kind !== 'same' || near.has(i)) {
      unfoldShort();
      folded.push(line);
      return;
    }
    const last = folded.at(-1);
    if (last?.kind === 'gap') last.lines.push(line);
    else folded.push({ kind: 'gap', lines: [line] });
  });
  unfoldShort();
  return folded;
}

export interface SplitRow {
  left?: DiffLine;
  right?: DiffLine;
}

/** Removed lines beside the added lines that follow them. */
export function split(lines: readonly (DiffLine | Gap)[]): (SplitRow | Gap)[] {
  const rows: (SplitRow | Gap)[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) {
      rows.push({ left: removed[i], right: added[i] });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'remove') removed.push(line);
    else if (line.kind === 'add') added.push(line);
    else {
      flush();
      rows.push(line.kind === 'gap' ? line : { left: line, right: line });
    }
  }
  flush();
  return rows;
}

/** Without comments, empty lines and the length of blanks: what is left differs in meaning. */
export const withoutLayout = (dump: string): string =>
  dump
    .replace(/^[ \t]*--.*$/gm, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/ *$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

export interface ObjectChange {
  kind: 'added' | 'removed' | 'changed';
  type: string;
  name: string;
}

/** `CREATE …` blocks of a dump by type and name. Good enough to say what changed; the lines show the rest. */
function objects(dump: string): Map<string, { type: string; name: string; text: string }> {
  const found = new Map<string, { type: string; name: string; text: string }>();
  const head =
    /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|TEMPORARY\s+|UNLOGGED\s+)?(TABLE|VIEW|MATERIALIZED VIEW|INDEX|SEQUENCE|TYPE|FUNCTION|PROCEDURE|TRIGGER|SCHEMA|EXTENSION|EVENT)\s+(?:IF NOT EXISTS\s+)?([^\s(]+)/i;
  for (const block of dump.split(/\n\s*\n/)) {
    const match = head.exec(block.replace(/^(--.*\n)+/, ''));
    if (!match?.[1] || !match[2]) continue;
    const type = match[1].toLowerCase();
    const name = match[2].replace(/["`]/g, '');
    const key = `${type} ${name}`;
    const known = found.get(key);
    found.set(key, { type, name, text: (known?.text ?? '') + block });
  }
  return found;
}

export function objectChanges(before: string, after: string): ObjectChange[] {
  const [old, now] = [objects(before), objects(after)];
  const changes: ObjectChange[] = [];
  for (const [key, { type, name, text }] of now) {
    const previous = old.get(key);
    if (!previous) changes.push({ kind: 'added', type, name });
    else if (previous.text.trim() !== text.trim()) changes.push({ kind: 'changed', type, name });
  }
  for (const [key, { type, name }] of old) if (!now.has(key)) changes.push({ kind: 'removed', type, name });
  return changes.sort((x, y) => x.name.localeCompare(y.name));
}
