import { expect, it } from 'vitest';
import { draftOf, isBranch, isRepository, maskOf, subjectOf, subjectProblem, wireOf } from './proof';

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

const saved = {
  name: 'workloadIdentities/ci@shop.workload.bytebase.com',
  title: 'CI',
  workloadIdentityConfig: {
    providerType: 'GITLAB',
    issuerUrl: 'https://git.example.com',
    allowedAudiences: ['basalt', 'other'],
    subjectPattern: 'project_path:example/shop:*',
  },
} as const;
const identity = {
  ...saved,
  workloadIdentityConfig: {
    ...saved.workloadIdentityConfig,
    allowedAudiences: [...saved.workloadIdentityConfig.allowedAudiences],
  },
};

it('sends what was changed, and nothing else', () => {
  const draft = draftOf(identity);
  expect(wireOf(draft, identity)).toEqual(identity);
  expect(maskOf(draft, identity)).toBe('');
  expect(maskOf({ ...draft, title: ' CI ' }, identity)).toBe('');
  expect(maskOf({ ...draft, title: 'Shop' }, identity)).toBe('title');
  const fewer = { ...draft, audiences: ' basalt \n\n' };
  expect(maskOf(fewer, identity)).toBe('workloadIdentityConfig');
  expect(wireOf(fewer, identity).workloadIdentityConfig?.allowedAudiences).toEqual(['basalt']);
});

it('takes no pattern that fits everybody', () => {
  expect(subjectProblem(' ')).toBe('none');
  for (const all of ['*', 'repo:*', 'project_path:', 'repo:']) expect(subjectProblem(all)).toBe('all');
  expect(subjectProblem('repo:*/shop:ref')).toBe('star');
  expect(subjectProblem('repo:example/shop:*')).toBeUndefined();
  expect(subjectProblem('repo:example/shop:ref:refs/heads/main')).toBeUndefined();
});
