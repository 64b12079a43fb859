import { describe, expect, it } from 'vitest';
import type { Plan, TaskStatus } from '@/api/types';
import {
  type Change,
  fromPlan,
  mergeText,
  moveChange,
  newChange,
  planBlockers,
  sameText,
  toSpecs,
} from './changes';
import { byWords } from './RolloutBlocked';
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
    const text = fromPlan(plan, new Map([['s1', { text: 'SELECT 1', bytes: 8, complete: true }]]));
    expect(text.changes).toEqual([{ id: 'a', targets: ['d'], statement: 'SELECT 1' }]);
    expect(toSpecs(text, new Map([['a', 's2']]), plan.specs)).toEqual([
      {
        id: 'a',
        changeDatabaseConfig: { targets: ['d'], sheet: 's2', enablePriorBackup: true, sessionSettings: {} },
      },
    ]);
  });

  it('keeps a large sheet where it is', () => {
    const plan: Plan = { specs: [{ id: 'a', changeDatabaseConfig: { targets: ['d'], sheet: 's1' } }] };
    const { changes } = fromPlan(plan, new Map([['s1', { text: 'SEL', bytes: 9_000_000, complete: false }]]));
    expect(changes).toMatchObject([{ statement: 'SEL', file: { sheet: 's1', bytes: 9_000_000 } }]);
    expect(planBlockers({ title: 't', description: '', changes })).toEqual([]);
  });

  it('tells a changed option and another order from what was saved', () => {
    const [a, b] = [newChange(['x']), newChange(['y'])];
    const of = (changes: Change[]) => ({ title: 't', description: '', changes });
    expect(sameText(of([a, b]), of([{ ...a }, { ...b, settings: {} }]))).toBe(true);
    expect(sameText(of([a, b]), of(moveChange([a, b], 0, 1)))).toBe(false);
    expect(sameText(of([a]), of([{ ...a, settings: { role: 'owner' } }]))).toBe(false);
    expect(moveChange([a, b], 1, -1)).toEqual([b, a]);
  });

  it('merges two edits of different parts, and leaves the same part to a person', () => {
    const change = newChange(['x']);
    const of = (title: string, statement: string) => ({
      title,
      description: '',
      changes: [{ ...change, statement }],
    });
    const from = of('t', 'a');
    expect(mergeText(from, of('t', 'mine'), of('theirs', 'a'))).toEqual(of('theirs', 'mine'));
    expect(mergeText(from, of('mine', 'a'), of('t', 'theirs'))).toEqual(of('mine', 'theirs'));
    expect(mergeText(from, of('t', 'same'), of('t', 'same'))).toEqual(of('t', 'same'));
    expect(mergeText(from, of('t', 'mine'), of('t', 'theirs'))).toBeUndefined();
    expect(mergeText(from, of('mine', 'a'), of('theirs', 'a'))).toBeUndefined();
  });
});

describe('what stands in the way of a rollout', () => {
  it('is told once for all databases that it is about', () => {
    const blocker = (database: string, description: string) => ({
      type: 'REVIEW_ERROR',
      subject: `instances/pg/databases/${database}`,
      description,
    });
    const plan = { type: 'CHECKS_NOT_DONE', subject: 'projects/shop/plans/1', description: 'Not done.' };
    expect(byWords([blocker('a', 'line 1'), plan, blocker('b', 'line 1'), blocker('b', 'line 2')])).toEqual([
      ['line 1', ['pg/a', 'pg/b']],
      ['Not done.', []],
      ['line 2', ['pg/b']],
    ]);
  });
});
