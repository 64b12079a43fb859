/**
 * The line from an empty server to a recorded change, on real PostgreSQL and MariaDB servers: journeys J1 to J3, J7
 * and J8 of the design. Each test goes on where the one before it ended.
 */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { Gate } from '../support/gate.ts';
import { caOf, mariadb, postgres, type Server, server } from '../support/servers.ts';

const ADMIN = { name: 'Ann Administrator', email: 'ann@example.com', password: 'long enough 1' };

/** Other tests use the same servers at the same time. */
const MARK = Date.now().toString(36);
const SHOP_TEST = `shop_test_${MARK}`;
const SHOP_PROD = `shop_prod_${MARK}`;

const PG_TEST = 'PostgreSQL test';
const PG_PROD = 'PostgreSQL prod';
const MARIADB = 'MariaDB';

const CUSTOMER = 'CREATE TABLE customer (id integer PRIMARY KEY, email varchar(200) NOT NULL)';
const CUSTOMERS = "INSERT INTO customer VALUES (1, 'ines@example.com'), (2, 'mai@example.com')";

const pgServer = server('postgres');
const mariaServer = server('mariadb');

test.describe.configure({ mode: 'serial' });
test.skip(!pgServer || !mariaServer, 'SKIPPED: PostgreSQL or MariaDB is missing: cargo xtask servers up');

/** What an application left behind before Basalt came: a test and a production database on each server. */
test.beforeAll(async () => {
  if (!pgServer || !mariaServer) return;
  for (const database of [SHOP_TEST, SHOP_PROD]) {
    for (const query of [postgres(pgServer), mariadb(mariaServer)]) {
      await query(`CREATE DATABASE ${database}`);
      await query(CUSTOMER, database);
      await query(CUSTOMERS, database);
    }
  }
});

test.afterAll(async () => {
  if (!pgServer || !mariaServer) return;
  for (const database of [SHOP_TEST, SHOP_PROD]) {
    await postgres(pgServer)(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await mariadb(mariaServer)(`DROP DATABASE IF EXISTS ${database}`);
  }
});

test('J1 the first administrator sets up the workspace, signs out and in', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await expect(c.heading('Create the first administrator')).toBeVisible();
  await expectAccessible(page, 'first administrator');
  await c.box('Full name').fill(ADMIN.name);
  await c.box('Email').fill(ADMIN.email);
  await c.box('Password').fill('short');
  await expect(c.alert('too weak')).toBeVisible();
  await c.box('Password').fill(ADMIN.password);
  await c.button('Create administrator').click();

  await expect(c.heading('Set up your workspace')).toBeVisible();
  await expectAccessible(page, 'set-up');
  await page.reload();
  await expect(c.radio('Start with sample data')).toBeVisible();
  await c.radio('Start with my own databases').check();
  await c.button('Finish setup').click();

  await expect(c.heading('Home')).toBeVisible();
  const started = page.getByRole('list', { name: 'Getting started' });
  await expect(started.getByRole('listitem')).toHaveCount(4);
  await expectAccessible(page, 'home');
  await page.reload();
  await expect(started.getByRole('listitem')).toHaveCount(4);
  await page.goto('/setup');
  await expect(c.heading('Home')).toBeVisible();

  await c.signOut();
  await expectAccessible(page, 'sign in');
  await c.signIn(ADMIN.email, ADMIN.password);
  await expect(c.heading('Home')).toBeVisible();
});

/** Fills the form of a new instance; the engine's fields come with the engine. */
async function describeInstance(c: Console, title: string, engine: string, environment: string, of: Server) {
  await c.nav('Instances').click();
  await c.button('New instance').click();
  await c.radio(engine).check();
  await c.box('Instance name').fill(title);
  await c.box('Host').fill(of.host);
  await c.box('Port').fill(String(of.port));
  await c.box('Username').fill(of.user);
  await c.box('Password').fill(of.password);
  await c.pick('Environment', environment);
}

