import { describe, expect, it } from 'vitest';
import type { DatabaseMetadata } from '@/api/types';
import { kindsOf, matching, schemaObjects } from './schemaObjects';

const metadata: DatabaseMetadata = {
  extensions: [{ name: 'pg_trgm', schema: 'public', version: '1.6' }],
  schemas: [
    {
      name: 'public',
      tables: [{ name: 'orders' }],
      functions: [
        { name: 'total', signature: 'total(integer)', definition: 'SELECT 1' },
        { name: 'total', signature: 'total(text)', definition: 'SELECT 2' },
      ],
      events: [{ name: 'nightly', definition: 'CALL clean()' }],
      userTypes: [{ name: 'money_of', definition: 'CREATE TYPE money_of AS (amount numeric)' }],
    },
  ],
};

describe('the objects of a catalog', () => {
  const objects = schemaObjects(metadata);

  it('are of every kind that it has', () => {
    expect(kindsOf(objects)).toEqual([
      { kind: 'table', count: 1 },
      { kind: 'function', count: 2 },
      { kind: 'event', count: 1 },
      { kind: 'userType', count: 1 },
      { kind: 'extension', count: 1 },
    ]);
    expect(objects.find(({ kind }) => kind === 'userType')?.definition).toContain('amount numeric');
  });

  it('have a key each, also routines of one name', () => {
    expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length);
  });

  it('are found by name and kind', () => {
    expect(matching(objects, 'TOT')).toHaveLength(2);
    expect(matching(objects, '', 'event').map(({ name }) => name)).toEqual(['nightly']);
    expect(matching(objects, 'tot', 'table')).toEqual([]);
  });
});
