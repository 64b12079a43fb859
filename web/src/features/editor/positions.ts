/** Places in a text as the server names them, and edits by such places. Pure. */
import type { Position } from '@/api/types';

/** As the wire has it. */
export interface Edit {
  start?: Position | undefined;
  /** The place behind the last character; absent where nothing is taken out. */
  end?: Position | undefined;
  text?: string | undefined;
}

/** The offset in a line of a column that counts characters from 1: an editor counts half of some of them. */
export const inLine = (line: string, column: number) => [...line].slice(0, column - 1).join('').length;

/** The offset of a place; undefined when the text has no such line. */
export function offsetOf(text: string, { line = 0, column = 1 }: Position): number | undefined {
  if (line < 1) return undefined;
  let start = 0;
  for (let i = 1; i < line; i += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return start + inLine(text.slice(start, end < 0 ? undefined : end), column);
}

/** The text with the edits made, the last first, so that each finds its place; undefined when one has none. */
export function applyEdits(text: string, edits: readonly Edit[]): string | undefined {
  const places = edits.map(({ start, end = start, text: insert = '' }) => ({
    from: start && offsetOf(text, start),
    to: end && offsetOf(text, end),
    insert,
  }));
  let edited = text;
  let limit = text.length;
  for (const { from, to, insert } of places.sort((a, b) => (b.from ?? 0) - (a.from ?? 0))) {
    if (from === undefined || to === undefined || to < from || to > limit) return undefined;
    edited = edited.slice(0, from) + insert + edited.slice(to);
    limit = from;
  }
  return edited;
}