/** Tests, creates, and waits for the first sync to be pushed to the page. */
async function createInstance(c: Console, title: string) {
  await c.button('Test connection').click();
  await expect(c.status('Connection works')).toBeVisible();
  await c.button('Create instance').click();
  await expect(c.heading(title)).toBeVisible();
  await expect(c.status('Synced')).toBeVisible();
  await expect(c.table('Databases').getByRole('link', { name: SHOP_TEST })).toBeVisible();
}

test('J2 instances: a wrong password is explained, and the right one is synced', async ({ page, guard }) => {
  if (!pgServer || !mariaServer) return;
  const c = new Console(page);
  await page.goto('/');
  await describeInstance(c, PG_TEST, 'PostgreSQL', 'Test', pgServer);
  await c.box('Password').fill('wrong password');
  guard.allow(/InstanceService\/CreateInstance$/, 400);
  await c.button('Test connection').click();
  await expect(c.alert('Check the user name and password')).toBeVisible();
  await expectAccessible(page, 'new instance, refused');
  await c.box('Password').fill(pgServer.password);
  await createInstance(c, PG_TEST);
  await expectAccessible(page, 'instance');

  await test.step('production, over TLS with a verified certificate', async () => {
    await describeInstance(c, PG_PROD, 'PostgreSQL', 'Prod', pgServer);
    await page.getByRole('checkbox', { name: 'Use TLS' }).check();
    await c.button('Test connection').click();
    await expect(c.alert('The secure connection failed')).toBeVisible();
    await c.box('CA certificate').fill(caOf(pgServer));
    await createInstance(c, PG_PROD);
  });
  await test.step('a sync that waits for the server shows as Syncing, and then as Synced, without a reload', async () => {
    const gate = await Gate.to(pgServer.host, pgServer.port);
    try {
      await describeInstance(c, 'Slow server', 'PostgreSQL', 'Test', { ...pgServer, port: gate.port });
      await c.button('Test connection').click();
      await expect(c.status('Connection works')).toBeVisible();
      gate.hold();
      await c.button('Create instance').click();
      await expect(c.heading('Slow server')).toBeVisible();
      await expect(c.status('Syncing')).toBeVisible();
      gate.release();
      await expect(c.status('Synced')).toBeVisible();
    } finally {
      await gate.close();
    }
    await c.button('Archive').click();
    await c.alertDialog('Archive Slow server?').getByRole('button', { name: 'Archive' }).click();
    await expect(c.heading('Instances')).toBeVisible();
  });
  await test.step('MariaDB', async () => {
    await describeInstance(c, MARIADB, 'MariaDB', 'Test', mariaServer);
    await createInstance(c, MARIADB);
  });
  await c.nav('Instances').click();
  await expect(c.table('Instances').getByRole('row')).toHaveCount(4);
  await expectAccessible(page, 'instances');
});

type Database = readonly [name: string, instance: string];
const PG_DATABASES: readonly Database[] = [
  [SHOP_TEST, PG_TEST],
  [SHOP_PROD, PG_PROD],
];
const MARIA_DATABASES: readonly Database[] = [
  [SHOP_TEST, MARIADB],
  [SHOP_PROD, MARIADB],
];

/** The same name is on several servers, so a row is found by both. */
const databaseRow = (c: Console, [name, instance]: Database) =>
  c.table('Databases').getByRole('row').filter({ hasText: name }).filter({ hasText: instance });

async function addDatabases(c: Console, databases: readonly Database[]) {
  await c.button('Add databases').click();
  const dialog = c.dialog('Add databases');
  await dialog.getByRole('searchbox', { name: 'Search databases' }).fill(MARK);
  for (const [name, instance] of databases) {
    const item = dialog.getByRole('listitem').filter({ hasText: instance });
    await item.getByRole('checkbox', { name, exact: true }).check();
  }
  await dialog.getByRole('button', { name: `Add ${databases.length} databases` }).click();
  for (const database of databases) await expect(databaseRow(c, database)).toBeVisible();
}

async function select(c: Console, databases: readonly Database[]) {
  for (const database of databases) await databaseRow(c, database).getByRole('checkbox').check();
}

