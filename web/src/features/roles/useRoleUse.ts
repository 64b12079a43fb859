/** Where a role is given: in the workspace, and in the projects that the caller may see. */
import { useQuery } from '@tanstack/react-query';
import { call } from '@/api/client';
import { useRpc } from '@/api/query';
import type { IamPolicy, Project } from '@/api/types';
import { mapAtMost } from '@/lib/mapAtMost';

const PAGE = 100;
/** More projects than these nobody waits for. */
const MOST_PROJECTS = 1_000;
const AT_ONCE = 6;

export interface Use {
  /** '' for the workspace. */
  project: string;
  title: string;
  members: string[];
}

const membersIn = (policy: IamPolicy, role: string): string[] => [
  ...new Set(
    (policy.bindings ?? []).filter((binding) => binding.role === role).flatMap(({ members = [] }) => members),
  ),
];

export const useWorkspaceUse = (role: string) =>
  useRpc(
    'WorkspaceService/GetIamPolicy',
    { resource: 'workspaces/default' },
    { select: (policy) => membersIn(policy, role) },
  );

async function visibleProjects(): Promise<{ projects: Project[]; more: boolean }> {
  const projects: Project[] = [];
  let pageToken: string | undefined;
  do {
    const page = await call('ProjectService/SearchProjects', { pageSize: PAGE, pageToken });
    projects.push(...(page.projects ?? []));
    pageToken = page.nextPageToken || undefined;
  } while (pageToken && projects.length < MOST_PROJECTS);
  return { projects, more: pageToken !== undefined };
}

/** Asks each project, once somebody wants to know. */
export const useProjectUse = (role: string, wanted: boolean) =>
  useQuery({
    queryKey: ['ProjectService/GetIamPolicy', 'of role', role],
    enabled: wanted,
    queryFn: async () => {
      const { projects, more } = await visibleProjects();
      const uses = await mapAtMost(AT_ONCE, projects, async ({ name = '', title }): Promise<Use> => {
        const policy = await call('ProjectService/GetIamPolicy', { resource: name });
        return { project: name, title: title || name, members: membersIn(policy, role) };
      });
      return { uses: uses.filter(({ members }) => members.length > 0), looked: projects.length, more };
    },
  });
