/**
 * What the signed-in person may do on one resource, asked before it is tried: pages make no calls that would be
 * refused, and say who can grant what is missing.
 */
import { call } from '@/api/client';
import type { Grantor } from '@/api/error';
import { queryClient, rpcKey, useRpc } from '@/api/query';

/** All that the pages of a project need, asked for in one call. */
const OF_PROJECT = [
  'bb.projects.get',
  'bb.projects.update',
  'bb.projects.getIamPolicy',
  'bb.plans.list',
  'bb.plans.create',
  'bb.issues.list',
  'bb.databases.list',
] as const;
export type ProjectPermission = (typeof OF_PROJECT)[number];

/** Roles change while pages stay open. */
const FRESH_MS = 60_000;

export type { Grantor };

const METHOD = 'AccessService/Explain';
const question = (project: string) => ({ resource: project, permissions: [...OF_PROJECT] });

export const useProjectAccess = (project: string) =>
  useRpc(METHOD, question(project), {
    topics: [project],
    staleTime: FRESH_MS,
    select: ({ missing = [], grantors = [] }) => ({
      may: (permission: ProjectPermission) => !missing.includes(permission),
      grantors: grantors.map(({ name = '', title = '' }): Grantor => {
        const email = name.replace(/^users\//, '');
        return { name: title || email, email };
      }),
    }),
  });

export function prefetchAccess(project: string): void {
  const request = question(project);
  void queryClient.prefetchQuery({
    queryKey: rpcKey(METHOD, request),
    queryFn: () => call(METHOD, request),
    meta: { topics: [project] },
    staleTime: FRESH_MS,
  });
}
