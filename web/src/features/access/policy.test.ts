import { expect, it } from 'vitest';
import type { IamPolicy } from '@/api/types';
import { byMember, memberOf, withMember, withoutMember } from './policy';

const conditional = {
  role: 'roles/owner',
  members: ['user:x'],
  condition: { expression: 'request.time < …' },
};
const policy: IamPolicy = {
  etag: '1',
  bindings: [conditional, { role: 'roles/owner', members: ['user:a', 'user:b'] }],
};

it('tells programs from people by their address', () => {
  expect(memberOf('ann@example.com')).toBe('user:ann@example.com');
  expect(memberOf('ci@service.bytebase.com')).toBe('serviceAccount:ci@service.bytebase.com');
  expect(memberOf('ci@shop.service.bytebase.com')).toBe('serviceAccount:ci@shop.service.bytebase.com');
});

it('lists roles by member', () => {
  expect(byMember(policy).map((m) => m.member)).toEqual(['user:a', 'user:b', 'user:x']);
});

it('never adds to a binding with a condition', () => {
  const next = withMember({ bindings: [conditional] }, 'roles/owner', 'user:c');
  expect(next.bindings).toEqual([conditional, { role: 'roles/owner', members: ['user:c'] }]);
});

it('takes a role away and drops what is left empty, keeping the etag', () => {
  const next = withoutMember(withoutMember(policy, 'roles/owner', 'user:a'), 'roles/owner', 'user:b');
  expect(next).toEqual({ etag: '1', bindings: [conditional] });
});
