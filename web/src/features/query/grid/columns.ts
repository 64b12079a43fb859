/** Widths of a grid's columns and where they lie. Pure. */
import { type Frame, KIND, kindAt, sizeAt } from '../result/frame';

const LEAST = 56;
const MOST_AT_FIRST = 360;
export const MOST = 1200;
/** Of the code font at 13 px. */
const CHARACTER = 7.83;
/** Of the header's font at 12 px. */
const HEADER_CHARACTER = 6.8;
const PADDING = 20;
/** A column's own button and mark of order. */
const BUTTONS = 30;
const LOOKED_AT = 100;

export interface Shown {
  /** Its place in the frame. */
  index: number;
  left: number;
  width: number;
  /** Stays beside the row numbers, however far the others are scrolled. */
  frozen: boolean;
}

/** A width that fits the name and the first rows. */
export function firstWidth(frame: Frame, column: number): number {
  const { name = '', type = '' } = frame.columns[column] ?? {};
  let longest = 4;
  for (let row = 0; row < Math.min(frame.rows, LOOKED_AT); row += 1) {
    if (kindAt(frame, row, column) !== KIND.NULL) longest = Math.max(longest, sizeAt(frame, row, column));
  }
  const needed = Math.max(
    longest * CHARACTER + PADDING,
    `${name} ${type}`.length * HEADER_CHARACTER + PADDING + BUTTONS,
  );
  return Math.ceil(Math.min(MOST_AT_FIRST, Math.max(LEAST, needed)));
}

export const limited = (width: number) => Math.round(Math.min(MOST, Math.max(LEAST, width)));

/** The columns that are not hidden, one beside the other behind the row numbers; the frozen ones first. */
export function layOut(
  widths: readonly number[],
  hidden: ReadonlySet<number>,
  frozen: readonly number[],
  start: number,
): Shown[] {
  let left = start;
  const others = widths.map((_, index) => index).filter((index) => !frozen.includes(index));
  return [...frozen, ...others].flatMap((index) => {
    if (hidden.has(index)) return [];
    const width = widths[index] ?? LEAST;
    const shown = { index, left, width, frozen: frozen.includes(index) };
    left += width;
    return [shown];
  });
}

/** How many are frozen, and where the room of the others begins. */
export function frozenPart(shown: readonly Shown[], gutter: number): { frozen: number; edge: number } {
  const frozen = shown.filter((column) => column.frozen).length;
  const last = shown[frozen - 1];
  return { frozen, edge: last ? last.left + last.width : gutter };
}

/** Columns `first` to `last - 1` are in view, with some beside them. */
export function columnsInView(
  shown: readonly Shown[],
  from: number,
  to: number,
): [first: number, last: number] {
  let first = 0;
  while (first < shown.length && (shown[first]?.left ?? 0) + (shown[first]?.width ?? 0) < from) first += 1;
  let last = first;
  while (last < shown.length && (shown[last]?.left ?? 0) < to) last += 1;
  // In steps, so that a little scrolling draws nothing anew.
  return [Math.max(0, first - 1 - (first % 2)), Math.min(shown.length, last + 1 + (last % 2))];
}

/** Room for the largest row number. */
export const gutterWidth = (rows: number) => 20 + Math.max(3, String(rows).length) * 8;
