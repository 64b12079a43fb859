import { expect, it } from 'vitest';
import { memberOf } from './policy';

it('tells programs from people by their address', () => {
  expect(memberOf('ann@example.com')).toBe('user:ann@example.com');
  expect(memberOf('ci@service.bytebase.com')).toBe('serviceAccount:ci@service.bytebase.com');
  expect(memberOf('ci@shop.workload.bytebase.com')).toBe('workloadIdentity:ci@shop.workload.bytebase.com');
  expect(memberOf('ci@shop.service.bytebase.com')).toBe('serviceAccount:ci@shop.service.bytebase.com');
});
