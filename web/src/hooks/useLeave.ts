import { useCallback } from 'react';
import type { Service } from '@/api/methods';
import { invalidateMethods, queryClient } from '@/api/query';
import { useGo } from './useGo';

/** After something was deleted: its page is left before what shows it is asked for again, so that nobody sees it missing. */
export function useLeave(): (to: string, ...touches: Service[]) => Promise<void> {
  const go = useGo();
  return useCallback(
    async (to, ...touches) => {
      await go(to);
      await invalidateMethods(queryClient, touches);
    },
    [go],
  );
}
