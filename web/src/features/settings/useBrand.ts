/** What the workspace is called, and its picture. */
import { useRpc } from '@/api/query';

/** It hardly ever changes. */
const FRESH_MS = 300_000;
const ANY = { name: 'workspaces/-' };

export interface Brand {
  title?: string | undefined;
  /** A `data:` URL. */
  logo?: string | undefined;
}

export const useBrand = () =>
  useRpc('WorkspaceService/GetWorkspace', ANY, {
    topics: ['workspaces/default'],
    staleTime: FRESH_MS,
    select: ({ title, logo }): Brand => ({ title, logo }),
  });
