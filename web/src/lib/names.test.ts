import { describe, expect, it } from 'vitest';
import { databaseId, idOf, instanceOf, isResourceId, parentOf, planOf, slugOf, taskOf } from './names';
import { paths } from './paths';

const RUN = 'projects/shop/plans/12/rollout/stages/prod/tasks/3/taskRuns/2';

describe('names', () => {
  it('takes ids and parents out of a name', () => {
    expect(idOf(RUN, 'tasks')).toBe('3');
    expect(planOf(RUN)).toBe('projects/shop/plans/12');
    expect(taskOf(RUN)).toBe('projects/shop/plans/12/rollout/stages/prod/tasks/3');
    expect(parentOf(RUN, 'issues')).toBe('');
    expect(instanceOf('instances/pg/databases/a b')).toBe('instances/pg');
    expect(databaseId(undefined)).toBe('');
  });

  it('makes ids from titles that the API accepts', () => {
    expect(slugOf('Online shop')).toBe('online-shop');
    expect(slugOf('  Größe & Käse 2 ')).toBe('gro-e-kase-2');
    expect(slugOf('2024 archive')).toBe('archive');
    expect(slugOf('日本')).toBe('');
    for (const title of ['Online shop', 'a'.repeat(80), `x${'-'.repeat(70)}y`]) {
      expect(isResourceId(slugOf(title))).toBe(true);
    }
    for (const id of ['', '-a', 'a-', 'A', '1a', 'a b']) expect(isResourceId(id)).toBe(false);
  });
});

describe('paths', () => {
  it('encodes ids, so that any database name has a page', () => {
    expect(paths.database('instances/pg/databases/a b$c?#')).toBe('/instances/pg/databases/a%20b%24c%3F%23');
  });

  it('leads from a task to its log on the plan', () => {
    expect(paths.plan(planOf(RUN), { tab: 'rollout', task: taskOf(RUN) })).toBe(
      '/projects/shop/plans/12?tab=rollout&task=3',
    );
  });

  it('leaves out what is empty', () => {
    expect(paths.newPlan('projects/shop')).toBe('/projects/shop/plans/new');
    expect(paths.signIn('/')).toBe('/auth/signin');
  });
});
