import { describe, expect, it } from 'vitest';
import { readAnswer, readResult } from './answer';
import { formatCells, tableOf } from './format';
import { type Frame, KIND, kindAt, textAt } from './frame';
import { compareNumbers, orderRows } from './order';

const frameOf = (...rows: object[][]): Frame => {
  const { frame } = readResult({
    columnNames: ['id', 'name', 'amount', 'data'],
    columnTypeNames: ['int8', 'text', 'numeric', 'jsonb'],
    rows: rows.map((values) => ({ values })),
  });
  if (!frame) throw new Error('no frame');
  return frame;
};

const FRAME = frameOf(
  [
    { int64Value: '9007199254740993' },
    { stringValue: 'Zoë' },
    { stringValue: '10.50' },
    { stringValue: '{"a":[1]}' },
  ],
  [{ int64Value: '9007199254740992' }, { stringValue: '' }, { stringValue: '9.5' }, { nullValue: null }],
  [{ nullValue: null }, { stringValue: 'O\'Hara,\n"x"|\ty\\' }, { stringValue: 'NaN' }, { stringValue: 'x' }],
);
const all = (frame: Frame, column: number) =>
  Array.from({ length: frame.rows }, (_, row) => textAt(frame, row, column));

describe('a result', () => {
  it('keeps every text and every digit', () => {
    expect(all(FRAME, 0)).toEqual(['9007199254740993', '9007199254740992', '']);
    expect(all(FRAME, 1)).toEqual(['Zoë', '', 'O\'Hara,\n"x"|\ty\\']);
  });

  it('tells NULL from an empty text, and numbers from texts', () => {
    expect(kindAt(FRAME, 2, 0)).toBe(KIND.NULL);
    expect(kindAt(FRAME, 1, 1)).toBe(KIND.TEXT);
    expect([0, 1, 2].map((row) => kindAt(FRAME, row, 2))).toEqual([KIND.NUMBER, KIND.NUMBER, KIND.TEXT]);
    expect(kindAt(FRAME, 0, 3)).toBe(KIND.JSON);
  });

  it('shows each kind of value as databases print it', () => {
    const values = [
      { boolValue: false },
      { int32Value: -5 },
      { uint64Value: '18446744073709551615' },
      { doubleValue: 0.1 },
      { doubleValue: 'NaN' },
      { bytesValue: 'AP8=' },
      { timestampValue: { googleTimestamp: '2026-01-02T03:04:05.500Z', accuracy: 6 } },
      { timestampTzValue: { googleTimestamp: '2026-01-02T23:30:00Z', offset: 5400, zone: 'X' } },
      { timestampTzValue: { googleTimestamp: '2026-01-02T00:10:00.000001Z', offset: -3600 } },
      { valueValue: { a: 1 } },
      { nullValue: null },
    ];
    const { frame } = readResult({
      columnNames: values.map((_, i) => `c${i}`),
      rows: [{ values: values as never }],
    });
    expect(values.map((_, i) => textAt(frame as Frame, 0, i))).toEqual([
      'false',
      '-5',
      '18446744073709551615',
      '0.1',
      'NaN',
      '0x00ff',
      '2026-01-02 03:04:05.5',
      '2026-01-03 01:00:00+01:30',
      '2026-01-01 23:10:00.000001-01:00',
      '{"a":1}',
      '',
    ]);
  });

  it('that failed has no rows, the others of the answer have', () => {
    const answer = {
      results: [
        { columnNames: ['a'], rows: [{ values: [{ int32Value: 1 }] }] },
        { error: 'no', latency: '1.5s' },
      ],
    };
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    const [first, second] = readAnswer([bytes.slice(0, 40), bytes.slice(40)]);
    expect(first?.frame?.rows).toBe(1);
    expect(second).toMatchObject({ frame: undefined, latencyMs: 1500, facts: { error: 'no' } });
  });
});

describe('order', () => {
  const rows = (wanted: Parameters<typeof orderRows>[1]) => [...(orderRows(FRAME, wanted) ?? [])];

  it('is as it came without a wish', () => {
    expect(orderRows(FRAME, { text: '' })).toBeUndefined();
  });

  it('compares numbers by value, exactly, with NULL last either way', () => {
    expect(rows({ text: '', sort: { column: 0, descending: false } })).toEqual([1, 0, 2]);
    expect(rows({ text: '', sort: { column: 0, descending: true } })).toEqual([0, 1, 2]);
    expect(compareNumbers('10.50', '9.5')).toBeGreaterThan(0);
    expect(compareNumbers('-9007199254740993', '-9007199254740992')).toBeLessThan(0);
  });

  it('finds a text in either case, in all columns or one, and not across two', () => {
    expect(rows({ text: 'zOË' })).toEqual([0]);
    expect(rows({ text: '9.5' })).toEqual([1]);
    expect(rows({ text: '9.5', column: 1 })).toEqual([]);
    expect(rows({ text: '3Zoë' })).toEqual([]);
  });
});

describe('copies', () => {
  const copy = (format: Parameters<typeof formatCells>[1]['format'], engine = 'POSTGRES') =>
    formatCells(FRAME, {
      rows: undefined,
      columns: [0, 1, 3],
      format,
      header: true,
      table: 'shop.t',
      engine,
    });

  it('TSV and CSV: NULL is nothing, an empty text is quoted', () => {
    expect(copy('csv').split('\r\n')).toEqual([
      'id,name,data',
      '9007199254740993,Zoë,"{""a"":[1]}"',
      '9007199254740992,"",',
      ',"O\'Hara,\n""x""|\ty\\",x',
    ]);
    expect(copy('tsv').split('\n')[2]).toBe('9007199254740992\t""\t');
  });

  it('JSON: whole numbers, and JSON inside as it is', () => {
    expect(copy('json')).toContain('"id": 9007199254740993,');
    expect(JSON.parse(copy('json'))[0]).toMatchObject({ name: 'Zoë', data: { a: [1] } });
    expect(JSON.parse(copy('json'))[2]).toMatchObject({ id: null, data: 'x' });
  });

  it('Markdown: bars and lines do not break the table', () => {
    expect(copy('markdown').split('\n')).toHaveLength(5);
    expect(copy('markdown')).toContain('| NULL | O\'Hara,<br>"x"\\|\ty\\ | x |');
  });

  it('INSERT: quoted as the engine takes it', () => {
    expect(copy('insert')).toContain('INSERT INTO shop.t ("id", "name", "data") VALUES');
    expect(copy('insert')).toContain("(NULL, 'O''Hara,\n\"x\"|\ty\\', 'x');");
    expect(copy('insert', 'MYSQL')).toContain('(`id`, `name`, `data`)');
    expect(copy('insert', 'MYSQL')).toContain("\ty\\\\'");
    expect(tableOf('select * from "My Shop".t where x')).toBe('"My Shop".t');
    expect(tableOf('select 1')).toBe('');
  });
});
