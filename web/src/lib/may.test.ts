import { expect, it } from 'vitest';
import { mayOf } from './may';

it('a permission in one project is one somewhere, not everywhere', () => {
  const may = mayOf({
    workspacePermissions: ['bb.users.list'],
    projectPermissions: ['bb.plans.list'],
  });
  expect(may.everywhere('bb.users.list')).toBe(true);
  expect(may.somewhere('bb.users.list')).toBe(true);
  expect(may.everywhere('bb.plans.list')).toBe(false);
  expect(may.somewhere('bb.plans.list')).toBe(true);
  expect(may.somewhere('bb.instances.list')).toBe(false);
});

it('while nobody is known, nothing is allowed', () => {
  expect(mayOf(undefined).somewhere('bb.plans.list')).toBe(false);
});
