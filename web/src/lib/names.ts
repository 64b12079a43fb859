/**
 * Resource names (`projects/shop/plans/12/rollout/stages/prod/tasks/3`): taken apart here and nowhere else.
 * Ids may hold any character but `/`; they are encoded only when they become a URL (lib/paths.ts).
 */

/** The id that follows `collection` in `name`, or '' when the name has no such part. */
export function idOf(name: string | undefined, collection: string): string {
  const parts = (name ?? '').split('/');
  const at = parts.indexOf(collection);
  return at >= 0 ? (parts[at + 1] ?? '') : '';
}

/** The name up to and including `collection` and its id: `parentOf(task, 'plans')` is the plan's name. */
export function parentOf(name: string | undefined, collection: string): string {
  const parts = (name ?? '').split('/');
  const at = parts.indexOf(collection);
  return at >= 0 && parts[at + 1] ? parts.slice(0, at + 2).join('/') : '';
}

export const projectId = (name?: string) => idOf(name, 'projects');
export const projectOf = (name?: string) => parentOf(name, 'projects');
export const planId = (name?: string) => idOf(name, 'plans');
export const planOf = (name?: string) => parentOf(name, 'plans');
export const instanceId = (name?: string) => idOf(name, 'instances');
export const instanceOf = (name?: string) => parentOf(name, 'instances');
export const databaseId = (name?: string) => idOf(name, 'databases');
export const stageId = (name?: string) => idOf(name, 'stages');
export const stageOf = (name?: string) => parentOf(name, 'stages');
export const taskId = (name?: string) => idOf(name, 'tasks');
export const taskOf = (name?: string) => parentOf(name, 'tasks');
export const taskRunId = (name?: string) => idOf(name, 'taskRuns');
export const environmentId = (name?: string) => idOf(name, 'environments');
export const emailOf = (name?: string) =>
  (name ?? '').replace(/^(users|serviceAccounts|workloadIdentities)\//, '');

export const releaseId = (name?: string) => idOf(name, 'releases');

export const DEFAULT_PROJECT = 'projects/default';

/** A resource id made from a title: lower case letters, digits and single dashes, starting with a letter. */
export function slugOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** True for an id that the API accepts for a new resource. */
export const isResourceId = (id: string) => /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id);
