/** The active cell of a grid and the range around it, and how keys move them. Pure. */

export interface Cell {
  /** Place among the rows shown; -1 is the header. */
  row: number;
  /** Place among the columns shown. */
  column: number;
}

export interface Selection {
  active: Cell;
  /** The other corner of the range. */
  anchor: Cell;
}

export interface Range {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Size {
  rows: number;
  columns: number;
  /** Rows of a page. */
  page: number;
}

export const HEADER = -1;
export const START: Selection = { active: { row: 0, column: 0 }, anchor: { row: 0, column: 0 } };

export const at = (row: number, column: number): Selection => ({
  active: { row, column },
  anchor: { row, column },
});

/** The header is in no range. */
export function rangeOf({ active, anchor }: Selection): Range {
  const rows = [Math.max(0, active.row), Math.max(0, anchor.row)];
  const columns = [active.column, anchor.column];
  return {
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    left: Math.min(...columns),
    right: Math.max(...columns),
  };
}

export const cellsIn = ({ top, bottom, left, right }: Range) => (bottom - top + 1) * (right - left + 1);

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** A selection of before in a grid that has become smaller. */
export function within({ active, anchor }: Selection, { rows, columns }: Size): Selection {
  const fitting = ({ row, column }: Cell): Cell => ({
    row: clamp(row, HEADER, rows - 1),
    column: clamp(column, 0, Math.max(0, columns - 1)),
  });
  return { active: fitting(active), anchor: fitting(anchor) };
}

interface Press {
  key: string;
  ctrl: boolean;
  shift: boolean;
}

/** Where a key leads, or undefined when it is none of the grid's. Shift stretches the range. */
export function move(from: Selection, press: Press, size: Size): Selection | undefined {
  if (press.ctrl && press.key.toLowerCase() === 'a') {
    return { anchor: { row: 0, column: 0 }, active: { row: size.rows - 1, column: size.columns - 1 } };
  }
  const next = target(from.active, press, size);
  if (!next) return undefined;
  const active: Cell = {
    row: clamp(next.row, press.shift ? 0 : HEADER, size.rows - 1),
    column: clamp(next.column, 0, size.columns - 1),
  };
  return press.shift
    ? { active, anchor: { ...from.anchor, row: Math.max(0, from.anchor.row) } }
    : { active, anchor: active };
}

function target(
  { row, column }: Cell,
  { key, ctrl }: Press,
  { rows, columns, page }: Size,
): Cell | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: ctrl ? 0 : row - 1, column };
    case 'ArrowDown':
      return { row: ctrl ? rows - 1 : row + 1, column };
    case 'ArrowLeft':
      return { row, column: ctrl ? 0 : column - 1 };
    case 'ArrowRight':
      return { row, column: ctrl ? columns - 1 : column + 1 };
    case 'Home':
      return { row: ctrl ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrl ? rows - 1 : row, column: columns - 1 };
    case 'PageUp':
      return { row: Math.max(0, row - page), column };
    case 'PageDown':
      return { row: row + page, column };
    default:
      return undefined;
  }
}
