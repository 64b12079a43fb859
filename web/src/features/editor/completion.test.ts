import { CompletionContext } from '@codemirror/autocomplete';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';
import { columnsInReach, namesOf, statementAround, tablesIn } from './completion';

const NAMES = namesOf({
  schemas: [
    {
      name: 'public',
      tables: [
        {
          name: 'customer',
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'Email', type: 'text' },
          ],
        },
        { name: 'purchase', columns: [{ name: 'total', type: 'numeric' }] },
      ],
    },
    { name: 'archive', tables: [{ name: 'customer', columns: [{ name: 'moved_at', type: 'date' }] }] },
  ],
});

/** What is offered at `|`. */
function offered(text: string): string[] {
  const at = text.indexOf('|');
  const state = EditorState.create({
    doc: text.replace('|', ''),
    extensions: [sql({ dialect: PostgreSQL })],
  });
  const result = columnsInReach(NAMES, PostgreSQL)(new CompletionContext(state, at, true));
  return (result?.options ?? []).map(({ label, apply }) =>
    apply === label ? label : `${label} as ${apply}`,
  );
}

describe('completion of columns', () => {
  it('knows the tables of every kind of statement', () => {
    for (const text of [
      'UPDATE customer SET |',
      'INSERT INTO customer (|',
      'CREATE INDEX a ON customer (|',
      'ALTER TABLE customer DROP COLUMN |',
      'SELECT | FROM public.customer',
      'DELETE FROM only customer WHERE i|',
    ]) {
      expect(offered(text), text).toEqual(['id', 'Email as "Email"']);
    }
  });

  it('takes the table of the schema that is named', () => {
    expect(offered('SELECT | FROM archive.customer')).toEqual(['moved_at']);
    expect(offered('SELECT | FROM customer, purchase')).toEqual(['id', 'Email as "Email"', 'total']);
  });

  it('keeps to the statement at the cursor, and out of the way behind a dot', () => {
    expect(offered('SELECT 1 FROM customer; SELECT | FROM purchase; DELETE FROM customer')).toEqual([
      'total',
    ]);
    expect(offered('SELECT c.| FROM customer c')).toEqual([]);
    expect(offered('SELECT |')).toEqual([]);
  });
});

it('reads names as they may be quoted', () => {
  expect(tablesIn('SELECT * FROM "Shop"."Order Line" JOIN `a` ON a.id = b')).toEqual([
    'shop.order line',
    'a',
    'a.id',
  ]);
  expect(statementAround('a;bc;d', 3)).toBe('bc');
});
