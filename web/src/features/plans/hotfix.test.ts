import { expect, it } from 'vitest';
import { isHotfix, openTasks } from './hotfix';

const stage = (id: string, ...statuses: ('DONE' | 'SKIPPED' | 'NOT_STARTED')[]) => ({
  environment: `environments/${id}`,
  tasks: statuses.map((status) => ({ status })),
});
const plan = { hotfix: { reason: 'down', first: ['environments/prod'] } };

it('lists what the other environments still have to get, once production has it', () => {
  expect(isHotfix({})).toBe(false);
  expect(isHotfix(plan)).toBe(true);
  expect(openTasks(plan, [stage('prod', 'NOT_STARTED'), stage('test', 'NOT_STARTED')])).toEqual([]);
  const left = openTasks(plan, [
    stage('prod', 'DONE', 'SKIPPED'),
    stage('test', 'NOT_STARTED', 'DONE'),
    stage('staging', 'DONE'),
  ]);
  expect(left.map(({ stage: { environment }, tasks }) => [environment, tasks.length])).toEqual([
    ['environments/test', 1],
  ]);
  expect(openTasks({}, [stage('test', 'NOT_STARTED')])).toEqual([]);
});
