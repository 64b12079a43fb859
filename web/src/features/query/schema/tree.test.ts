import { describe, expect, it } from 'vitest';
import { firstOpen, quoted, rowsOf, sqlName, step, treeOf } from './tree';

const TREE = treeOf({
  schemas: [
    {
      name: 'public',
      tables: [{ name: 'customer', columns: [{ name: 'id', type: 'int8' }, { name: 'eMail' }] }],
    },
    { name: 'audit', tables: [{ name: 'Log' }], views: [{ name: 'recent' }] },
  ],
});
const names = (open: Set<string>, search = '') => rowsOf(TREE, open, search).map(({ name }) => name);

describe('the schema tree', () => {
  it('opens at the usual schema', () => {
    expect(names(firstOpen(TREE))).toEqual(['public', 'customer', 'audit']);
    expect(names(new Set([...firstOpen(TREE), 'table:public.customer']))).toEqual([
      'public',
      'customer',
      'id',
      'eMail',
      'audit',
    ]);
  });

  it('finds objects by their name and by their columns', () => {
    expect(names(new Set(), 'LOG')).toEqual(['audit', 'Log']);
    expect(names(new Set(), 'email')).toEqual(['public', 'customer']);
    expect(names(new Set(), 'nothing')).toEqual([]);
  });

  it('has no level for the only schema of an engine without schemas', () => {
    const flat = treeOf({ schemas: [{ name: '', tables: [{ name: 'a' }, { name: 'b' }] }] });
    expect(rowsOf(flat, new Set(), '').map(({ name, level }) => [name, level])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('goes to the parent, and opens and closes, by the arrow keys', () => {
    const rows = rowsOf(TREE, new Set([...firstOpen(TREE), 'table:public.customer']), '');
    expect(step(rows, 2, 'ArrowLeft', 5)).toBe(1);
    expect(step(rows, 1, 'ArrowLeft', 5)).toBe('close');
    expect(step(rows, 4, 'ArrowRight', 5)).toBe('open');
    expect(step(rows, 0, 'End', 5)).toBe(4);
  });

  it('names things as SQL takes them', () => {
    const row = (name: string) => {
      const found = rowsOf(TREE, new Set(['table:public.customer']), name).find((r) => r.name === name);
      if (!found) throw new Error(name);
      return found;
    };
    expect(sqlName(row('customer'), 'POSTGRES')).toBe('customer');
    expect(sqlName(row('Log'), 'POSTGRES')).toBe('audit."Log"');
    expect(quoted('a`b c', 'MYSQL')).toBe('`a``b c`');
  });
});