test('J3 a project takes databases in, and gives them back by Undo', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await c.nav('Projects').click();
  await c.button('New project').click();
  await c.box('Project name').fill('Online shop');
  await expect(c.box('Project ID')).toHaveValue('online-shop');
  await expectAccessible(page, 'new project');
  await c.button('Create project').click();
  await expect(c.heading('No databases yet')).toBeVisible();

  await test.step('an ID that is taken shows before the form is sent', async () => {
    await c.nav('Home', 'Project').or(c.link('Basalt, go to Home')).first().click();
    await c.nav('Projects').click();
    await c.button('New project').click();
    await c.box('Project name').fill('Online shop');
    await expect(c.dialog('New project').getByText('Another project has this ID')).toBeVisible();
    await c.dialog('New project').getByRole('button', { name: 'Cancel' }).click();
    await c.table('Projects').getByRole('link', { name: 'Online shop' }).click();
    await c.nav('Databases', 'Project').click();
  });

  await addDatabases(c, PG_DATABASES);
  await c.status('2 databases added').getByRole('button', { name: 'Undo' }).click();
  await expect(c.heading('No databases yet')).toBeVisible();
  await addDatabases(c, PG_DATABASES);
  await addDatabases(c, MARIA_DATABASES);

  await select(c, MARIA_DATABASES.slice(1));
  const toolbar = page.getByRole('toolbar', { name: 'Selected databases' });
  await toolbar.getByRole('button', { name: 'Environment' }).click();
  await c.pick('Environment', 'Prod');
  await c.button('Save').click();
  await expect(databaseRow(c, [SHOP_PROD, MARIADB]).getByText('Prod', { exact: true })).toBeVisible();
  await expectAccessible(page, 'databases of a project');
});

/** From the project's databases to a new plan on them. */
async function beginPlan(c: Console, databases: readonly Database[]) {
  await c.page.goto('/projects/online-shop/databases');
  await select(c, databases);
  await c.button('Change databases').click();
  await c.page.waitForURL(/\/plans\/new/);
}

const checks = (c: Console) => c.region('Checks');
const checksFinished = (c: Console) =>
  expect(checks(c).getByRole('status').filter({ hasText: 'Checks finished' })).toBeVisible();

/** The pause lets a person, and this test, see it run. */
const LOYALTY = `-- Points for every customer
CREATE TABLE loyalty (customer_id integer PRIMARY KEY REFERENCES customer (id), points integer NOT NULL);
INSERT INTO loyalty SELECT id, 100 FROM customer;
SELECT pg_sleep(2);
`;

/** What a plan lacks and what its checks find: plan.spec.ts and checks.spec.ts. */
test('a plan is made and checked', async ({ page }) => {
  const c = new Console(page);
  await beginPlan(c, PG_DATABASES);
  await c.box('Title').fill('Loyalty points');
  await c.write(c.box('SQL statement'), LOYALTY);
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await checksFinished(c);
  await expect(checks(c).getByText('nothing to complain about')).toBeVisible();
  await expectAccessible(page, 'plan');
});

/** Answers the loud question before production. */
async function confirmProduction(c: Console, button: string) {
  const confirm = c.alertDialog('Run 1 task in Prod?');
  await expect(confirm.getByText('PROD', { exact: true })).toBeVisible();
  await confirm.getByRole('button', { name: button }).click();
  await expect(confirm.getByRole('alert')).toHaveText('Tick this box to go on.');
  await confirm.getByRole('checkbox', { name: 'I understand this changes production' }).check();
  await confirm.getByRole('button', { name: button }).click();
  await expect(confirm).toBeHidden();
}

async function startRollout(c: Console) {
  await c.button('Submit for review').click();
  await c.button('Start rollout').click();
}

async function runTest(c: Console) {
  await c.button('Run Test stage').click();
  const confirm = c.alertDialog('Run 1 task in Test?');
  await confirm.getByRole('button', { name: 'Run now' }).click();
  await expect(confirm).toBeHidden();
}

