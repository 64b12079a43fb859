import { expect, it } from 'vitest';
import type { Plan, TaskRun } from '@/api/types';
import { carriers, deployments, timingOf } from './deployments';

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
  const plans = [plan('projects/shop/releases/b', test), plan('projects/shop/releases/a', test, prod)];
  expect(deployments(carriers(plans, 'projects/shop/releases/a'))).toMatchObject([
    { environment: 'environments/test', done: 2, total: 2, state: 'done' },
    { environment: 'environments/prod', done: 1, total: 3, state: 'failed' },
  ]);
});

it('tells when the runs of a stage went, and nothing of an end while one goes on', () => {
  const stage = 'projects/shop/plans/1/rollout/stages/test';
  const run = (task: number, start: string, end: string, status: TaskRun['status'] = 'DONE'): TaskRun => ({
    name: `${stage}/tasks/${task}/taskRuns/1`,
    startTime: `2026-11-27T10:${start}Z`,
    updateTime: `2026-11-27T10:${end}Z`,
    status,
  });
  const waits: TaskRun = { name: `${stage}/tasks/3/taskRuns/1`, status: 'PENDING' };
  const done = [run(2, '00:02', '00:05'), run(1, '00:00', '00:03'), waits];
  expect(timingOf(done, stage)).toEqual({
    start: '2026-11-27T10:00:00Z',
    end: '2026-11-27T10:00:05Z',
    ms: 5000,
  });
  expect(timingOf([...done, run(4, '00:06', '00:06', 'RUNNING')], stage)).toMatchObject({ end: undefined });
  expect(timingOf(done, `${stage}2`)).toEqual({ start: undefined, end: undefined, ms: undefined });
});
