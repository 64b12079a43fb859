import { expect, it } from 'vitest';
import { allPermissions, byKind } from './permissions';

it('gathers what roles have, and groups it by what it is about', () => {
  const all = allPermissions([
    { permissions: ['bb.plans.get', 'bb.plans.create'] },
    { permissions: ['bb.plans.get', 'bb.issues.list'] },
    {},
  ]);
  expect(byKind(all)).toEqual([
    ['issues', ['bb.issues.list']],
    ['plans', ['bb.plans.create', 'bb.plans.get']],
  ]);
});
