/**
 * Server state. A query's `topics` are the resource names it shows; the live stream refetches it when one
 * of them, something under one, or something above one changes (lib/live.ts).
 */
import {
  keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { live, usePollInterval } from '@/lib/live';
import { call } from './client';
import { type ApiError, codeOf } from './error';
import type { Method, Request, Response, Service } from './methods';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiError;
    queryMeta: { topics?: readonly string[] };
  }
}

/** Answers that do not become different by asking again at once. */
const FINAL = new Set([
  'unauthenticated',
  'permission_denied',
  'not_found',
  'invalid_argument',
  'failed_precondition',
  'unimplemented',
  'already_exists',
]);

export const queryClient = new QueryClient({
  // A server on this machine or in this house answers also when the browser says that it is offline; and what could
  // not be sent says so at once, rather than being sent when nobody expects it any more.
  defaultOptions: {
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 10_000,
      retry: (count, error) => count < 2 && !FINAL.has(codeOf(error)),
      retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
      refetchOnWindowFocus: true,
    },
  },
});

interface QueryOptions<T, S> {
  topics?: readonly string[];
  enabled?: boolean;
  select?: (data: T) => S;
  /** Keeps the previous page's rows on screen while the next load. */
  keep?: boolean;
  staleTime?: number;
  /** Asks again after so many milliseconds, for what no event tells; an error ends it. */
  every?: number | false;
}

export const rpcKey = <M extends Method>(method: M, request: Request<M>) => [method, request] as const;

export function useRpc<M extends Method, S = Response<M>>(
  method: M,
  request: Request<M>,
  { topics, enabled = true, select, keep, staleTime, every = false }: QueryOptions<Response<M>, S> = {},
): UseQueryResult<S, ApiError> {
  const poll = usePollInterval();
  const topicKey = enabled && topics ? topics.filter(Boolean).join('\n') : '';
  useEffect(() => (topicKey ? live.subscribe(topicKey.split('\n')) : undefined), [topicKey]);
  return useQuery({
    queryKey: rpcKey(method, request),
    queryFn: ({ signal }) => call(method, request, { signal }),
    meta: { topics: topics ?? [] },
    enabled,
    select,
    staleTime,
    placeholderData: keep ? keepPreviousData : undefined,
    refetchInterval: ({ state }) => (every && !state.error ? every : topicKey ? poll : false),
  });
}

/** A changing call. `onDone` runs before the promise settles, so that lists are fresh when a dialog closes. */
export function useCall<M extends Method>(
  method: M,
  { touches = [] }: { touches?: readonly (Method | Service)[] } = {},
) {
  const client = useQueryClient();
  return useMutation<Response<M>, ApiError, Request<M>>({
    mutationFn: (request) => call(method, request),
    onSuccess: async () => {
      await invalidateMethods(client, touches);
    },
  });
}

/** Refetches every query of the given methods, or of all methods of the given services. */
export function invalidateMethods(
  client: QueryClient,
  touches: readonly (Method | Service)[],
): Promise<void> {
  if (touches.length === 0) return Promise.resolve();
  return client.invalidateQueries({
    predicate: ({ queryKey }) => {
      const method = String(queryKey[0]);
      return touches.some((touch) => method === touch || method.startsWith(`${touch}/`));
    },
  });
}
