/**
 * Signing in at an identity provider: the browser goes there and comes back to /oidc/callback. What it was about is kept
 * in this browser meanwhile; that code and state belong together is for the server to say.
 */
import { call } from '@/api/client';
import type { TestIdentityProviderResponse } from '@/api/types';
import { webLink } from '@/lib/url';

const KEY = 'basalt.signOn';

export interface SignOn {
  provider: string;
  /** Whether nobody signs in: an administrator looks at what the provider says. */
  test?: boolean;
  /** Where to go on. */
  next?: string;
  /** In a tab of its own, which is of no use afterwards. */
  closes?: boolean;
}

/** @returns the address of the provider's page. */
export async function beginSignOn(signOn: SignOn): Promise<string> {
  const { provider, test } = signOn;
  const { authorizationUrl } = await call('SingleSignOnService/BeginSingleSignOn', {
    identityProvider: provider,
    test,
  });
  const address = webLink(authorizationUrl) ?? '';
  const state = new URL(address).searchParams.get('state');
  localStorage.setItem(KEY, JSON.stringify({ ...signOn, state }));
  return address;
}

/** What began with `state` in this browser, once. */
export function endSignOn(state: string | undefined): SignOn | undefined {
  const kept = localStorage.getItem(KEY);
  const begun = kept ? (JSON.parse(kept) as SignOn & { state: string }) : undefined;
  if (!begun || begun.state !== state) return undefined;
  localStorage.removeItem(KEY);
  return begun;
}

/** What a provider said of whoever signed in there for a test: as long as the page is open. */
const results = new Map<string, TestIdentityProviderResponse>();
export const testResultOf = (provider: string) => results.get(provider);

/** Asks what the provider says, and keeps it for the provider's page. */
export async function finishTest(provider: string, code: string, state: string): Promise<void> {
  const answer = await call('IdentityProviderService/TestIdentityProvider', {
    identityProvider: { name: provider },
    oidcContext: { code, state },
  });
  results.set(provider, answer);
}
