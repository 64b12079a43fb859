import { expect, test, vi } from 'vitest';
import { batched } from './batch';

test('what is asked together is one call, and each gets its own answer', async () => {
  const ask = vi.fn(async (names: string[]) => names.map((name) => name.toUpperCase()));
  const load = batched(ask);
  expect(await Promise.all([load('ann'), load('bo')])).toEqual(['ANN', 'BO']);
  expect(await load('cy')).toBe('CY');
  expect(ask.mock.calls).toEqual([[['ann', 'bo']], [['cy']]]);
});

test('a failure is everybody’s, and a missing answer is a failure', async () => {
  const failing = batched(() => Promise.reject(new Error('away')));
  await expect(Promise.all([failing('ann'), failing('bo')])).rejects.toThrow('away');
  await expect(batched(async () => [])('ann')).rejects.toThrow('no answer about ann');
});
