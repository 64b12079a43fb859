/** Checks, rollouts and runs of the mock: the same states as the server, on timers. Development only. */
import type { CheckResult, Plan, Stage, Task, TaskRun } from '../../src/api/types.ts';
import { changed, endLog, log } from './events.ts';
import { ago, etag, now, SCHEMA_AFTER, SCHEMA_BEFORE, STATEMENT, sheet, state } from './state.ts';

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const SLOW = Number(process.env.MOCK_SLOW ?? 1);

export const statementOf = (plan: Plan) =>
  state.sheets.get(plan.specs?.[0]?.changeDatabaseConfig?.sheet ?? '') ?? '';
export const targetsOf = (plan: Plan) => plan.specs?.[0]?.changeDatabaseConfig?.targets ?? [];

function review(plan: Plan): CheckResult[] {
  const lines = statementOf(plan).split('\n');
  const results: CheckResult[] = [];
  for (const target of targetsOf(plan)) {
    const before = results.length;
    lines.forEach((line, index) => {
      const sqlReviewReport = { startPosition: { line: index + 1, column: 1 } };
      if (/^\s*(update|delete)\b/i.test(line) && !/where/i.test(lines.slice(index).join(' '))) {
        results.push({
          target,
          type: 'STATEMENT_ADVISE',
          status: 'ERROR',
          code: 202,
          title: 'statement.where.require',
          sqlReviewReport,
          content: 'UPDATE without WHERE changes every row of the table.',
        });
      }
      if (/add column .* not null(?!.*default)/i.test(line)) {
        results.push({
          target,
          type: 'STATEMENT_ADVISE',
          status: 'WARNING',
          code: 401,
          title: 'column.no-null',
          sqlReviewReport,
          content: 'A NOT NULL column without a default fails on a table that has rows.',
        });
      }
      if (/selekt|creat table/i.test(line)) {
        results.push({
          target,
          type: 'STATEMENT_ADVISE',
          status: 'ERROR',
          code: 201,
          title: 'Syntax error',
          sqlReviewReport,
          content: `syntax error at or near "${line.trim().split(' ')[0]}"`,
        });
      }
    });
    if (results.length === before) {
      results.push({ target, type: 'STATEMENT_ADVISE', status: 'SUCCESS', title: 'OK', content: '' });
    }
    results.push({
      target,
      type: 'STATEMENT_SUMMARY_REPORT',
      status: 'SUCCESS',
      title: 'OK',
      sqlSummaryReport: {
        statementTypes: [
          ...new Set(
            [...statementOf(plan).matchAll(/^\s*(ALTER TABLE|CREATE TABLE|UPDATE|DELETE|INSERT)/gim)].map(
              (m) => (m[1] ?? '').toUpperCase().replace(' ', '_'),
            ),
          ),
        ] as never,
        affectedRows: /update|delete/i.test(statementOf(plan)) ? '1204' : '0',
        changedObjects: ['public.customer', 'public.loyalty_event'],
      },
    });
  }
  return results;
}

export async function runChecks(plan: Plan): Promise<void> {
  const name = `${plan.name}/planCheckRun`;
  state.checks.set(name, { name, status: 'RUNNING', createTime: now(), results: [] });
  plan.planCheckRunStatusCount = { RUNNING: 1 };
  changed(name);
  await wait(1200 * SLOW);
  const results = review(plan);
  state.checks.set(name, { name, status: 'DONE', createTime: now(), results });
  const counts: Record<string, number> = {};
  for (const { status } of results) counts[status ?? ''] = (counts[status ?? ''] ?? 0) + 1;
  plan.planCheckRunStatusCount = counts;
  changed(name);
}

export function createRollout(plan: Plan): void {
  const name = `${plan.name}/rollout`;
  const stages = new Map<string, Stage>();
  let id = 0;
  for (const environment of state.environments) {
    for (const target of targetsOf(plan)) {
      if (state.databases.get(target)?.effectiveEnvironment !== environment.name) continue;
      const stageName = `${name}/stages/${environment.id}`;
      const stage = stages.get(stageName) ?? { name: stageName, environment: environment.name, tasks: [] };
      id += 1;
      stage.tasks?.push({
        name: `${stageName}/tasks/${id}`,
        specId: plan.specs?.[0]?.id,
        status: 'NOT_STARTED',
        type: 'DATABASE_MIGRATE',
        target,
        databaseUpdate: { sheet: plan.specs?.[0]?.changeDatabaseConfig?.sheet },
        etag: etag(),
      });
      stages.set(stageName, stage);
    }
  }
  state.rollouts.set(name, { name, title: plan.title, stages: [...stages.values()], createTime: now() });
  plan.hasRollout = true;
  summarize(plan);
  changed(name);
}

