import { describe, expect, it } from 'vitest';
import type { IdentityProvider, User } from '@/api/types';
import { judge } from './claims';
import { lockoutOf } from './lockout';
import { maskOf, NEW_PROVIDER, providerOf, providerProblems, providerValues } from './provider';

const VALUES = {
  ...NEW_PROVIDER,
  title: 'Corp',
  issuer: 'https://id.example.com',
  clientId: 'basalt',
  clientSecret: 'x',
};

describe('a provider as a form has it', () => {
  it('goes to the server and back, but for its secret', () => {
    const back = providerValues(providerOf({ ...VALUES, scopes: 'openid, email', groups: ' groups ' }));
    expect(back).toEqual({ ...VALUES, clientSecret: '', scopes: 'openid email', groups: 'groups' });
  });

  it('says which fields are wrong', () => {
    expect(providerProblems(VALUES, { id: 'corp' }).size).toBe(0);
    const none = { ...NEW_PROVIDER, identifier: ' ', issuer: 'id.example.com' };
    expect([...providerProblems(none, { id: '9' })]).toEqual([
      'title',
      'id',
      'issuer',
      'clientId',
      'clientSecret',
      'identifier',
    ]);
  });

  it('asks for the secret again when the issuer is another', () => {
    const kept = { ...VALUES, clientSecret: '' };
    expect(providerProblems(kept, { issuer: VALUES.issuer }).size).toBe(0);
    expect([...providerProblems(kept, { issuer: 'https://other.example.com' })]).toEqual(['clientSecret']);
  });

  it('names the configuration as a whole', () => {
    expect(maskOf(['title'])).toBe('title');
    expect(maskOf(['issuer', 'title', 'groups'])).toBe('title,config');
  });
});

describe('what a provider says of somebody', () => {
  it('comes to an account', () => {
    const said = {
      claims: { sub: '7', email: 'Ann@Example.com' },
      userInfo: { name: 'Ann', email_verified: 'true' },
    };
    const { email, refusal, claims, missing } = judge(said, { ...VALUES, phone: 'phone_number' });
    expect([email, refusal, missing]).toEqual(['ann@example.com', undefined, ['phone']]);
    expect(claims[0]).toEqual({ name: 'email', value: 'Ann@Example.com', becomes: ['identifier'] });
    expect(claims.map(({ name }) => name)).toEqual(['email', 'name', 'email_verified', 'sub']);
  });

  it('or to none, for a reason', () => {
    const refusal = (claims: Record<string, string>, domain = '') =>
      judge({ claims }, { ...VALUES, domain }).refusal;
    expect(refusal({ sub: '7' })).toBe('missing');
    expect(refusal({ email: 'ann' })).toBe('noAddress');
    expect(refusal({ email: 'ann@example.com', email_verified: 'false' })).toBe('unverified');
    expect(refusal({ email: 'ann@example.com' }, 'corp.example')).toBe('domain');
    expect(refusal({ email: 'ann@example.com' }, '@Example.com')).toBeUndefined();
  });
});

describe('who is locked out without passwords', () => {
  const user = (email: string): User => ({ name: `users/${email}`, email });
  const users = ['ada@x.io', 'bo@x.io', 'cy@y.io', 'di@x.io'].map(user);
  const policy = {
    bindings: [
      { role: 'roles/workspaceAdmin', members: ['user:ada@x.io', 'group:crew@x.io'] },
      { role: 'roles/workspaceAdmin', members: ['user:di@x.io'], condition: { expression: 'false' } },
    ],
  };
  const groups = [{ email: 'crew@x.io', members: [{ member: 'users/bo@x.io' }] }];
  const found = (domain: string) => {
    const providers: IdentityProvider[] = [{ name: 'idps/a', domain }];
    const { outside, byProvider } = lockoutOf(users, policy, groups, providers);
    return [outside, byProvider].map((all) => all.map(({ email }) => email));
  };

  it('administrators are not, also by their groups', () => {
    expect(found('')).toEqual([[], ['cy@y.io', 'di@x.io']]);
  });

  it('those are whose address no provider takes', () => {
    expect(found('x.io')).toEqual([['cy@y.io'], ['di@x.io']]);
  });
});
