import { useQuery } from '@tanstack/react-query';
import { useRpc } from '@/api/query';
import { readSheet } from '@/api/sheets';
import type { Task } from '@/api/types';

/** The SQL a task runs, and the engine that runs it; undefined while loading. */
export function useStatement(task: Task): { text: string; engine: string | undefined } | undefined {
  const sheet = task.databaseUpdate?.sheet ?? '';
  const query = useQuery({
    queryKey: ['sheet', sheet, 'whole'],
    queryFn: () => readSheet(sheet, true),
    enabled: sheet !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const database = useRpc(
    'DatabaseService/GetDatabase',
    { name: task.target },
    { enabled: Boolean(task.target), staleTime: 300_000 },
  );
  if (sheet && !query.data && !query.error) return undefined;
  return { text: query.data?.text ?? '', engine: database.data?.instanceResource?.engine };
}
