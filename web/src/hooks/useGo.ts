import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Goes to a URL of lib/paths.ts. */
export function useGo(): (
  to: string,
  options?: { replace?: boolean; keepScroll?: boolean },
) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(
    (to, options) => {
      const url = new URL(to, window.location.origin);
      return navigate({
        to: url.pathname as never,
        search: Object.fromEntries(url.searchParams) as never,
        hash: url.hash.slice(1) || undefined,
        replace: options?.replace,
        resetScroll: !options?.keepScroll,
      });
    },
    [navigate],
  );
}
