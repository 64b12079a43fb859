import { describe, expect, it } from 'vitest';
import type { DatabaseMetadata, TableMetadata } from '@/api/types';
import { ALL_AT_ONCE, around, graphOf, view } from './graph';
import { place } from './layout';

const table = (name: string, ...refers: string[]): TableMetadata => ({
  name,
  columns: [{ name: 'note' }, { name: 'id', type: 'bigint' }, ...refers.map((to) => ({ name: `${to}_id` }))],
  indexes: [{ name: `${name}_pkey`, primary: true, expressions: ['id'] }],
  foreignKeys: refers.map((to) => ({
    columns: [`${to}_id`],
    referencedTable: to,
    referencedColumns: ['id'],
  })),
});
const database = (...tables: TableMetadata[]): DatabaseMetadata => ({
  schemas: [{ name: 'public', tables }],
});
const ids = (graph: { entities: { id: string }[] }) => graph.entities.map(({ id }) => id);

describe('the diagram of a schema', () => {
  const shop = graphOf(
    database(table('customer'), table('orders', 'customer'), table('item', 'orders', 'gone')),
  );

  it('has its tables with keys first, and the references between them', () => {
    expect(ids(shop)).toEqual(['public.customer', 'public.orders', 'public.item']);
    expect(shop.entities[1]?.columns.map(({ name, key }) => [name, key])).toEqual([
      ['id', 'primary'],
      ['customer_id', 'foreign'],
      ['note', undefined],
    ]);
    expect(shop.relations.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'public.orders > public.customer',
      'public.item > public.orders',
    ]);
  });

  it('shows what is around one table', () => {
    expect(ids(around(shop, 'public.customer'))).toEqual(['public.customer', 'public.orders']);
    expect(ids(view(shop, 'public.item').graph)).toEqual(['public.orders', 'public.item']);
    expect(ids(view(shop, 'public.nothing').graph)).toHaveLength(3);
  });

  it('of a large database begins with the table of most references', () => {
    const many = Array.from({ length: ALL_AT_ONCE }, (_, i) =>
      table(`t${i}`, ...(i > 2 && i < 9 ? ['t2'] : [])),
    );
    const { graph, focus } = view(graphOf(database(...many, table('last'))), undefined);
    expect(focus).toBe('public.t2');
    expect(graph.entities).toHaveLength(7);
  });

  it('draws no more than fit around a table that everything refers to', () => {
    const many = Array.from({ length: 500 }, (_, i) => table(`t${i}`, 'hub'));
    const { graph, focus } = view(graphOf(database(table('land'), table('hub', 'land'), ...many)), undefined);
    expect(focus).toBe('public.hub');
    expect(graph.entities).toHaveLength(ALL_AT_ONCE);
    expect(ids(graph)).toContain('public.land');
  });

  it('lays tables out without overlap, what is referred to on the right', () => {
    const placed = place(shop);
    const at = (id: string) => placed.find((p) => p.id === id) as (typeof placed)[number];
    expect(at('public.orders').x + at('public.orders').width).toBeLessThan(at('public.customer').x);
    expect(at('public.item').x + at('public.item').width).toBeLessThan(at('public.orders').x);
    const [top, middle] = ['public.item', 'public.orders'].map((id) =>
      place(shop, true).find((p) => p.id === id),
    );
    expect((top?.y ?? 0) + (top?.height ?? 0)).toBeLessThan(middle?.y ?? 0);
  });
});
