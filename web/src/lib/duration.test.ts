import { expect, it } from 'vitest';
import { amountOf, durationOf, type Unit } from './duration';

const UNITS: Unit[] = ['seconds', 'minutes', 'hours'];

it('shows a duration in the largest unit that fits whole, and gives it back', () => {
  expect(amountOf('5400s', UNITS)).toEqual({ number: '90', unit: 'minutes' });
  expect(amountOf('172800s', UNITS)).toEqual({ number: '48', unit: 'hours' });
  expect(amountOf('1.5s', UNITS)).toEqual({ number: '1.5', unit: 'seconds' });
  for (const text of ['5400s', '172800s', '1.5s', '30s'])
    expect(durationOf(amountOf(text, UNITS))).toBe(text);
});

it('tells nothing from something wrong', () => {
  expect(durationOf(amountOf(undefined, UNITS))).toBeUndefined();
  expect(durationOf({ number: '-1', unit: 'hours' })).toBeNull();
  expect(durationOf({ number: 'x', unit: 'hours' })).toBeNull();
});
