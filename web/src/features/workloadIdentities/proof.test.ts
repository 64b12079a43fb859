import { expect, it } from 'vitest';
import { isBranch, isRepository, subjectOf } from './proof';

it('says which jobs are meant as the platform does', () => {
  expect(subjectOf('GITHUB', 'example/shop', '')).toBe('repo:example/shop:*');
  expect(subjectOf('GITHUB', 'example/shop', 'main')).toBe('repo:example/shop:ref:refs/heads/main');
  expect(subjectOf('GITLAB', 'a/b/shop', '')).toBe('project_path:a/b/shop:*');
  expect(subjectOf('GITLAB', 'a/b/shop', 'main')).toBe('project_path:a/b/shop:ref_type:branch:ref:main');
});

it('takes no pattern for a repository: it would let others in', () => {
  expect(isRepository('GITHUB', 'example/shop')).toBe(true);
  for (const wrong of ['', 'example', 'example/*', 'a/b/c', 'example/shop:x']) {
    expect(isRepository('GITHUB', wrong)).toBe(false);
  }
  expect(isRepository('GITLAB', 'a/b/c')).toBe(true);
  expect(isRepository('GITLAB', 'a*/b')).toBe(false);
  expect(['', 'main', 'release/1.0'].every(isBranch)).toBe(true);
  expect(isBranch('main*')).toBe(false);
});
