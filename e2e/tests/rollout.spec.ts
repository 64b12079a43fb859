/**
 * What a person sees of a run and does about it, on real PostgreSQL and MariaDB servers: journeys J7 and J8 of the
 * design where runs wait, fail half way, or leave nobody able to tell what they did.
 */
import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { mariadb, postgres, readTable, server } from '../support/servers.ts';
import { makeProject, makeRollout, type Target } from '../support/shop.ts';

const MARK = Date.now().toString(36);
const PROJECT = 'depot';
const pgServer = server('postgres');
const mariaServer = server('mariadb');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer || !mariaServer, 'SKIPPED: PostgreSQL or MariaDB is missing: cargo xtask servers up');

const target = (engine: Target['engine'], environment: Target['environment']): Target => ({
  instance: `${engine.toLowerCase()}-${environment}`,
  engine,
  environment,
  server: (engine === 'POSTGRES' ? pgServer : mariaServer) as NonNullable<typeof pgServer>,
  database: `stock_${engine === 'POSTGRES' ? 'pg' : 'maria'}_${environment}_${MARK}`,
});
const PG_TEST = target('POSTGRES', 'test');
const PG_PROD = target('POSTGRES', 'prod');
const MARIA = target('MARIADB', 'test');

const queryOf = (of: Target) => (of.engine === 'POSTGRES' ? postgres : mariadb)(of.server);
const ask = (of: Target, sql: string) => queryOf(of)(sql, of.database);

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  // Not every engine shows its sessions; the panel says so.
  guard.allow(/RolloutService\/GetTaskRunSession$/, 501);
});

test.afterAll(async () => {
  if (!pgServer || !mariaServer) return;
  for (const of of [PG_TEST, PG_PROD]) {
    await queryOf(of)(`DROP DATABASE IF EXISTS ${of.database} WITH (FORCE)`);
  }
  await queryOf(MARIA)(`DROP DATABASE IF EXISTS ${MARIA.database}`);
});

test('a project on three servers', async ({ page }) => {
  const c = new Console(page);
  // Whoever the journeys before left signed in.
  await c.enterAs('Ada Admin');
  const targets = [PG_TEST, PG_PROD, MARIA].map((of) => ({ ...of, query: queryOf(of) }));
  await makeProject(page, PROJECT, 'Depot', targets);
  for (const of of [PG_TEST, PG_PROD, MARIA]) {
    await ask(of, 'CREATE TABLE shelf (id integer PRIMARY KEY, room varchar(20) NOT NULL)');
    await ask(of, "INSERT INTO shelf VALUES (1, 'north'), (2, 'south'), (3, 'north')");
  }
});

const open = (c: Console, plan: string) => c.page.goto(`/${plan}?tab=rollout`);

async function runTest(c: Console) {
  await c.button('Run Test stage').click();
  const confirm = c.alertDialog('Run 1 task in Test?');
  await confirm.getByRole('button', { name: 'Run now' }).click();
  await expect(confirm).toBeHidden();
}

const statements = (of: Locator) => of.getByRole('list', { name: 'Statements' }).getByRole('listitem');

const HALF = `CREATE TABLE season (id integer PRIMARY KEY);
ALTER TABLE voucher ADD COLUMN season_id integer;
INSERT INTO season VALUES (1);
`;

test('J8 a script that stops half way goes on where it stopped', async ({ page }) => {
  const c = new Console(page);
  const plan = await makeRolloutHere(c, 'Seasons', HALF, [MARIA]);
  await open(c, plan);
  await runTest(c);
  const task = c.task(MARIA.database);
  const failure = task.getByRole('alert');
  await expect(failure).toContainText(/line 2, column 13: .*voucher/);
  await expect(statements(failure)).toHaveText(['1 applied', '2–3 not applied']);

  await test.step('to the line that failed', async () => {
    await failure.getByRole('button', { name: 'Go to line 2' }).click();
    const sql = c.region('Task log').getByRole('textbox', { name: 'SQL of this task' });
    await expect(sql).toBeFocused();
    await page.keyboard.press('Shift+End');
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('ALTER TABLE voucher');
    await expectAccessible(page, 'plan, stopped half way');
  });

  const again = c.alertDialog('Run 1 task in Test?');
  const begin = async () => {
    await task.getByRole('button', { name: 'Run again' }).click();
    await expect(again.getByRole('radio', { name: 'Resume from statement 2' })).toBeChecked();
  };
  const runNow = again.getByRole('button', { name: 'Run now' });
  await test.step('other places to begin need a reason', async () => {
    await begin();
    await expect(again).toContainText('statement 1 is applied');
    await expectAccessible(page, 'where to begin');
    await again.getByRole('radio', { name: 'Run from the start' }).check();
    await runNow.click();
    await expect(again.getByRole('alert')).toHaveText('Enter a reason.');
    await again.getByRole('radio', { name: 'Resume from another statement' }).check();
    const number = again.getByRole('spinbutton', { name: 'First statement to run' });
    await number.fill('9');
    await runNow.click();
    await expect(again.getByText('Enter a number from 1 to 4.')).toBeVisible();
    await number.fill('3');
    await expect(again.getByRole('textbox', { name: 'Reason' })).toBeVisible();
    await number.fill('2');
    await expect(again.getByRole('textbox', { name: 'Reason' })).toBeHidden();
    await page.keyboard.press('Escape');
  });

  await ask(MARIA, 'CREATE TABLE voucher (code varchar(20) PRIMARY KEY)');
  await begin();
  await runNow.click();
  await expect(c.taskStatus(MARIA.database, 'Done')).toBeVisible();
  await expect(task.getByText('Attempt 2')).toBeVisible();
  expect(await ask(MARIA, 'SELECT id FROM season')).toEqual([{ id: 1 }]);
});

