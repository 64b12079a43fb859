import { expect, it } from 'vitest';
import { trainsOf } from './trains';

it('has each train once, whatever its iteration', () => {
  const releases = ['release_20261127-RC03', 'hotfix-1', 'release_20261127-RC02', '7'].map((id) => ({
    name: `projects/shop/releases/${id}`,
  }));
  expect(trainsOf(releases)).toEqual(['release_20261127-RC', 'hotfix-']);
});
