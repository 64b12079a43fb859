import { expect, it } from 'vitest';
import { applyEdits, offsetOf } from './positions';

const TEXT = 'ab\n😀cd\nef';

it('finds places by line and character', () => {
  expect(offsetOf(TEXT, { line: 1, column: 1 })).toBe(0);
  expect(offsetOf(TEXT, { line: 2, column: 2 })).toBe(TEXT.indexOf('cd'));
  expect(offsetOf(TEXT, { line: 3, column: 3 })).toBe(TEXT.length);
  expect(offsetOf(TEXT, { line: 4, column: 1 })).toBeUndefined();
});

it('makes edits whatever their order, and none when one has no place', () => {
  const at = (line: number, from: number, to: number, text: string) => ({
    start: { line, column: from },
    end: { line, column: to },
    text,
  });
  expect(applyEdits(TEXT, [at(1, 1, 2, 'A'), at(3, 3, 3, '!'), at(2, 2, 3, '')])).toBe('Ab\n😀d\nef!');
  expect(applyEdits(TEXT, [{ start: { line: 3, column: 1 }, text: '>' }])).toBe('ab\n😀cd\n>ef');
  expect(applyEdits(TEXT, [at(1, 1, 2, 'A'), at(9, 1, 1, 'x')])).toBeUndefined();
  expect(applyEdits(TEXT, [at(1, 1, 3, 'A'), at(1, 2, 3, 'B')])).toBeUndefined();
});
