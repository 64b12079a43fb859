/**
 * What the signed-in person may do on one resource, asked before it is tried: pages make no calls that would be
 * refused, and say who can grant what is missing.
 */
import { call } from '@/api/client';
import type { Grantor } from '@/api/error';
import type { Response } from '@/api/methods';
import { queryClient, rpcKey, useRpc } from '@/api/query';
import { emailOf } from '@/lib/names';

/** All that the pages of a project need, asked for in one call. */
const OF_PROJECT = [
  'bb.projects.get',
  'bb.projects.update',
  'bb.projects.getIamPolicy',
  'bb.projects.setIamPolicy',
  'bb.plans.list',
  'bb.plans.create',
  'bb.plans.hotfix',
  'bb.emergencies.create',
  'bb.issues.list',
  'bb.databases.list',
  'bb.databases.getSchema',
  'bb.releases.list',
  'bb.releases.get',
  'bb.releases.create',
  'bb.releases.delete',
  'bb.releases.undelete',
  'bb.serviceAccounts.list',
  'bb.serviceAccounts.create',
  'bb.workloadIdentities.list',
  'bb.workloadIdentities.create',
  'bb.auditLogs.search',
  'bb.auditLogs.export',
] as const;
export type ProjectPermission = (typeof OF_PROJECT)[number];

/** What pages outside of projects need, on the workspace or on an instance. */
export type WorkspacePermission =
  | 'bb.groups.list'
  | 'bb.identityProviders.create'
  | 'bb.identityProviders.get'
  | 'bb.instances.list'
  | 'bb.instances.create'
  | 'bb.instances.get'
  | 'bb.policies.list'
  | 'bb.reviewConfigs.list'
  | 'bb.reviewConfigs.get'
  | 'bb.reviewConfigs.create'
  | 'bb.reviewConfigs.update'
  | 'bb.reviewConfigs.delete'
  | 'bb.settings.get';
export type PagePermission = ProjectPermission | WorkspacePermission;

/** Roles change while pages stay open. */
const FRESH_MS = 60_000;

export type { Grantor };

const METHOD = 'AccessService/Explain';
const question = (resource: string, permissions: readonly PagePermission[] = OF_PROJECT) => ({
  resource,
  permissions: [...permissions],
});

const accessOf = ({ missing = [], grantors = [] }: Response<typeof METHOD>) => ({
  may: (permission: PagePermission) => !missing.includes(permission),
  grantors: grantors.map(({ name = '', title = '' }): Grantor => {
    const email = emailOf(name);
    return { name: title || email, email };
  }),
});

export const useProjectAccess = (project: string) =>
  useRpc(METHOD, question(project), { topics: [project], staleTime: FRESH_MS, select: accessOf });

/** One permission on any resource; asks nothing without one. */
export const useAccess = (resource: string, permission: PagePermission | undefined) =>
  useRpc(METHOD, question(resource, permission ? [permission] : []), {
    enabled: permission !== undefined,
    staleTime: FRESH_MS,
    select: accessOf,
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
