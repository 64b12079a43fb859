import { describe, expect, it } from 'vitest';
import type { IamPolicy } from '@/api/types';
import { durationUntil, grantsOf, readCondition, withGrant, withoutGrant, writeCondition } from './grant';

const END = '2027-03-01T00:00:00Z';
const PROD = 'resource.environment_id == "prod"';

describe('conditions of bindings', () => {
  it.each([
    ['', '', ''],
    ['', '', END],
    [PROD, PROD, ''],
    [`${PROD} && resource.database in ["instances/a/databases/b"]`, undefined, ''],
    [PROD, PROD, END],
  ])('%s until %s', (scope, read = scope, expires) => {
    expect(readCondition(writeCondition(scope, expires))).toEqual({ scope: read, expires });
  });

  it('keeps what it does not understand as it is', () => {
    const odd = `${PROD} || request.time < timestamp("${END}")`;
    expect(readCondition(odd)).toEqual({ scope: odd, expires: '' });
    expect(writeCondition(odd, END)).toBe(`(${odd}) && request.time < timestamp("${END}")`);
    const from = `request.time >= timestamp("${END}")`;
    expect(readCondition(from)).toEqual({ scope: from, expires: '' });
  });

  it('takes true for everywhere', () => {
    expect(writeCondition('true', '')).toBe('');
  });
});

const policy: IamPolicy = {
  etag: '1',
  bindings: [
    { role: 'roles/owner', members: ['user:b', 'user:a'] },
    { role: 'roles/dev', members: ['user:a'], condition: { expression: writeCondition(PROD, END) } },
  ],
};

describe('grants', () => {
  it('are one role of one member, with its limits', () => {
    expect(grantsOf(policy)).toEqual([
      { member: 'user:a', role: 'roles/dev', scope: PROD, expires: END },
      { member: 'user:a', role: 'roles/owner', scope: '', expires: '' },
      { member: 'user:b', role: 'roles/owner', scope: '', expires: '' },
    ]);
  });

  it('join the binding with the same limits, or make one', () => {
    const same = { member: 'user:c', role: 'roles/dev', scope: PROD, expires: END };
    expect(withGrant(policy, same).bindings?.[1]?.members).toEqual(['user:a', 'user:c']);
    const free = { member: 'user:a', role: 'roles/dev', scope: '', expires: '' };
    expect(withGrant(policy, free).bindings?.[2]).toEqual({ role: 'roles/dev', members: ['user:a'] });
    expect(withGrant(policy, free).bindings?.[1]).toEqual(policy.bindings?.[1]);
  });

  it('go alone, and take an empty binding along', () => {
    const [dev, owner] = grantsOf(policy);
    expect(dev && withoutGrant(policy, dev).bindings).toEqual([policy.bindings?.[0]]);
    expect(owner && withoutGrant(policy, owner).bindings).toEqual([
      { role: 'roles/owner', members: ['user:b'] },
      policy.bindings?.[1],
    ]);
  });
});

it('counts what is left in seconds', () => {
  const now = Date.parse('2027-02-28T00:00:00Z');
  expect(durationUntil(END, now)).toBe('86400s');
  expect(durationUntil('2020-01-01T00:00:00Z', now)).toBe('1s');
  expect(durationUntil('', now)).toBeUndefined();
});
