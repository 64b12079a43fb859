import { expect, it } from 'vitest';
import type { Plan } from '@/api/types';
import { deployments } from './deployments';

const plan = (release: string, ...stages: Plan['rolloutStageSummaries'] & object): Plan => ({
  name: 'projects/shop/plans/1',
  specs: [{ changeDatabaseConfig: { release } }],
  rolloutStageSummaries: stages,
});

it('tells each stage of the plans that carry the release', () => {
  const test = {
    stage: 'projects/shop/plans/1/rollout/stages/test',
    taskStatusCounts: [{ status: 'DONE' as const, count: 2 }],
  };
  const prod = {
    stage: 'projects/shop/plans/1/rollout/stages/prod',
    taskStatusCounts: [
      { status: 'DONE' as const, count: 1 },
      { status: 'FAILED' as const, count: 1 },
      { status: 'NOT_STARTED' as const, count: 1 },
    ],
  };
  const found = deployments(
    [plan('projects/shop/releases/b', test), plan('projects/shop/releases/a', test, prod)],
    'projects/shop/releases/a',
  );
  expect(found).toMatchObject([
    { environment: 'environments/test', done: 2, total: 2, state: 'done' },
    { environment: 'environments/prod', done: 1, total: 3, state: 'failed' },
  ]);
});
