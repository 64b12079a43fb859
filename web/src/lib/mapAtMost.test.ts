import { expect, it } from 'vitest';
import { mapAtMost } from './mapAtMost';

it('answers in order, with no more at work than allowed', async () => {
  let working = 0;
  let most = 0;
  const answers = await mapAtMost(3, [5, 1, 4, 2, 3], async (n) => {
    working += 1;
    most = Math.max(most, working);
    for (let i = 0; i < n; i += 1) await Promise.resolve();
    working -= 1;
    return n * 10;
  });
  expect(answers).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(3);
  expect(await mapAtMost(3, [], async () => 1)).toEqual([]);
});

it('fails when one fails', async () => {
  await expect(
    mapAtMost(2, [1, 2, 3], (n) => (n === 2 ? Promise.reject(new Error('no')) : Promise.resolve(n))),
  ).rejects.toThrow('no');
});