const AISLES = `-- txn-mode = off
CREATE TABLE aisle (id integer PRIMARY KEY);
ALTER TABLE ladder ADD COLUMN aisle_id integer;
`;

test('J8 other statements run instead of those that are not applied, as a plan of their own', async ({
  page,
}) => {
  const c = new Console(page);
  const plan = await makeRolloutHere(c, 'Aisles', AISLES, [MARIA]);
  await open(c, plan);
  await runTest(c);
  const task = c.task(MARIA.database);
  await expect(c.taskStatus(MARIA.database, 'Failed')).toBeVisible();
  const dialog = c.alertDialog(`Replace the rest on ${MARIA.database}?`);
  const sql = dialog.getByRole('textbox', { name: 'SQL for the rest' });

  await test.step('beside where to begin: what is applied, what is not, what happens then', async () => {
    await task.getByRole('button', { name: 'Run again' }).click();
    const again = c.alertDialog('Run 1 task in Test?');
    await expect(again.getByRole('radio', { name: 'Resume from statement 2' })).toBeVisible();
    await expect(again.getByRole('radio', { name: 'Run from the start' })).toBeVisible();
    await again.getByRole('button', { name: 'Replace the rest' }).click();
    await expect(again).toBeHidden();
    await expect(statements(dialog)).toHaveText(['1 applied', '2 not applied']);
    const applied = dialog.getByRole('textbox', { name: 'SQL that is applied' });
    await expect(applied).toContainText('CREATE TABLE aisle');
    await expect(applied).not.toContainText('ALTER TABLE ladder');
    await expect(sql).toContainText('-- txn-mode = offALTER TABLE ladder ADD COLUMN aisle_id integer;');
    const then = dialog.getByRole('note').filter({ hasText: 'What happens then' });
    await expect(then).toContainText('Its checks run at once, and it is reviewed as any other plan.');
    await expect(then).toContainText('This task is skipped, which is final.');
    await expectAccessible(page, 'replace the rest');
  });
  await test.step('without SQL it says so; what was typed survives', async () => {
    await c.write(sql, '');
    await dialog.getByRole('button', { name: 'Make the new plan' }).click();
    await expect(dialog.getByRole('alert')).toHaveText('Write the SQL that is to run instead.');
    await c.write(sql, 'INSERT INTO aisle VALUES (1);');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.reload();
    await task.getByRole('button', { name: 'Replace the rest' }).click();
    await expect(sql).toHaveText('INSERT INTO aisle VALUES (1);');
  });
  await dialog.getByRole('button', { name: 'Make the new plan' }).click();
  await expect(c.heading(/^Rest of plan \d+, task \d+: Aisles$/)).toBeVisible();
  await expect(c.region('Checks').getByRole('status').filter({ hasText: 'Checks finished' })).toBeVisible();
  await expect(c.button('Submit for review')).toBeVisible();
  await expect(c.box('SQL statement')).toHaveText('INSERT INTO aisle VALUES (1);');
  expect(await ask(MARIA, 'SELECT count(*) AS n FROM aisle')).toEqual([{ n: 0 }]);
  await open(c, plan);
  await expect(c.taskStatus(MARIA.database, 'Skipped')).toBeVisible();
  await expect(task.getByText(/From statement 2 on replaced by projects\/depot\/plans\/\d+/)).toBeVisible();
  await expect(task.getByRole('button', { name: 'Replace the rest' })).toHaveCount(0);
});

/** Its procedure says nothing about what it did before it was interrupted. */
const STOCKTAKE = `CREATE TABLE stocktake (shelf_id integer NOT NULL);
CALL count_shelves();
ALTER TABLE stocktake ADD PRIMARY KEY (shelf_id);
`;

