/** Which rows of a result show, and in what order. Pure. */
import { type Frame, isNumeric, KIND, kindAt, rowText, textAt } from './frame';

export interface Sort {
  column: number;
  descending: boolean;
}

export interface Wanted {
  /** Text that a cell must have in it, in either case. */
  text: string;
  /** The only column that is searched. */
  column?: number | undefined;
  sort?: Sort | undefined;
}

/** Rows in order, or undefined for all of them as they came. */
export function orderRows(
  frame: Frame,
  { text, column, sort }: Wanted,
): Uint32Array<ArrayBuffer> | undefined {
  const wanted = text.toLowerCase();
  if (!wanted && !sort) return undefined;
  const rows: number[] = [];
  for (let row = 0; row < frame.rows; row += 1)
    if (!wanted || fits(frame, row, wanted, column)) rows.push(row);
  return Uint32Array.from(sort ? sorted(frame, rows, sort) : rows);
}

function fits(frame: Frame, row: number, wanted: string, column: number | undefined): boolean {
  const has = (at: number) => textAt(frame, row, at).toLowerCase().includes(wanted);
  if (column !== undefined) return has(column);
  // Most rows are out by one look; what spans two cells is not in either.
  return rowText(frame, row).toLowerCase().includes(wanted) && frame.columns.some((_, at) => has(at));
}

/** NULLs come last either way. */
function sorted(frame: Frame, rows: number[], { column, descending }: Sort): number[] {
  const isNull = (row: number) => kindAt(frame, row, column) === KIND.NULL;
  const filled = rows.filter((row) => !isNull(row));
  const texts = new Map(filled.map((row) => [row, textAt(frame, row, column)]));
  const compare = isNumeric(frame, column) ? compareNumbers : compareTexts;
  const way = descending ? -1 : 1;
  filled.sort((a, b) => way * compare(texts.get(a) ?? '', texts.get(b) ?? '') || a - b);
  return [...filled, ...rows.filter(isNull)];
}

const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const INTEGER = /^[+-]?\d+$/;

/** By value; whole numbers above 2^53 exactly. */
export function compareNumbers(a: string, b: string): number {
  const rough = Number(a) - Number(b);
  if (rough !== 0 && !Number.isNaN(rough)) return rough;
  if (INTEGER.test(a) && INTEGER.test(b)) {
    const exact = BigInt(a) - BigInt(b);
    return exact < 0n ? -1 : exact > 0n ? 1 : 0;
  }
  return compareTexts(a, b);
}
