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
}

interface Answer {
  engines: { engine: string; title: string; defaultPort: number; capabilities: Capabilities }[];
}

interface Capabilities {
  network: boolean;
  schemas: boolean;
  roles: boolean;
  transactionalDdl: boolean;
  explainRows: boolean;
}

const read = async (): Promise<EngineInfo[]> => {
  const { engines } = await getJson<Answer>('/api/engines');
  return engines.map(({ engine, title, defaultPort, capabilities }) => ({
    ...capabilities,
    kind: engine,
    title,
    defaultPort,
    needsHost: capabilities.network,
  }));
};

export const useEngines = () =>
  useQuery<EngineInfo[], ApiError>({
    queryKey: ['engines'],
    queryFn: read,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useEngine = (kind: string | undefined) => useEngines().data?.find((e) => e.kind === kind);
