/** What each engine is and can do, from GET /api/engines. The console never tells engines apart by itself. */
import { useQuery } from '@tanstack/react-query';
import { getJson } from '@/api/client';
import type { ApiError } from '@/api/error';

export interface EngineInfo {
  /** The wire name: `POSTGRES`. */
  kind: string;
  title: string;
  /** 0 where there is none. */
  defaultPort?: number;
  /** Listens on a host and port; else it is a file, whose path stands in `host`. */
  needsHost?: boolean;
  schemas?: boolean;
  roles?: boolean;
  transactionalDdl?: boolean;
  explainRows?: boolean;
  /** SQL that gives our user what it needs. */
  grants?: string;
}

export const useEngines = () =>
  useQuery<EngineInfo[], ApiError>({
    queryKey: ['engines'],
    queryFn: () => getJson<EngineInfo[]>('/api/engines'),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useEngine = (kind: string | undefined) => useEngines().data?.find((e) => e.kind === kind);
