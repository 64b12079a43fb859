import { expect, test } from 'vitest';
import { draftOf, withPeople } from './members';

test('addresses are added once, and what is none stays to be mended', () => {
  const before = [{ member: 'users/ann@x.io', role: 'OWNER' as const }];
  const { members, left } = withPeople(before, 'Ann@x.io, bob@x.io\nbob@x.io carol');
  expect(members).toEqual([...before, { member: 'users/bob@x.io', role: 'MEMBER' }]);
  expect(left).toBe('carol');
});

test('who makes a group owns it', () => {
  expect(draftOf(undefined, 'users/ann@x.io').members).toEqual([{ member: 'users/ann@x.io', role: 'OWNER' }]);
  expect(draftOf({ title: 'Devs', email: 'devs@x.io' }, 'users/ann@x.io').members).toEqual([]);
});
