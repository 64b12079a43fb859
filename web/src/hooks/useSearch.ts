import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Search = Record<string, string | undefined>;

/**
 * The URL's query as state: reload, back and a pasted link give the same view. Setting a key to undefined
 * or '' removes it.
 */
export function useSearchState(): [
  Search,
  (patch: Search, options?: { push?: boolean; hash?: string }) => void,
] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const set = useCallback(
    (patch: Search, options: { push?: boolean; hash?: string } = {}) => {
      navigate({
        to: '.',
        search: ((old: Search) => clean({ ...old, ...patch })) as never,
        hash: options.hash,
        replace: !options.push,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, set];
}

function clean(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value));
}
