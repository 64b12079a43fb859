import { describe, expect, it } from 'vitest';
import type { Plan, TaskStatus } from '@/api/types';
import { fromPlan, newChange, planBlockers, toSpecs } from './changes';
import { planState, stageProgress } from './state';

const rolledOut = (...stages: TaskStatus[][]): Plan => ({
  hasRollout: true,
  issue: 'projects/p/issues/1',
  rolloutStageSummaries: stages.map((statuses, i) => ({
    stage: `s${i}`,
    taskStatusCounts: statuses.map((status) => ({ status, count: 1 })),
  })),
});

describe('planState', () => {
  it.each<[string, Plan]>([
    ['draft', {}],
    ['closed', { state: 'DELETED' }],
    ['closed', { issue: 'i', issueStatus: 'CANCELED' }],
    ['waiting', { issue: 'i', approvalStatus: 'PENDING' }],
    ['rejected', { issue: 'i', approvalStatus: 'REJECTED' }],
    ['approved', { issue: 'i', approvalStatus: 'SKIPPED' }],
    ['approved', { issue: 'i' }],
    ['approved', rolledOut(['NOT_STARTED'], ['NOT_STARTED'])],
    ['rollingOut', rolledOut(['DONE'], ['NOT_STARTED'])],
    ['rollingOut', rolledOut(['RUNNING'], ['NOT_STARTED'])],
    ['failed', rolledOut(['DONE', 'FAILED'], ['RUNNING'])],
    ['done', rolledOut(['DONE'], ['SKIPPED'])],
  ])('%s', (expected, plan) => {
    expect(planState(plan)).toBe(expected);
  });

  it('counts finished stages', () => {
    expect(stageProgress(rolledOut(['DONE', 'SKIPPED'], ['FAILED']))).toEqual({ done: 1, total: 2 });
    expect(stageProgress({})).toBeUndefined();
  });
});

describe('plan text', () => {
  it('lists all that is missing at once', () => {
    expect(planBlockers({ title: ' ', description: '', changes: [newChange()] })).toEqual([
      'title',
      'targets',
      'sql',
    ]);
    const change = { ...newChange(['instances/a/databases/b']), statement: 'SELECT 1' };
    expect(planBlockers({ title: 't', description: '', changes: [change] })).toEqual([]);
  });

  it('goes to specs and back without losing options it does not show', () => {
    const plan: Plan = {
      title: 't',
      specs: [{ id: 'a', changeDatabaseConfig: { targets: ['d'], sheet: 's1', enablePriorBackup: true } }],
    };
    const text = fromPlan(plan, new Map([['s1', 'SELECT 1']]));
    expect(text.changes).toEqual([{ id: 'a', targets: ['d'], statement: 'SELECT 1' }]);
    expect(toSpecs(text, new Map([['a', 's2']]), plan.specs)).toEqual([
      { id: 'a', changeDatabaseConfig: { targets: ['d'], sheet: 's2', enablePriorBackup: true } },
    ]);
  });
});