test('J7 the rollout goes from test to production, live in two windows', async ({ page, secondPage }) => {
  if (!pgServer) return;
  const c = new Console(page);
  await page.goto('/projects/online-shop/plans');
  await c.table('Plans').getByRole('link', { name: 'Loyalty points' }).click();
  await startRollout(c);
  const stages = c.region('Rollout').getByRole('list', { name: 'Stages' });
  await expect(stages.getByRole('heading')).toHaveText([/Test/, /Prod/]);
  const other = new Console(await secondPage());
  await other.page.goto(page.url());
  await expect(other.taskStatus(SHOP_TEST, 'Not started')).toBeVisible();

  await runTest(c);
  for (const window of [c, other]) await expect(window.taskStatus(SHOP_TEST, 'Running')).toBeVisible();
  await test.step('the log is written while the SQL runs', async () => {
    await c.task(SHOP_TEST).getByRole('link', { name: 'View log' }).click();
    await expect(c.region('Task log').getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
    await expect(c.region('Task log').getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
    await c.button('Close the log').click();
  });
  for (const window of [c, other]) await expect(window.taskStatus(SHOP_TEST, 'Done')).toBeVisible();
  await expect(other.button('Run Prod stage')).toBeVisible();

  await test.step('production is scheduled, and the schedule taken back', async () => {
    await c.button('Run Prod stage').click();
    const confirm = c.alertDialog('Run 1 task in Prod?');
    await expectAccessible(page, 'question before production');
    await confirm.getByRole('radio', { name: 'Schedule' }).check();
    await confirm.getByRole('textbox', { name: 'Start at' }).fill('2099-01-01T10:00');
    await expect(confirm.getByText('UTC')).toBeVisible();
    await confirmProduction(c, 'Schedule run');
    await expect(other.taskStatus(SHOP_PROD, 'Scheduled')).toBeVisible();
    await c.button('Cancel schedule').click();
    await expect(c.taskStatus(SHOP_PROD, 'Canceled')).toBeVisible();
  });
  await c.task(SHOP_PROD).getByRole('button', { name: /^Run/ }).click();
  await confirmProduction(c, 'Run now');
  for (const window of [c, other]) await expect(window.taskStatus(SHOP_PROD, 'Done')).toBeVisible();
  await expectAccessible(page, 'plan, rolled out');

  for (const database of [SHOP_TEST, SHOP_PROD]) {
    const rows = await postgres(pgServer)('SELECT * FROM loyalty ORDER BY customer_id', database);
    expect(rows).toEqual([
      { customer_id: 1, points: 100 },
      { customer_id: 2, points: 100 },
    ]);
  }
});

const COUPONS = `-- Needs a table that nobody made yet
CREATE TABLE coupon (code varchar(20) PRIMARY KEY);
INSERT INTO coupon SELECT code FROM campaign;
`;

test('J8 a failing change shows where, runs again, and can be skipped', async ({ page }) => {
  if (!pgServer) return;
  const c = new Console(page);
  await beginPlan(c, PG_DATABASES);
  await c.box('Title').fill('Coupons');
  await c.write(c.box('SQL statement'), COUPONS);
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await checksFinished(c);
  await startRollout(c);
  await runTest(c);
  await expect(c.taskStatus(SHOP_TEST, 'Failed')).toBeVisible();
  await expect(c.task(SHOP_TEST).getByRole('alert')).toContainText(
    /line 3, column \d+: relation "campaign" does not exist/,
  );

  const log = c.region('Task log');
  await c.task(SHOP_TEST).getByRole('link', { name: 'View log' }).click();
  await expect(log.getByText('relation "campaign" does not exist').first()).toBeVisible();
  await expectAccessible(page, 'plan, failed, with its log');
  await log.getByRole('link', { name: 'Line 3', exact: true }).click();
  await page.waitForURL(/#L3$/);
  await page.reload();
  await expect(log.getByRole('log').getByRole('listitem').nth(2)).toHaveAttribute('aria-current', 'true');

  await test.step('mended on the server, it runs again', async () => {
    await postgres(pgServer)(
      "CREATE TABLE campaign (code text); INSERT INTO campaign VALUES ('WELCOME')",
      SHOP_TEST,
    );
    await c.task(SHOP_TEST).getByRole('button', { name: 'Run again' }).click();
    await c.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
    await expect(c.taskStatus(SHOP_TEST, 'Done')).toBeVisible();
    await expect(c.task(SHOP_TEST).getByText('Attempt 2')).toBeVisible();
    expect(await postgres(pgServer)('SELECT code FROM coupon', SHOP_TEST)).toEqual([{ code: 'WELCOME' }]);
  });

  await test.step('production does without it, for a reason', async () => {
    await c.task(SHOP_PROD).getByRole('button', { name: 'Skip task' }).click();
    const skip = c.alertDialog('Skip 1 task in Prod?');
    await skip.getByRole('button', { name: 'Skip' }).click();
    await expect(skip.getByRole('alert')).toHaveText('Enter a reason.');
    await skip.getByRole('textbox', { name: 'Reason' }).fill('No campaigns there.');
    await skip.getByRole('button', { name: 'Skip' }).click();
    await expect(c.taskStatus(SHOP_PROD, 'Skipped')).toBeVisible();
    await expect(c.task(SHOP_PROD)).toContainText('No campaigns there.');
    const tables = await postgres(pgServer)("SELECT to_regclass('coupon') AS it", SHOP_PROD);
    expect(tables).toEqual([{ it: null }]);
  });
});

/** From a task to what was recorded about it. */
async function openChangelog(c: Console, database: string) {
  await c.task(database).getByRole('link', { name: database }).click();
  await c.page.getByRole('tab', { name: 'Changelog' }).click();
  await c.table('Changelog').getByRole('link', { name: 'Loyalty points' }).click();
  await expect(c.heading('Loyalty points')).toBeVisible();
}

const diff = (c: Console) => c.region('Schema diff');

test('the changelog holds the schema before and after', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/online-shop/plans');
  await c.table('Plans').getByRole('link', { name: 'Loyalty points' }).click();
  await openChangelog(c, SHOP_TEST);
  await expectAccessible(page, 'changelog');
  await c.button('Compare with previous').click();
  await expect(diff(c).getByRole('list', { name: 'Changed objects' })).toHaveText(/Added table.*loyalty/i);
  await c.radio('Split').check();
  await page.waitForURL(/diff=split/);
  await page.reload();
  await expect(c.radio('Split')).toBeChecked();
  await expect(diff(c).getByText('CREATE TABLE').first()).toBeVisible();
  await expectAccessible(page, 'changelog, split');
});

test('the same line on MariaDB', async ({ page }) => {
  if (!mariaServer) return;
  const c = new Console(page);
  await beginPlan(c, MARIA_DATABASES);
  await c.box('Title').fill('Loyalty points');
  await c.write(c.box('SQL statement'), LOYALTY.replace('pg_sleep', 'sleep'));
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await checksFinished(c);
  await expect(checks(c).getByText('nothing to complain about')).toBeVisible();
  await startRollout(c);
  await runTest(c);
  await expect(c.taskStatus(SHOP_TEST, 'Done')).toBeVisible();
  await c.button('Run Prod stage').click();
  await confirmProduction(c, 'Run now');
  await expect(c.taskStatus(SHOP_PROD, 'Done')).toBeVisible();
  for (const database of [SHOP_TEST, SHOP_PROD]) {
    const rows = await mariadb(mariaServer)('SELECT * FROM loyalty ORDER BY customer_id', database);
    expect(rows).toEqual([
      { customer_id: 1, points: 100 },
      { customer_id: 2, points: 100 },
    ]);
  }
  await openChangelog(c, SHOP_PROD);
  await c.button('Compare with previous').click();
  await expect(diff(c).getByRole('list', { name: 'Changed objects' })).toHaveText(/Added table.*loyalty/i);
});
