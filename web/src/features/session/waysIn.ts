/** What the workspace offers to those who are not in yet, and how passwords must be. */
import { call } from '@/api/client';
import type { Method } from '@/api/methods';
import { queryClient, rpcKey, useRpc } from '@/api/query';

const ANY = {};
const FRESH_MS = 60_000;
const RESTRICTION = 'AuthService/GetAuthenticationRestriction';
const PROVIDERS = 'IdentityProviderService/ListIdentityProviders';

/** Nothing until it is known. */
export const useRestriction = () =>
  useRpc(RESTRICTION, ANY, {
    staleTime: FRESH_MS,
    select: ({ restriction }) => restriction ?? {},
  }).data;

/** Where people can sign in other than here. */
export const useProviders = () =>
  useRpc(PROVIDERS, ANY, { staleTime: FRESH_MS, select: ({ identityProviders = [] }) => identityProviders })
    .data ?? [];

/** Both, before the sign-in page shows, so that it does not become another one; without an answer it takes passwords. */
export const loadWaysIn = () => {
  const load = (method: Method) =>
    queryClient.prefetchQuery({
      queryKey: rpcKey(method, ANY),
      queryFn: () => call(method, ANY),
      staleTime: FRESH_MS,
    });
  return Promise.all([load(RESTRICTION), load(PROVIDERS)]);
};
