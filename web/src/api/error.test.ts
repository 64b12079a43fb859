import { describe, expect, it } from 'vitest';
import { parseError, readGrantors } from './error';

describe('how long to wait', () => {
  const parse = (details: unknown[]) =>
    parseError('AuthService/Login', 429, { code: 'resource_exhausted', details });

  it('is read from a refusal', () => {
    const error = parse([{ type: 'google.rpc.RetryInfo', debug: { retryDelay: '90s' } }]);
    expect(error.retryAt?.getTime()).toBe(error.time.getTime() + 90_000);
    expect(parse([]).retryAt).toBeUndefined();
  });
});

describe('who can grant', () => {
  it('is read from a refusal', () => {
    expect(readGrantors('Ada Admin <ada@example.com>\nBo <B> <bo@example.com>')).toEqual([
      { name: 'Ada Admin', email: 'ada@example.com' },
      { name: 'Bo <B>', email: 'bo@example.com' },
    ]);
    expect(readGrantors(undefined)).toEqual([]);
    expect(readGrantors('nobody')).toEqual([]);
  });
});
