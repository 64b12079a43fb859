/** Configurations of SQL review, and where each is in force. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '@/api/client';
import { ApiError, isApiError } from '@/api/error';
import { invalidateMethods, useRpc } from '@/api/query';
import type { ReviewConfig } from '@/api/types';
import { slugOf } from '@/lib/names';

export const LIST = 'ReviewConfigService/ListReviewConfigs';

export const useReviewConfigs = (enabled = true) =>
  useRpc(LIST, {}, { topics: ['reviewConfigs'], enabled, select: ({ reviewConfigs = [] }) => reviewConfigs });

/** The configuration that a resource is attached to, whether it is enabled or not. */
export const attachedTo = (configs: readonly ReviewConfig[], resource: string): ReviewConfig | undefined =>
  configs.find((config) => config.resources?.includes(resource));

/** By which a database is reviewed: that of its environment, else that of its project; one that is off counts as none. */
export function inForce(
  configs: readonly ReviewConfig[],
  environment: string,
  project: string,
): { config: ReviewConfig; by: 'environment' | 'project' } | undefined {
  for (const [by, resource] of [
    ['environment', environment],
    ['project', project],
  ] as const) {
    const config = attachedTo(configs, resource);
    if (config?.enabled) return { config, by };
  }
  return undefined;
}

/** A name for a new configuration that no other has; undefined lets the server choose. */
export function freeName(title: string, configs: readonly ReviewConfig[]): string | undefined {
  const slug = slugOf(title);
  const names = new Set(configs.map(({ name }) => name));
  const tries = [slug, ...Array.from({ length: 8 }, (_, i) => `${slug.slice(0, 60)}-${i + 2}`)];
  return slug ? tries.map((id) => `reviewConfigs/${id}`).find((name) => !names.has(name)) : undefined;
}

const setResources = (config: ReviewConfig, resources: string[]) =>
  call('ReviewConfigService/UpdateReviewConfig', {
    reviewConfig: { name: config.name, resources },
    updateMask: 'resources',
  });

/**
 * Puts a resource under a configuration, or under none. A resource has at most one, and the server takes it away from no
 * other by itself: so it is detached first, and put back when the rest fails.
 */
async function put(resource: string, to: ReviewConfig | undefined, configs: readonly ReviewConfig[]) {
  const from = attachedTo(configs, resource);
  if (from?.name === to?.name) return;
  const had = from?.resources ?? [];
  if (from)
    await setResources(
      from,
      had.filter((r) => r !== resource),
    );
  if (!to) return;
  try {
    await setResources(to, [...(to.resources ?? []), resource]);
  } catch (error) {
    if (from) await setResources(from, had);
    throw error;
  }
}

export interface Attaching {
  busy: boolean;
  error: ApiError | null;
  /** Whether it worked. */
  attach: (resources: readonly string[], to: ReviewConfig | undefined) => Promise<boolean>;
}

/** Attaches resources, one after the other, to what the server says is there now. */
export function useAttach(): Attaching {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const attach = async (resources: readonly string[], to: ReviewConfig | undefined) => {
    setBusy(true);
    setError(null);
    try {
      for (const resource of resources) {
        const { reviewConfigs = [] } = await call(LIST, {});
        const target = to && (reviewConfigs.find(({ name }) => name === to.name) ?? to);
        await put(resource, target, reviewConfigs);
      }
      return true;
    } catch (failure) {
      setError(
        isApiError(failure)
          ? failure
          : new ApiError({ code: 'internal', message: String(failure), method: LIST }),
      );
      return false;
    } finally {
      await invalidateMethods(client, ['ReviewConfigService']);
      setBusy(false);
    }
  };
  return { busy, error, attach };
}
