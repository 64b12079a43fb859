import { describe, expect, it } from 'vitest';
import { arrange, newSheet, reopened, type Sheets, withoutSheet } from './sheet';

let ids = 0;
const id = () => `s${++ids}`;
const start = (): Sheets => {
  const one = newSheet('one', [], { text: 'select 1' });
  const two = newSheet('two', [one], { text: 'select 2' });
  return { open: [one, two, newSheet('three', [one, two])], closed: [], active: 'two' };
};

describe('sheets', () => {
  it('are numbered, and a number that is free is taken again', () => {
    const { open } = start();
    expect(open.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(newSheet('x', open.slice(1)).number).toBe(1);
  });

  it('give way to their neighbour when they are closed, and come back with their text', () => {
    const closed = withoutSheet(start(), 'two', 5, id);
    expect(closed.active).toBe('three');
    expect(closed.closed[0]).toMatchObject({ id: 'two', closed: 5 });
    const again = reopened(closed);
    expect(again.active).toBe('two');
    expect(again.open.at(-1)).toMatchObject({ text: 'select 2', closed: undefined });
    expect(again.closed).toEqual([]);
  });

  it('are not kept when there is nothing in them, and one always stays', () => {
    const [blank] = start().open.slice(2);
    const last = withoutSheet({ open: [blank as never], closed: [], active: 'three' }, 'three', 5, id);
    expect(last.closed).toEqual([]);
    expect(last.open).toHaveLength(1);
    expect(last.active).toBe(last.open[0]?.id);
  });

  it('come back in order from what was stored', () => {
    const { open } = start();
    const stored = [...open].reverse();
    expect(arrange(stored, 'three', id)).toMatchObject({ active: 'three', open });
    expect(arrange([], 'gone', id).open).toHaveLength(1);
  });
});
