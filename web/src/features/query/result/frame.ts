/**
 * A result as the grid holds it: the text of all cells as one run of UTF-8 bytes, and where each begins. Millions of
 * small strings would cost ten times the memory, and could not be handed from the worker that reads the answer without
 * being copied one by one. Pure.
 */

/** What a cell holds; NULL is a kind of its own, so that it is never mistaken for a text. */
export const KIND = { NULL: 0, TEXT: 1, NUMBER: 2, BOOL: 3, BYTES: 4, JSON: 5, TIME: 6 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

export interface Column {
  name: string;
  type: string;
}

export interface Frame {
  columns: readonly Column[];
  rows: number;
  text: Uint8Array<ArrayBuffer>;
  /** Where cell `row * columns + column` begins; one more than there are cells. */
  starts: Uint32Array<ArrayBuffer>;
  kinds: Uint8Array<ArrayBuffer>;
}

const decoder = new TextDecoder();

export const kindAt = ({ kinds, columns }: Frame, row: number, column: number): Kind =>
  (kinds[row * columns.length + column] ?? KIND.NULL) as Kind;

/** The cell's text, '' for NULL. Not longer than about `most` bytes when that is given. */
export function textAt({ text, starts, columns }: Frame, row: number, column: number, most?: number): string {
  const at = row * columns.length + column;
  const start = starts[at] ?? 0;
  const end = starts[at + 1] ?? start;
  return decoder.decode(text.subarray(start, most === undefined ? end : Math.min(end, start + most)));
}

/** Bytes of the cell's text. */
export function sizeAt({ starts, columns }: Frame, row: number, column: number): number {
  const at = row * columns.length + column;
  return (starts[at + 1] ?? 0) - (starts[at] ?? 0);
}

/** The text of a whole row, without anything between the cells. */
export function rowText({ text, starts, columns }: Frame, row: number): string {
  const at = row * columns.length;
  return decoder.decode(text.subarray(starts[at] ?? 0, starts[at + columns.length] ?? 0));
}

/** Whether the numbers of a column are to be compared and aligned as such. */
export const isNumeric = (frame: Frame, column: number): boolean => {
  for (let row = 0; row < Math.min(frame.rows, 50); row += 1) {
    const kind = kindAt(frame, row, column);
    if (kind !== KIND.NULL) return kind === KIND.NUMBER;
  }
  return false;
};

const FIRST_BYTES = 64 * 1024;

/** Collects cells row by row. */
export class FrameWriter {
  private text = new Uint8Array(FIRST_BYTES);
  private used = 0;
  private readonly encoder = new TextEncoder();
  private readonly starts: Uint32Array<ArrayBuffer>;
  private readonly kinds: Uint8Array<ArrayBuffer>;
  private at = 0;
  private readonly columns: readonly Column[];
  private readonly rows: number;

  constructor(columns: readonly Column[], rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.starts = new Uint32Array(rows * columns.length + 1);
    this.kinds = new Uint8Array(rows * columns.length);
  }

  /** One row: as many texts and kinds as there are columns. */
  row(texts: readonly string[], kinds: readonly Kind[]): void {
    const whole = texts.join('');
    this.reserve(whole.length * 3);
    const { written } = this.encoder.encodeInto(whole, this.text.subarray(this.used));
    // Plain ASCII, as nearly all is: a character is a byte.
    const plain = written === whole.length;
    for (let column = 0; column < this.columns.length; column += 1) {
      const text = texts[column] ?? '';
      this.starts[this.at] = this.used;
      this.kinds[this.at] = kinds[column] ?? KIND.NULL;
      this.used += plain ? text.length : this.encoder.encode(text).length;
      this.at += 1;
    }
    this.starts[this.at] = this.used;
  }

  done(): Frame {
    const { columns, rows, starts, kinds } = this;
    return { columns, rows, starts, kinds, text: this.text.slice(0, this.used) };
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.text.length) return;
    const larger = new Uint8Array(Math.max(this.text.length * 2, this.used + bytes));
    larger.set(this.text.subarray(0, this.used));
    this.text = larger;
  }
}

/** For a message to another thread: the same frame in buffers of its own. */
export const copyOf = (frame: Frame): Frame => ({
  ...frame,
  text: frame.text.slice(),
  starts: frame.starts.slice(),
  kinds: frame.kinds.slice(),
});

export const buffersOf = ({ text, starts, kinds }: Frame): ArrayBuffer[] => [
  text.buffer,
  starts.buffer,
  kinds.buffer,
];
