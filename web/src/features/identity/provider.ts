/** An identity provider as a form has it, what is wrong with it, and as the server takes it. Pure. */
import type { IdentityProvider } from '@/api/types';
import { isResourceId } from '@/lib/names';
import { webLink } from '@/lib/url';

export interface ProviderValues {
  title: string;
  issuer: string;
  clientId: string;
  /** Empty keeps the one there is. */
  clientSecret: string;
  /** Separated by blanks. */
  scopes: string;
  domain: string;
  identifier: string;
  displayName: string;
  phone: string;
  groups: string;
  /** The secret goes in the body of the request, for providers that do not take it in its head. */
  secretInBody: boolean;
}

/** What the claims of a provider become here: the fields that name them. */
export const MAPPED = ['identifier', 'displayName', 'phone', 'groups'] as const;
export type Mapped = (typeof MAPPED)[number];

export const NEW_PROVIDER: ProviderValues = {
  title: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  scopes: 'openid profile email',
  domain: '',
  identifier: 'email',
  displayName: 'name',
  phone: '',
  groups: '',
  secretInBody: false,
};

export function providerValues({ title = '', domain = '', config }: IdentityProvider): ProviderValues {
  const { issuer = '', clientId = '', scopes = [], authStyle, fieldMapping = {} } = config?.oidcConfig ?? {};
  const { identifier = '', displayName = '', phone = '', groups = '' } = fieldMapping;
  return {
    title,
    domain,
    issuer,
    clientId,
    clientSecret: '',
    scopes: scopes.join(' '),
    identifier,
    displayName,
    phone,
    groups,
    secretInBody: authStyle === 'IN_PARAMS',
  };
}

const trimmed = <T extends Record<string, string>>(texts: T): T =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.trim()])) as T;

export function providerOf(values: ProviderValues): IdentityProvider {
  const { scopes, secretInBody, clientSecret, ...texts } = values;
  const { title, domain, issuer, clientId, ...fieldMapping } = trimmed(texts);
  return {
    title,
    domain,
    type: 'OIDC',
    config: {
      oidcConfig: {
        issuer,
        clientId,
        clientSecret,
        scopes: scopes.split(/[\s,]+/).filter(Boolean),
        fieldMapping,
        authStyle: secretInBody ? 'IN_PARAMS' : 'IN_HEADER',
      },
    },
  };
}

/** The update mask of what was changed. */
export function maskOf(changed: readonly (keyof ProviderValues)[]): string {
  const own = changed.filter((key) => key === 'title' || key === 'domain');
  return [...own, ...(own.length < changed.length ? ['config'] : [])].join(',');
}

export type ProviderProblem = 'title' | 'id' | 'issuer' | 'clientId' | 'clientSecret' | 'identifier';

interface Known {
  /** Of a new one. */
  id?: string;
  /** The one that the server keeps a secret for. */
  issuer?: string | undefined;
}

export function providerProblems(
  values: ProviderValues,
  { id, issuer }: Known,
): ReadonlySet<ProviderProblem> {
  const wrong: Record<ProviderProblem, boolean> = {
    title: !values.title.trim(),
    id: id !== undefined && !isResourceId(id),
    issuer: !webLink(values.issuer.trim()),
    clientId: !values.clientId.trim(),
    clientSecret: !values.clientSecret && values.issuer.trim() !== issuer,
    identifier: !values.identifier.trim(),
  };
  return new Set((Object.keys(wrong) as ProviderProblem[]).filter((field) => wrong[field]));
}