test('J8 where nobody can tell what a run did, a person looks and says so', async ({ page }) => {
  const c = new Console(page);
  await ask(
    MARIA,
    'CREATE PROCEDURE count_shelves() BEGIN INSERT INTO stocktake SELECT id FROM shelf; DO SLEEP(30); END',
  );
  const plan = await makeRolloutHere(c, 'Stocktake', STOCKTAKE, [MARIA]);
  await open(c, plan);
  await runTest(c);
  await test.step('its connection is cut in the middle', async () => {
    const sleeping = `SELECT id FROM information_schema.processlist WHERE db = '${MARIA.database}' AND info LIKE '%SLEEP(30)%' AND id <> CONNECTION_ID()`;
    await expect.poll(async () => (await ask(MARIA, sleeping)).length).toBe(1);
    await ask(MARIA, `KILL ${(await ask(MARIA, sleeping))[0]?.id}`);
  });
  const task = c.task(MARIA.database);
  const alert = task.getByRole('alert');
  await expect(alert).toContainText('Nobody can tell whether statement 2 took effect');
  await expect(alert.getByRole('list', { name: 'Evidence' }).getByRole('listitem')).not.toHaveCount(0);
  await expect(statements(alert)).toHaveText(['1 applied', '2 in question', '3 not applied']);

  await task.getByRole('button', { name: 'Run again' }).click();
  const again = c.alertDialog('Run 1 task in Test?');
  const runNow = again.getByRole('button', { name: 'Run now' });
  await expect(again.getByRole('button', { name: 'Skip task' })).toBeVisible();
  await runNow.click();
  await expect(again.getByText('Choose one.')).toBeVisible();
  await expectAccessible(page, 'what did you find');
  await expect(
    again.getByRole('radio', { name: 'Statement 2 did not take effect: run it' }),
  ).not.toBeChecked();
  expect(await ask(MARIA, 'SELECT count(*) AS n FROM stocktake')).toEqual([{ n: 3 }]);
  await again.getByRole('radio', { name: 'Statement 2 took effect: go on after it' }).check();
  await again.getByRole('textbox', { name: 'Reason' }).fill('All three shelves are counted.');
  await runNow.click();
  await expect(c.taskStatus(MARIA.database, 'Done')).toBeVisible();
  expect(await ask(MARIA, 'SELECT count(*) AS n FROM stocktake')).toEqual([{ n: 3 }]);
});

const ROOMS = `SET lock_timeout = '60s';
DO $$ BEGIN FOR i IN 1..200 LOOP RAISE NOTICE 'Looked at shelf %', i; END LOOP; END $$;
ALTER TABLE shelf ADD COLUMN floor integer;
DO $$ BEGIN FOR i IN 1..50 LOOP RAISE NOTICE 'Moved shelf %', i; END LOOP; END $$;
UPDATE shelf SET floor = 1;
`;

test('J7 a run is watched live: where it is, who is in its way, and its log', async ({
  page,
  secondPage,
}) => {
  if (!pgServer) return;
  const c = new Console(page);
  const release = await readTable(pgServer, PG_TEST.database, 'shelf', 'nightly report');
  const plan = await makeRolloutHere(c, 'Floors', ROOMS, [PG_TEST, PG_PROD]);
  await open(c, plan);
  await runTest(c);
  const other = new Console(await secondPage());
  await open(other, plan);
  for (const window of [c, other]) {
    await expect(window.taskStatus(PG_TEST.database, 'Running')).toBeVisible();
    await window.task(PG_TEST.database).getByRole('link', { name: 'View log' }).click();
    const log = window.region('Task log');
    await expect(log.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
    await expect(log.getByText('Statement 3 of 5').first()).toBeVisible();
  }
  const log = c.region('Task log');
  await expect(log.getByRole('table', { name: 'In its way' })).toContainText('nightly report');
  await expectAccessible(page, 'a running task, blocked');

  const lines = log.getByRole('log');
  await lines.evaluate((box) => box.scrollTo({ top: 0 }));
  await expect(c.button('Jump to latest')).toBeVisible();
  await release();
  for (const window of [c, other]) {
    await expect(window.taskStatus(PG_TEST.database, 'Done')).toBeVisible();
    await expect(window.region('Task log').getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
  }
  await test.step('who scrolled up stays there, and the other was taken along', async () => {
    await expect(other.region('Task log').getByText('Moved shelf 50')).toBeVisible();
    await expect(log.getByText('Moved shelf 50')).toHaveCount(0);
    await page.getByRole('button', { name: /^Jump to latest \(\d+\)$/ }).click();
    await expect(log.getByText('Moved shelf 50')).toBeVisible();
  });
  await test.step('the log is searched, kept as a file, and linked to', async () => {
    await log.getByRole('searchbox', { name: 'Search the log' }).fill('moved shelf 5');
    await expect(log.getByRole('status').filter({ hasText: /^2 of \d+ lines$/ })).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      log.getByRole('button', { name: 'Download log' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('Looked at shelf 200');
    expect(text).toContain('3 rows affected');
    await page.goto(`${new URL(page.url()).pathname}${new URL(page.url()).search}#L120`);
    await page.reload();
    await expect(log.getByRole('listitem').filter({ hasText: 'Looked at shelf' }).first()).toBeVisible();
    await expect(log.locator('[aria-current=true]')).toBeInViewport();
  });
});

/** What stands in `plan` runs in the page of the demo's administrator. */
const makeRolloutHere = (c: Console, title: string, script: string, targets: readonly Target[]) =>
  c.page.goto('/').then(() => makeRollout(c.page, PROJECT, title, script, targets));
