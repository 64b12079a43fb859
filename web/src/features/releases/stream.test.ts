import { expect, it } from 'vitest';
import { byStream, streamOf } from './stream';

it('tells a repository from a category, with all of their name', () => {
  expect(streamOf('projects/shop/repositories/github.com/example/shop')).toEqual({
    kind: 'repository',
    name: 'github.com/example/shop',
  });
  expect(streamOf('projects/shop/categories/nightly/eu')).toEqual({ kind: 'category', name: 'nightly/eu' });
  expect(streamOf('projects/shop')).toEqual({ kind: 'project', name: '' });
  expect(streamOf('')).toEqual({ kind: 'every', name: '' });
  expect(streamOf(undefined)).toEqual({ kind: 'every', name: '' });
});

it('keeps what belongs to a stream together, in its order', () => {
  const items = [{ stream: 'b', n: 1 }, { stream: 'a', n: 2 }, { n: 3 }, { stream: 'b', n: 4 }];
  expect(byStream(items).map(([stream, all]) => [stream, all.map(({ n }) => n)])).toEqual([
    ['b', [1, 4]],
    ['a', [2]],
    ['', [3]],
  ]);
});