export function summarize(plan: Plan): void {
  const rollout = state.rollouts.get(`${plan.name}/rollout`);
  plan.rolloutStageSummaries = (rollout?.stages ?? []).map((stage) => ({
    stage: stage.name,
    taskStatusCounts: (stage.tasks ?? []).map((task) => ({ status: task.status, count: 1 })),
  }));
  plan.updateTime = now();
}

export function findTask(name: string): { plan: Plan; task: Task } | undefined {
  const planName = name.split('/rollout')[0] ?? '';
  const plan = state.plans.get(planName);
  const task = state.rollouts
    .get(`${planName}/rollout`)
    ?.stages?.flatMap((s) => s.tasks ?? [])
    .find((t) => t.name === name);
  return plan && task ? { plan, task } : undefined;
}

export function setStatus(
  name: string,
  status: Task['status'],
  run?: TaskRun,
  runStatus?: TaskRun['status'],
): void {
  const found = findTask(name);
  if (!found) return;
  found.task.status = status;
  found.task.updateTime = now();
  if (run) {
    run.status = runStatus ?? (status as never);
    run.updateTime = now();
  }
  summarize(found.plan);
  changed(run?.name ?? name);
}

export function runTask(name: string, creator: string, runTime?: string): void {
  const found = findTask(name);
  if (!found) return;
  const runs = state.runs.get(name) ?? [];
  const run: TaskRun = {
    name: `${name}/taskRuns/${runs.length + 1}`,
    creator,
    createTime: now(),
    status: 'PENDING',
    attempt: runs.length + 1,
    runTime,
  };
  state.runs.set(name, [run, ...runs]);
  found.task.runTime = runTime;
  setStatus(name, 'PENDING', run);
  if (!runTime) execute(found.plan, found.task, run);
}

async function execute(plan: Plan, task: Task, run: TaskRun): Promise<void> {
  const name = task.name ?? '';
  const runName = run.name ?? '';
  await wait(500 * SLOW);
  if (run.status === 'CANCELED') return;
  run.startTime = now();
  setStatus(name, 'RUNNING', run);
  log(runName, { type: 'SCHEMA_DUMP', logTime: now(), schemaDump: { startTime: ago(0), endTime: now() } });
  log(runName, { type: 'TRANSACTION_CONTROL', logTime: now(), transactionControl: { type: 'BEGIN' } });
  const statements = statementOf(plan)
    .split(';')
    .map((s) => s.trim())
    .filter(Boolean);
  for (const [i, statement] of statements.entries()) {
    await wait(900 * SLOW);
    if ((run.status as string) === 'CANCELED') return endLog(runName);
    const bad = /fail|no_such/i.test(statement);
    const error = bad ? 'ERROR: relation "no_such_table" does not exist (SQLSTATE 42P01)' : '';
    log(runName, {
      type: 'COMMAND_EXECUTE',
      logTime: now(),
      commandExecute: {
        logTime: now(),
        statement: `${statement};`,
        statementIndex: i,
        statementCount: statements.length,
        duration: '0.412s',
        response: { logTime: now(), affectedRows: bad ? '0' : String(i * 17), error },
        ...(bad ? { errorPosition: { line: 2, column: 8 } } : {}),
      },
    });
    if (bad) {
      log(runName, { type: 'TRANSACTION_CONTROL', logTime: now(), transactionControl: { type: 'ROLLBACK' } });
      run.detail = `${error} at line 2, column 8`;
      setStatus(name, 'FAILED', run);
      return endLog(runName);
    }
  }
  log(runName, { type: 'TRANSACTION_CONTROL', logTime: now(), transactionControl: { type: 'COMMIT' } });
  log(runName, {
    type: 'DATABASE_SYNC',
    logTime: now(),
    databaseSync: { startTime: ago(0), endTime: now() },
  });
  const target = task.target ?? '';
  const list = state.changelogs.get(target) ?? [];
  list.unshift({
    name: `${target}/changelogs/c${list.length + 1}`,
    createTime: now(),
    status: 'DONE',
    type: 'MIGRATE',
    creator: run.creator,
    planTitle: plan.title,
    taskRun: run.name,
    statement: statementOf(plan),
    schema: SCHEMA_AFTER,
    prevSchema: SCHEMA_BEFORE,
    schemaSize: String(SCHEMA_AFTER.length),
  });
  state.changelogs.set(target, list);
  run.detail = '';
  setStatus(name, 'DONE', run);
  endLog(runName);
}

interface SeedPlan {
  id: string;
  title: string;
  sql: string;
  targets: string[];
  issue?: string;
  creator?: string;
  minutes: number;
}

