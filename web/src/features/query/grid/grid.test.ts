import { describe, expect, it } from 'vitest';
import { columnsInView, frozenPart, layOut } from './columns';
import { at, HEADER, move, rangeOf, within } from './selection';

const SIZE = { rows: 100, columns: 5, page: 10 };
const press = (key: string, more: { ctrl?: boolean; shift?: boolean } = {}) => ({
  key,
  ctrl: false,
  shift: false,
  ...more,
});
const to = (row: number, column: number, ...how: Parameters<typeof press>) =>
  move(at(row, column), press(...how), SIZE)?.active;

describe('keys of the grid', () => {
  it('move by one, by page, to the ends, and not beyond', () => {
    expect(to(0, 0, 'ArrowDown')).toEqual({ row: 1, column: 0 });
    expect(to(99, 4, 'ArrowDown')).toEqual({ row: 99, column: 4 });
    expect(to(50, 2, 'PageDown')).toEqual({ row: 60, column: 2 });
    expect(to(5, 2, 'PageUp')).toEqual({ row: 0, column: 2 });
    expect(to(5, 2, 'Home')).toEqual({ row: 5, column: 0 });
    expect(to(5, 2, 'End', { ctrl: true })).toEqual({ row: 99, column: 4 });
    expect(to(5, 2, 'x')).toBeUndefined();
  });

  it('reach the header, but no range does', () => {
    expect(to(0, 1, 'ArrowUp')).toEqual({ row: HEADER, column: 1 });
    expect(to(0, 1, 'ArrowUp', { shift: true })).toEqual({ row: 0, column: 1 });
    expect(rangeOf(at(HEADER, 1))).toMatchObject({ top: 0, bottom: 0 });
  });

  it('stretch a range with shift, and take all with Ctrl+A', () => {
    const once = move(at(3, 3), press('ArrowDown', { shift: true }), SIZE);
    const twice = once && move(once, press('ArrowLeft', { shift: true }), SIZE);
    expect(twice && rangeOf(twice)).toEqual({ top: 3, bottom: 4, left: 2, right: 3 });
    const all = move(at(3, 3), press('a', { ctrl: true }), SIZE);
    expect(all && rangeOf(all)).toEqual({ top: 0, bottom: 99, left: 0, right: 4 });
  });

  it('stay inside a grid that became smaller', () => {
    expect(within(at(50, 4), { rows: 10, columns: 2, page: 5 }).active).toEqual({ row: 9, column: 1 });
    expect(within(at(50, 4), { rows: 0, columns: 2, page: 5 }).active.row).toBe(HEADER);
  });
});

describe('columns', () => {
  it('lie side by side without the hidden ones', () => {
    expect(layOut([100, 50, 80], new Set([1]), [], 40)).toEqual([
      { index: 0, left: 40, width: 100, frozen: false },
      { index: 2, left: 140, width: 80, frozen: false },
    ]);
  });

  it('that are frozen come first, unless hidden, and take room from the others', () => {
    const shown = layOut([100, 50, 80, 60], new Set([3]), [2, 3], 40);
    expect(shown.map(({ index, left }) => [index, left])).toEqual([
      [2, 40],
      [0, 120],
      [1, 220],
    ]);
    expect(frozenPart(shown, 40)).toEqual({ frozen: 1, edge: 120 });
    expect(frozenPart(layOut([100], new Set(), [], 40), 40)).toEqual({ frozen: 0, edge: 40 });
  });

  it('are drawn where they are in view', () => {
    const shown = layOut(Array(100).fill(100), new Set(), [], 0);
    const [first, last] = columnsInView(shown, 5_000, 5_500);
    expect(first).toBeGreaterThan(44);
    expect(first).toBeLessThanOrEqual(50);
    expect(last).toBeGreaterThanOrEqual(55);
    expect(last).toBeLessThan(60);
  });
});
