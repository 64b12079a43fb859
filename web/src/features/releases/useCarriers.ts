import { useRpc } from '@/api/query';
import type { Release } from '@/api/types';
import { useProjectAccess } from '@/features/access/access';
import { useDatabase } from '@/features/databases/useDatabase';
import { all } from '@/lib/filter';
import { carriers } from './deployments';

/** Plans that are looked through for the release, newest first. */
const LIMIT = 200;

/** The plans with a rollout that carry the release. */
export function useCarriers(project: string, { name = '', createTime }: Release, allowed = true) {
  return useRpc(
    'PlanService/ListPlans',
    {
      parent: project,
      pageSize: LIMIT,
      filter: all('has_rollout == true', `create_time >= ${JSON.stringify(createTime)}`),
    },
    {
      topics: [project],
      enabled: allowed && Boolean(createTime),
      select: ({ plans = [] }) => carriers(plans, name),
    },
  );
}

/** The engine that the files are written for, once a rollout has brought them somewhere: releases do not say it. */
export function useEngineOf(project: string, release: Release): string | undefined {
  const allowed = useProjectAccess(project).data?.may('bb.plans.list') ?? false;
  const { data: plans = [] } = useCarriers(project, release, allowed);
  const targets = plans.flatMap(({ specs = [] }) =>
    specs.flatMap(({ changeDatabaseConfig: change }) => change?.targets ?? []),
  );
  const database = useDatabase(targets.find((target) => target.startsWith('instances/')) ?? '');
  return database?.instanceResource?.engine;
}
