import { useQueries, useQuery } from '@tanstack/react-query';
import { batched } from '@/api/batch';
import { call } from '@/api/client';
import { rpcKey } from '@/api/query';
import type { Database } from '@/api/types';

const METHOD = 'DatabaseService/GetDatabase';
/** Where a database lies changes seldom. */
const FRESH_MS = 300_000;

/** One that is gone, or not for the reader, fails the whole call: then each is asked for by itself. */
const load = batched<Database | undefined>(async (names) => {
  const one = (name: string) => call(METHOD, { name }).catch(() => undefined);
  if (names.length === 1) return Promise.all(names.map(one));
  const all = call('DatabaseService/BatchGetDatabases', { parent: 'instances/-', names });
  return all.then(({ databases = [] }) => databases).catch(() => Promise.all(names.map(one)));
});

const queryOf = (name: string) => ({
  queryKey: rpcKey(METHOD, { name }),
  queryFn: () => load(name),
  staleTime: FRESH_MS,
  retry: false,
});

/** What stands behind the name of a database in a list: the rows of one moment are one call. Undefined while it is not known. */
export function useDatabase(name: string): Database | undefined {
  return useQuery({ ...queryOf(name), enabled: name !== '' }).data;
}

/** Those of them that are known. */
export function useDatabases(names: readonly string[]): Database[] {
  const results = useQueries({ queries: names.map(queryOf) });
  return results.flatMap(({ data }) => data ?? []);
}
