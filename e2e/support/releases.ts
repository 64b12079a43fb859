/** Releases as a pipeline makes them: files by the API, and a plan that carries them to databases. */
import type { Page } from '@playwright/test';
import { call } from './shop.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Files by their path, whose names begin with the version. @returns the name of the release */
export async function makeRelease(
  page: Page,
  files: Readonly<Record<string, string>>,
  more: object = {},
): Promise<string> {
  const { name } = await call<{ name: string }>(page, 'ReleaseService/CreateRelease', {
    parent: 'projects/shop',
    release: {
      type: 'VERSIONED',
      files: Object.entries(files).map(([path, statement]) => ({
        version: /\/([\d.]+)[-_]/.exec(path)?.[1],
        path,
        statement: base64(statement),
      })),
      ...more,
    },
  });
  return name;
}

/** Carries a release to databases. What `run` gives runs the first stage. */
export async function carry(
  page: Page,
  release: string,
  title: string,
  targets: readonly string[],
): Promise<{ run: () => Promise<unknown> }> {
  const plan = await call<{ name: string }>(page, 'PlanService/CreatePlan', {
    parent: 'projects/shop',
    plan: { title, specs: [{ id: crypto.randomUUID(), changeDatabaseConfig: { release, targets } }] },
  });
  const issue = { title, type: 'DATABASE_CHANGE', plan: plan.name };
  await call(page, 'IssueService/CreateIssue', { parent: 'projects/shop', issue });
  const { stages } = await call<{ stages: { name: string; tasks: { name: string }[] }[] }>(
    page,
    'RolloutService/CreateRollout',
    { parent: plan.name },
  );
  const [first] = stages;
  const tasks = first?.tasks.map((task) => task.name);
  return { run: () => call(page, 'RolloutService/BatchRunTasks', { parent: first?.name, tasks }) };
}
