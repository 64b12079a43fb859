import { useParams } from '@tanstack/react-router';
import { call } from '@/api/client';
import type { Request, Response } from '@/api/methods';
import { queryClient, rpcKey, useRpc } from '@/api/query';
import { equals } from '@/lib/filter';
import { projectId } from '@/lib/names';

/** One project out of the list of those that the caller may see: an answer without it is not a refused call. */
const search = (name: string): Request<'ProjectService/SearchProjects'> => ({
  filter: equals('resource_id', projectId(name)),
  pageSize: 1,
  showDeleted: true,
});

const first = (found: Response<'ProjectService/SearchProjects'>) => found.projects?.[0] ?? null;

/** null: it does not exist, or the caller may not see it. Asks nothing without a name. */
export const useVisibleProject = (name: string | undefined) =>
  useRpc('ProjectService/SearchProjects', search(name ?? ''), {
    topics: [name ?? ''],
    enabled: name !== undefined,
    select: first,
  });

/** Asks before the page is there. */
export function prefetchProject(name: string): void {
  const request = search(name);
  void queryClient.prefetchQuery({
    queryKey: rpcKey('ProjectService/SearchProjects', request),
    queryFn: () => call('ProjectService/SearchProjects', request),
    meta: { topics: [name] },
  });
}

/** The project of the URL: its name at once, its title when it is there. */
export function useProject() {
  const { project } = useParams({ strict: false }) as { project?: string };
  const name = `projects/${project}`;
  const query = useVisibleProject(name);
  return { name, title: query.data?.title || projectId(name), query };
}
