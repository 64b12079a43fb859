import { expect, it } from 'vitest';
import { rolesToAsk } from './roleChoice';

const roles = [
  { name: 'roles/workspaceAdmin', permissions: ['a', 'b', 'c', 'd'] },
  { name: 'roles/projectOwner', permissions: ['a', 'b', 'c'] },
  { name: 'roles/projectDeveloper', permissions: ['a', 'b'] },
  { name: 'roles/projectViewer', permissions: ['a'] },
];

it('offers the least role that would do first, and none of the workspace', () => {
  const { enough, others } = rolesToAsk(roles, ['b']);
  expect(enough.map(({ name }) => name)).toEqual(['roles/projectDeveloper', 'roles/projectOwner']);
  expect(others.map(({ name }) => name)).toEqual(['roles/projectViewer']);
});

it('offers all where nothing in particular is missing', () => {
  expect(rolesToAsk(roles, []).others).toHaveLength(3);
  expect(rolesToAsk(roles, ['z']).enough).toEqual([]);
});
