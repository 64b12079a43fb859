import { useMemo } from 'react';
import { useRpc } from '@/api/query';
import { useProjectAccess } from '@/features/access/access';
import { namesOf } from './completion';

/**
 * What completion offers for a database of a project: its schema as it was last read. Asked for once `wanted`, and
 * only from who may see it.
 */
export function useNames(project: string, database: string | undefined, wanted: boolean) {
  const may = useProjectAccess(project).data?.may('bb.databases.getSchema') ?? false;
  const { data } = useRpc(
    'DatabaseService/GetDatabaseMetadata',
    { name: `${database}/metadata` },
    { topics: [database ?? ''], staleTime: 60_000, enabled: wanted && may && Boolean(database) },
  );
  return useMemo(() => (data ? namesOf(data) : undefined), [data]);
}
