/**
 * A project with databases on the real servers, and plans in it, made by the API with the page's own session: what
 * the journeys of a rollout begin with. Their own steps go through the console.
 */
import type { Page } from '@playwright/test';
import type { Query, Server } from './servers.ts';

/** An instance of a server with one database of its own. */
export interface Target {
  instance: string;
  engine: 'POSTGRES' | 'MARIADB';
  environment: 'test' | 'prod';
  server: Server;
  database: string;
}

export const targetName = (of: Target): string => `instances/${of.instance}/databases/${of.database}`;

/** Calls an rpc as the console does, from the page. */
export async function call<T = Record<string, unknown>>(
  page: Page,
  method: string,
  request: object,
): Promise<T> {
  return page.evaluate(
    async ([path, body]) => {
      const response = await fetch(`/bytebase.v1.${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Connect-Protocol-Version': '1' },
        body,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    },
    [method, JSON.stringify(request)] as const,
  );
}

/** The project `id` with the databases of `targets`, which are made by `query`. */
export async function makeProject(
  page: Page,
  id: string,
  title: string,
  targets: readonly (Target & { query: Query })[],
): Promise<void> {
  await call(page, 'ProjectService/CreateProject', {
    projectId: id,
    project: { title, allowSelfApproval: true },
  });
  for (const target of targets) {
    await target.query(`CREATE DATABASE ${target.database}`);
    const { host, port, user, password } = target.server;
    await call(page, 'InstanceService/CreateInstance', {
      instanceId: target.instance,
      instance: {
        title: `${target.engine === 'POSTGRES' ? 'PostgreSQL' : 'MariaDB'} ${target.environment}`,
        engine: target.engine,
        environment: `environments/${target.environment}`,
        activation: true,
        syncDatabases: { databases: [target.database] },
        dataSources: [{ id: 'admin', type: 'ADMIN', host, port: String(port), username: user, password }],
      },
    });
    await call(page, 'InstanceService/SyncInstance', { name: `instances/${target.instance}` });
    await call(page, 'DatabaseService/UpdateDatabase', {
      database: { name: targetName(target), project: `projects/${id}` },
      updateMask: 'project',
    });
  }
}

/** @returns the name of a plan with one change, a draft. */
export async function makeDraft(
  page: Page,
  project: string,
  title: string,
  script: string,
  targets: readonly string[],
): Promise<string> {
  const parent = `projects/${project}`;
  const content = Buffer.from(script).toString('base64');
  const sheet = await call<{ name: string }>(page, 'SheetService/CreateSheet', {
    parent,
    sheet: { content },
  });
  const plan = await call<{ name: string }>(page, 'PlanService/CreatePlan', {
    parent,
    plan: {
      title,
      specs: [{ id: crypto.randomUUID(), changeDatabaseConfig: { targets, sheet: sheet.name } }],
    },
  });
  return plan.name;
}

/** @returns the plan's name, with an issue to talk about it. */
export async function makePlan(
  page: Page,
  project: string,
  title: string,
  script: string,
  targets: readonly string[],
): Promise<string> {
  const plan = await makeDraft(page, project, title, script, targets);
  await call(page, 'IssueService/CreateIssue', {
    parent: `projects/${project}`,
    issue: { title, type: 'DATABASE_CHANGE', plan },
  });
  return plan;
}

/** @returns the plan's name, with its rollout made. */
export async function makeRollout(
  page: Page,
  project: string,
  title: string,
  script: string,
  targets: readonly Target[],
): Promise<string> {
  const plan = await makePlan(page, project, title, script, targets.map(targetName));
  await call(page, 'RolloutService/CreateRollout', { parent: plan });
  return plan;
}
