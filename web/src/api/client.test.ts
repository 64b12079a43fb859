import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, onDuty, onSessionEnd } from './client';
import { type ApiError, parseError } from './error';

type Reply = { status: number; body: unknown };
const SIGNED_OUT: Reply = {
  status: 401,
  body: {
    code: 'unauthenticated',
    message: 'Sign in first.',
    details: [{ type: 'google.rpc.ErrorInfo', debug: { reason: 'NOT_SIGNED_IN' } }],
  },
};

let server: (method: string) => Reply;
const calls: string[] = [];

beforeEach(() => {
  calls.length = 0;
  vi.stubGlobal('fetch', async (url: string) => {
    const method = url.replace('/bytebase.v1.', '');
    calls.push(method);
    const { status, body } = server(method);
    return new Response(JSON.stringify(body), { status, headers: { 'x-request-id': 'r1' } });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  onSessionEnd(() => {});
  onDuty(() => {});
});

describe('call', () => {
  it('renews an expired session once for all waiting calls and repeats them', async () => {
    let fresh = false;
    server = (method) => {
      if (method === 'AuthService/Refresh') {
        fresh = true;
        return { status: 200, body: {} };
      }
      return fresh ? { status: 200, body: { title: 'Shop' } } : SIGNED_OUT;
    };
    const answers = await Promise.all([
      call('ProjectService/GetProject', { name: 'projects/shop' }),
      call('ProjectService/GetProject', { name: 'projects/hr' }),
    ]);
    expect(answers.map((a) => a.title)).toEqual(['Shop', 'Shop']);
    expect(calls.filter((c) => c === 'AuthService/Refresh')).toHaveLength(1);
  });

  it('calls a service in the package that it is of', async () => {
    server = () => ({ status: 200, body: {} });
    await call('ProjectService/GetProject', { name: 'projects/shop' });
    await call('ExecutionService/ReplaceRest', { name: 'projects/shop/plans/1', statement: '' });
    expect(calls).toEqual(['ProjectService/GetProject', '/basalt.v1.ExecutionService/ReplaceRest']);
  });

  it('tells that the session ended when it cannot be renewed', async () => {
    server = () => SIGNED_OUT;
    const ended = vi.fn();
    onSessionEnd(ended);
    await expect(call('ProjectService/GetProject', { name: 'projects/shop' })).rejects.toMatchObject({
      reason: 'NOT_SIGNED_IN',
    });
    expect(ended).toHaveBeenCalledOnce();
    expect(calls).toEqual(['ProjectService/GetProject', 'AuthService/Refresh']);
  });

  it('tells that the person has to do something first', async () => {
    const refused = (reason: string): Reply => ({
      status: 403,
      body: {
        code: 'permission_denied',
        message: 'No.',
        details: [{ type: 'google.rpc.ErrorInfo', debug: { reason } }],
      },
    });
    const duty = vi.fn();
    onDuty(duty);
    for (const [reason, times] of [
      ['PERMISSION_MISSING', 0],
      ['SECOND_FACTOR_REQUIRED', 1],
      ['PASSWORD_CHANGE_REQUIRED', 2],
    ] as const) {
      server = () => refused(reason);
      await expect(call('ProjectService/GetProject', { name: 'projects/shop' })).rejects.toMatchObject({
        reason,
      });
      expect(duty).toHaveBeenCalledTimes(times);
    }
  });

  it('does not take a wrong password for an ended session', async () => {
    server = () => SIGNED_OUT;
    const ended = vi.fn();
    onSessionEnd(ended);
    await expect(call('AuthService/Login', { email: 'a@b.c', password: 'x' })).rejects.toThrow();
    expect(ended).not.toHaveBeenCalled();
    expect(calls).toEqual(['AuthService/Login']);
  });

  it('names an unreachable server', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(call('AuthService/Refresh', {})).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'NETWORK',
    });
  });
});

describe('parseError', () => {
  it('reads reason, fields, blockers and the missing permission from the details', () => {
    const error: ApiError = parseError('X/Y', 400, {
      code: 'failed_precondition',
      message: 'Two things are in the way.',
      details: [
        { type: 'google.rpc.ErrorInfo', debug: { reason: 'BLOCKED', metadata: { a: 'b' } } },
        {
          type: 'google.rpc.BadRequest',
          debug: { fieldViolations: [{ field: 'plan.title', description: 'Enter one.' }] },
        },
        {
          type: 'google.rpc.PreconditionFailure',
          debug: {
            violations: [{ type: 'CHECKS', subject: 'projects/p/plans/1', description: 'Checks failed.' }],
          },
        },
        {
          type: 'bytebase.v1.PermissionDeniedDetail',
          debug: { method: 'm', requiredPermissions: ['bb.plans.create'], resources: ['projects/p'] },
        },
      ],
    });
    expect(error.reason).toBe('BLOCKED');
    expect(error.metadata).toEqual({ a: 'b' });
    expect(error.field('title')).toBe('Enter one.');
    expect(error.field('other')).toBeUndefined();
    expect(error.blockers).toEqual([
      { type: 'CHECKS', subject: 'projects/p/plans/1', description: 'Checks failed.' },
    ]);
    expect(error.denied?.permissions).toEqual(['bb.plans.create']);
  });

  it('survives a body that is not ours', () => {
    expect(parseError('X/Y', 502, null)).toMatchObject({ code: 'unknown', httpStatus: 502 });
  });
});
