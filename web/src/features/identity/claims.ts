/** What a provider said of somebody who signed in for a test, and what it would come to here. Pure. */
import type { TestIdentityProviderResponse as Answer } from '@/api/types';
import { isEmail } from '@/lib/password';
import { MAPPED, type Mapped, type ProviderValues } from './provider';

export interface Claim {
  name: string;
  value: string;
  becomes: Mapped[];
}

/** Why nobody could sign in with these claims. */
export type Refusal = 'missing' | 'noAddress' | 'unverified' | 'domain';

export interface Verdict {
  claims: Claim[];
  /** What is mapped to claims that were not sent. */
  missing: Mapped[];
  email: string;
  refusal: Refusal | undefined;
}

function refusalOf(email: string, verified: string | undefined, values: ProviderValues): Refusal | undefined {
  const domain = values.domain.trim().replace(/^@/, '').toLowerCase();
  if (!email) return 'missing';
  if (!isEmail(email)) return 'noAddress';
  // Providers that have no such claim vouch by giving the address at all.
  if (values.identifier === 'email' && verified !== undefined && verified !== 'true') return 'unverified';
  return domain && !email.endsWith(`@${domain}`) ? 'domain' : undefined;
}

export function judge({ claims = {}, userInfo = {} }: Answer, values: ProviderValues): Verdict {
  const all: Record<string, string> = { ...claims, ...userInfo };
  const email = (all[values.identifier] ?? '').trim().toLowerCase();
  return {
    // What becomes something stands first.
    claims: Object.entries(all)
      .map(([name, value]) => ({ name, value, becomes: MAPPED.filter((field) => values[field] === name) }))
      .sort((a, b) => b.becomes.length - a.becomes.length || a.name.localeCompare(b.name)),
    missing: MAPPED.filter((field) => values[field] && !(values[field] in all)),
    email,
    refusal: refusalOf(email, all.email_verified, values),
  };
}
