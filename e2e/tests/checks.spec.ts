/** What checks say about a change before it runs, on a real PostgreSQL server: journey J5 of the design. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { call, makeProject, type Target, targetName } from '../support/shop.ts';

const MARK = Date.now().toString(36);
const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

const target = (environment: Target['environment']): Target => ({
  instance: `crm-${environment}`,
  engine: 'POSTGRES',
  environment,
  server: pgServer as NonNullable<typeof pgServer>,
  database: `crm_${environment}_${MARK}`,
});
const TEST = target('test');
const PROD = target('prod');

test.beforeEach(({ guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test.afterAll(async () => {
  if (!pgServer) return;
  for (const of of [TEST, PROD])
    await postgres(pgServer)(`DROP DATABASE IF EXISTS ${of.database} WITH (FORCE)`);
});

const sql = (c: Console) => c.box('SQL statement');
const checks = (c: Console) => c.region('Checks');
const finished = (c: Console) =>
  expect(checks(c).getByRole('status').filter({ hasText: 'Checks finished' })).toBeVisible();
const row = (c: Console, of: Target) =>
  c.table('Checks by database').getByRole('row').filter({ hasText: of.database });

const resync = (page: Page, of: Target) =>
  call(page, 'DatabaseService/SyncDatabase', { name: targetName(of) });

test('a project whose SQL is reviewed', async ({ page }) => {
  if (!pgServer) return;
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const query = postgres(pgServer);
  await makeProject(page, 'crm', 'Customers', [
    { ...TEST, query },
    { ...PROD, query },
  ]);
  for (const of of [TEST, PROD]) {
    await query(
      `CREATE TABLE customer (id integer PRIMARY KEY, email text NOT NULL, vip boolean);
       INSERT INTO customer SELECT i, 'c' || i || '@example.com', false FROM generate_series(1, 5000) i;
       ANALYZE customer;`,
      of.database,
    );
    await resync(page, of);
  }
  const rule = (type: string, level: string) => ({ type, level, engine: 'POSTGRES' });
  await call(page, 'ReviewConfigService/CreateReviewConfig', {
    reviewConfig: {
      name: 'reviewConfigs/crm',
      title: 'Customers',
      enabled: true,
      resources: ['projects/crm'],
      rules: [
        rule('STATEMENT_WHERE_REQUIRE_UPDATE_DELETE', 'ERROR'),
        rule('INDEX_CREATE_CONCURRENTLY', 'WARNING'),
      ],
    },
  });
});

const WITHOUT_WHERE = `-- Everybody is a friend
ALTER TABLE customer ADD COLUMN friend boolean;
UPDATE customer SET friend = true;
`;

test('J5 a finding leads to its line, and once mended the checks run by themselves', async ({
  page,
  secondPage,
}) => {
  const c = new Console(page);
  await page.goto(`/projects/crm/plans/new?databases=${[TEST, PROD].map(targetName).join(',')}`);
  await c.box('Title').fill('Friends');
  await c.write(sql(c), WITHOUT_WHERE);
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await finished(c);
  const finding = checks(c)
    .getByRole('listitem')
    .filter({ hasText: /Error.*line 3/ });
  await expect(finding).toHaveCount(1);
  await expect(finding).toContainText(TEST.database);
  await expectAccessible(page, 'plan with findings');

  await test.step('by database and check, with counts', async () => {
    for (const of of [TEST, PROD]) {
      await expect(row(c, of).getByRole('cell').nth(1)).toHaveText('Passed');
      await expect(row(c, of).getByRole('cell').nth(2)).toHaveText('1 error');
    }
  });
  await test.step('in the text, and at its foot', async () => {
    const next = c.region('Changes').getByRole('button', { name: /^1 error/ });
    await next.click();
    await expect(sql(c)).toBeFocused();
    await expect(c.region('Changes').getByRole('button', { name: /^Line 3, / })).toBeVisible();
  });
  await test.step('the list leads there, also after lines were put before it', async () => {
    await finding.getByRole('button', { name: 'Go to line 3' }).press('Enter');
    await expect(sql(c)).toBeFocused();
    await expect(c.region('Changes').getByRole('button', { name: /^Line 3, column 1/ })).toBeVisible();
    await sql(c).press('Control+Home');
    await page.keyboard.insertText('\n\n');
    await finding.getByRole('button', { name: 'Go to line 3' }).click();
    await expect(c.region('Changes').getByRole('button', { name: /^Line 5, column 1/ })).toBeVisible();
    await page.keyboard.press('Shift+End');
    await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toContain('UPDATE customer');
  });
  const other = new Console(await secondPage());
  await other.page.goto(page.url());
  await finished(other);

  await c.write(sql(c), WITHOUT_WHERE.replace('true;', 'true WHERE id < 100;'));
  await c.button('Save').click();
  for (const window of [c, other]) {
    await expect(checks(window).getByText('nothing to complain about')).toBeVisible();
    await finished(window);
  }
  await expect(row(c, TEST).getByRole('cell').nth(2)).toHaveText('Passed');

  await c.button('Run checks again').click();
  await finished(c);
  await expect(checks(c).getByText('nothing to complain about')).toBeVisible();
});

test('each change of a plan shows its own findings, and is checked again by itself', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/projects/crm/plans/new?databases=${targetName(TEST)}`);
  await c.box('Title').fill('Two changes');
  await c.write(sql(c), WITHOUT_WHERE);
  await c.button('Add change').click();
  await c.write(sql(c), 'CREATE TABLE visit (id int PRIMARY KEY);');
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await finished(c);
  const first = checks(c).getByRole('region', { name: 'Change 1' });
  const second = checks(c).getByRole('region', { name: 'Change 2' });
  await expect(first.getByRole('listitem').filter({ hasText: /Error.*line 3/ })).toHaveCount(1);
  await expect(second.getByText('No findings')).toBeVisible();
  await expectAccessible(page, 'findings of two changes');

  const asked = page.waitForRequest(/PlanService\/RunPlanChecks$/);
  await second.getByRole('button', { name: 'Run again' }).click();
  expect((await asked).postDataJSON()).toMatchObject({ specId: expect.stringMatching(/.+/) });
  await finished(c);
  await expect(first.getByRole('listitem').filter({ hasText: /Error.*line 3/ })).toHaveCount(1);
});

test('SQL is reviewed while it is written, before there is a plan', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/projects/crm/plans/new?databases=${targetName(TEST)}`);
  await c.write(sql(c), '-- No good\nDELETE FROM customer;');
  const found = page.getByRole('list', { name: 'Found in this SQL' }).getByRole('listitem');
  await expect(found.filter({ hasText: /Error.*line 2/ })).toHaveCount(1);
  await expect(c.region('Changes').getByRole('button', { name: /^1 error/ })).toBeVisible();
  await expectAccessible(page, 'findings before there is a plan');
  await sql(c).press('Control+Home');
  await page.keyboard.insertText('\n');
  await found.getByRole('button', { name: 'Go to line 3' }).click();
  await expect(sql(c)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.insertText(' WHERE id = 1');
  await expect(found).toHaveCount(0);
  await expect(c.region('Changes').getByRole('button', { name: /error/ })).toBeHidden();
  await c.write(sql(c), ' ');
  await page.keyboard.press('Backspace');
});

test('the locks that a change takes are told, those that are felt first', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/projects/crm/plans/new?databases=${targetName(TEST)}`);
  await c.box('Title').fill('Find customers by email');
  await c.write(
    sql(c),
    `ALTER TABLE customer ADD COLUMN note text;
CREATE INDEX customer_email ON customer (email);
`,
  );
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await finished(c);
  const locks = checks(c).getByRole('list', { name: 'Lock forecast' }).getByRole('listitem');
  await expect(locks.first()).toContainText(/Line 2.*public\.customer.*SHARE.*Reads go on.*Writes wait/);
  await expect(locks.first()).toContainText('while the index is built');
  await expect(locks.first()).toContainText(/Blocks less: .*CONCURRENTLY/i);
  await expect(locks.filter({ hasText: 'Line 1' })).toContainText(
    /ACCESS EXCLUSIVE.*Reads wait.*for a moment/,
  );
  await expect(checks(c).getByText('1 lock makes others wait longer than a moment')).toBeVisible();
  await locks.first().getByRole('button', { name: 'Line 2' }).click();
  await expect(c.region('Changes').getByRole('button', { name: /^Line 2, column 1/ })).toBeVisible();
  await expectAccessible(page, 'lock forecast');
});
