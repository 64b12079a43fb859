import { describe, expect, it } from 'vitest';
import { fold, lineDiff, objectChanges, split, withoutLayout } from './lineDiff';

const text = (...lines: string[]) => `${lines.join('\n')}\n`;

describe('lineDiff', () => {
  it('numbers both sides', () => {
    expect(lineDiff(text('a', 'b', 'c'), text('a', 'x', 'c'))).toEqual([
      { kind: 'same', text: 'a', before: 1, after: 1 },
      { kind: 'remove', text: 'b', before: 2 },
      { kind: 'add', text: 'x', after: 2 },
      { kind: 'same', text: 'c', before: 3, after: 3 },
    ]);
  });

  it('shows everything as added to an empty text', () => {
    expect(lineDiff('', text('a', 'b')).map((l) => l.kind)).toEqual(['add', 'add']);
  });
});

describe('fold', () => {
  const numbers = Array.from({ length: 20 }, (_, i) => `line ${i}`);

  it('keeps three lines around a change and folds the rest', () => {
    const changed = numbers.map((line, i) => (i === 10 ? 'new' : line));
    const kinds = fold(lineDiff(text(...numbers), text(...changed))).map((l) => l.kind);
    expect(kinds).toEqual(['gap', 'same', 'same', 'same', 'remove', 'add', 'same', 'same', 'same', 'gap']);
  });

  it('does not fold a few lines', () => {
    const changed = numbers.map((line, i) => (i === 5 ? 'new' : line));
    expect(
      fold(lineDiff(text(...numbers.slice(0, 8)), text(...changed.slice(0, 8)))).map((l) => l.kind),
    ).not.toContain('gap');
  });
});

describe('split', () => {
  it('puts what was removed beside what was added', () => {
    const rows = split(lineDiff(text('a', 'b'), text('a', 'x', 'y')));
    expect(rows.map((r) => ('kind' in r ? 'gap' : [r.left?.text, r.right?.text]))).toEqual([
      ['a', 'a'],
      ['b', 'x'],
      [undefined, 'y'],
    ]);
  });
});

describe('objectChanges', () => {
  it('says which objects came, went and changed', () => {
    const before = 'CREATE TABLE public.a (\n id int\n);\n\nCREATE VIEW public.v AS SELECT 1;\n';
    const after = 'CREATE TABLE public.a (\n id bigint\n);\n\nCREATE TABLE "public"."b" (\n id int\n);\n';
    expect(objectChanges(before, after)).toEqual([
      { kind: 'changed', type: 'table', name: 'public.a' },
      { kind: 'added', type: 'table', name: 'public.b' },
      { kind: 'removed', type: 'view', name: 'public.v' },
    ]);
  });
});

it('withoutLayout leaves what differs in meaning', () => {
  expect(withoutLayout('-- made by x\nCREATE TABLE a (\n    id   int\n);\n\n\n\n')).toBe(
    'CREATE TABLE a (\n id int\n);',
  );
  expect(withoutLayout("SELECT '--no comment'")).toBe("SELECT '--no comment'");
});
