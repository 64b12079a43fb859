import { expect, it } from 'vitest';
import { wrongVersions } from './versions';

it('names what is no version, and what stands twice', () => {
  expect(wrongVersions(['1', '1.2.10', 'v3'])).toEqual([]);
  expect(wrongVersions(['1', 'one', '1.', '1'])).toEqual(['one', '1.', '1']);
});