function seedPlan({ id, title, sql, targets, issue, creator = 'dev', minutes }: SeedPlan): Plan {
  const plan: Plan = {
    name: `projects/shop/plans/${id}`,
    state: 'ACTIVE',
    title,
    creator: `users/${creator}@example.com`,
    createTime: ago(minutes),
    updateTime: ago(minutes - 5),
    etag: etag(),
    description: '',
    specs: [{ id: `spec-${id}`, changeDatabaseConfig: { targets, sheet: sheet('projects/shop', sql) } }],
  };
  state.plans.set(plan.name ?? '', plan);
  if (issue) {
    plan.issue = `projects/shop/issues/${issue}`;
    plan.approvalStatus = 'SKIPPED';
    plan.issueStatus = 'OPEN';
    state.issues.set(plan.issue, {
      name: plan.issue,
      title,
      type: 'DATABASE_CHANGE',
      status: 'OPEN',
      creator: plan.creator,
      createTime: ago(minutes),
      updateTime: ago(minutes - 3),
      plan: plan.name,
      approvalStatus: 'SKIPPED',
      labels: ['schema'],
    });
  }
  const results = review(plan);
  const counts: Record<string, number> = {};
  for (const { status } of results) counts[status ?? ''] = (counts[status ?? ''] ?? 0) + 1;
  plan.planCheckRunStatusCount = counts;
  state.checks.set(`${plan.name}/planCheckRun`, {
    name: `${plan.name}/planCheckRun`,
    status: 'DONE',
    createTime: ago(minutes),
    results,
  });
  return plan;
}

export function seedPlans(): void {
  if (state.fresh) return;
  const [test, staging, prod] = [
    'instances/pg-test/databases/shop_test',
    'instances/pg-staging/databases/shop_staging',
    'instances/pg-prod/databases/shop_prod',
  ];
  const all = [test, staging, prod] as string[];
  seedPlan({
    id: '15',
    title: 'Backfill country codes of customers imported from the legacy CRM system',
    minutes: 12,
    targets: all,
    sql: '-- Country codes\nBEGIN;\nUPDATE customer SET country = upper(country);\nALTER TABLE customer ADD COLUMN vat_id text NOT NULL;\nCOMMIT;\n',
  });
  seedPlan({
    id: '14',
    title: 'Index orders by customer and day',
    minutes: 90,
    targets: all,
    issue: '6',
    creator: 'dba',
    sql: 'CREATE INDEX CONCURRENTLY purchase_order_day_idx ON purchase_order (customer_id, placed_at);\n',
  });
  const failing = seedPlan({
    id: '13',
    title: 'Drop the unused coupon table',
    minutes: 240,
    targets: [test, prod] as string[],
    issue: '5',
    sql: 'BEGIN;\nDROP TABLE no_such_table;\nCOMMIT;\n',
  });
  createRollout(failing);
  const failed = state.rollouts.get(`${failing.name}/rollout`)?.stages?.[0]?.tasks?.[0];
  if (failed) {
    failed.status = 'FAILED';
    const run = `${failed.name}/taskRuns/1`;
    state.runs.set(failed.name ?? '', [
      {
        name: run,
        creator: 'users/dev@example.com',
        createTime: ago(200),
        startTime: ago(200),
        updateTime: ago(199),
        status: 'FAILED',
        attempt: 1,
        detail: 'ERROR: relation "no_such_table" does not exist (SQLSTATE 42P01) at line 2, column 12',
      },
    ]);
    log(run, { type: 'TRANSACTION_CONTROL', logTime: ago(200), transactionControl: { type: 'BEGIN' } });
    log(run, {
      type: 'COMMAND_EXECUTE',
      logTime: ago(200),
      commandExecute: {
        logTime: ago(200),
        statement: 'DROP TABLE no_such_table;',
        statementIndex: 0,
        statementCount: 1,
        duration: '0.006s',
        errorPosition: { line: 1, column: 12 },
        response: {
          logTime: ago(200),
          error: 'ERROR: relation "no_such_table" does not exist (SQLSTATE 42P01)',
        },
      },
    });
    log(run, { type: 'TRANSACTION_CONTROL', logTime: ago(200), transactionControl: { type: 'ROLLBACK' } });
  }
  summarize(failing);
  const running = seedPlan({
    id: '12',
    title: 'Add loyalty tier to customer',
    minutes: 70,
    targets: all,
    issue: '4',
    sql: STATEMENT,
  });
  createRollout(running);
  const tasks = state.rollouts.get(`${running.name}/rollout`)?.stages?.flatMap((s) => s.tasks ?? []) ?? [];
  if (tasks[0]) {
    tasks[0].status = 'DONE';
    state.runs.set(tasks[0].name ?? '', [
      {
        name: `${tasks[0].name}/taskRuns/1`,
        creator: 'users/dev@example.com',
        createTime: ago(56),
        startTime: ago(56),
        updateTime: ago(55),
        status: 'DONE',
        attempt: 1,
      },
    ]);
  }
  summarize(running);
}
