/** Edits that take a finding away, put into the text. Pure. */
import type { Fix, Position } from '@/api/types';

/** Where a place stands in the text. Its columns count code points, and strings count half of some of them. */
function offsetOf(text: string, { line = 0, column = 0 }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  const rest = [...text.slice(start, end < 0 ? text.length : end)];
  return start + rest.slice(0, Math.max(0, column - 1)).join('').length;
}

export function applyFix(text: string, fix: Fix): string {
  const edits = (fix.edits ?? [])
    .map(({ start = {}, end, text: put = '' }) => {
      const from = offsetOf(text, start);
      return { from, to: Math.max(from, end ? offsetOf(text, end) : from), put };
    })
    // From the end on, so that the places of the others stay true.
    .sort((a, b) => b.from - a.from || b.to - a.to);
  return edits.reduce((result, { from, to, put }) => result.slice(0, from) + put + result.slice(to), text);
}
