/**
 * Many databases, and a database of many tables: lists, search, diagram and editor stay as quick as with few. The figures
 * are printed; `bench/scale.py` holds a release build to the goals, here a debug build gets more time.
 */
import type { Page } from '@playwright/test';
import { Console } from '../support/console.ts';
import { makeDatabases, makeTables } from '../support/crowd.ts';
import { figure, percentile } from '../support/figures.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { call, makeProject, type Target, targetName } from '../support/shop.ts';
import { framesOfScroll, keysToPaint, paintAfter } from '../support/smooth.ts';

const DATABASES = 5_000;
const TABLES = 2_000;
const FIRST_ROWS = { goal: 300, limit: 900 };
const KEY = { goal: 50, limit: 100 };
const FRAME = { goal: 100, limit: 200 };

const pgServer = server('postgres');
const MARK = Date.now().toString(36);
const WIDE: Target = {
  instance: `wide-${MARK}`,
  engine: 'POSTGRES',
  environment: 'test',
  server: pgServer as NonNullable<typeof pgServer>,
  database: `wide_${MARK}`,
};
let deleteFiles = async () => {};

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test.afterAll(async () => {
  await deleteFiles();
  if (pgServer) await postgres(pgServer)(`DROP DATABASE IF EXISTS ${WIDE.database} WITH (FORCE)`);
});

const worst = (values: readonly number[]) => Math.max(...values);

async function keys(page: Page, where: string, text: string) {
  const took = await keysToPaint(page, text);
  figure(`key to paint in ${where}, p95`, percentile(took, 95), KEY);
}

/** Databases of the crowd that were not read yet. */
async function unsynced(page: Page): Promise<number> {
  let [left, pageToken]: [number, string | undefined] = [0, ''];
  while (pageToken !== undefined) {
    const answer: { databases?: { successfulSyncTime?: string }[]; nextPageToken?: string } = await call(
      page,
      'DatabaseService/ListDatabases',
      { parent: `instances/crowd-${MARK}`, pageSize: 1_000, pageToken },
    );
    left += (answer.databases ?? []).filter((db) => !db.successfulSyncTime).length;
    pageToken = answer.nextPageToken || undefined;
  }
  return left;
}

test(`${DATABASES} databases, and one of ${TABLES} tables`, async ({ page }) => {
  test.setTimeout(180_000);
  if (!pgServer) return;
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const query = postgres(pgServer);
  await makeProject(page, `wide-${MARK}`, 'A wide one', [{ ...WIDE, query }]);
  await makeTables(query, WIDE.database, TABLES);
  deleteFiles = await makeDatabases(page, `crowd-${MARK}`, DATABASES);
  const begin = Date.now();
  await expect.poll(() => unsynced(page), { timeout: 120_000, intervals: [500] }).toBe(0);
  figure(`first sync of ${DATABASES} databases`, (Date.now() - begin) / 1000, {
    goal: 60,
    limit: 120,
    unit: 's',
  });
  await call(page, 'DatabaseService/SyncDatabase', { name: targetName(WIDE) });
});

test('the list of databases', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/environments');
  await expect(c.heading('Environments')).toBeVisible();
  const rows = '[aria-label="Databases"] tbody tr';
  await paintAfter(c.nav('Databases'), rows);
  await page.goto('/environments');
  await expect(c.heading('Environments')).toBeVisible();
  figure('first rows of the list of databases', await paintAfter(c.nav('Databases'), rows), FIRST_ROWS);
  await expect(c.table('Databases').getByRole('row')).not.toHaveCount(1);
  const frames = await framesOfScroll(page, c.table('Databases'));
  figure('longest frame while the list of databases scrolls', worst(frames), FRAME);
  await c.page.getByRole('searchbox').first().click();
  await keys(page, 'the search of databases', 'billing_tenant_4321');
  await expect(c.table('Databases').getByRole('link', { name: 'billing_tenant_4321' })).toBeVisible();
});

test('search over everything', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/environments');
  await expect(c.heading('Environments')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(c.dialog('Search or jump to').getByRole('combobox')).toBeFocused();
  await keys(page, 'search over everything', 'loyalty_tenant_4996');
  await expect(
    c.dialog('Search or jump to').getByRole('option', { name: /loyalty_tenant_4996/ }),
  ).toBeVisible();
});

test('a database of many tables', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/databases?q=${WIDE.database}`);
  const objects = '[aria-label="Objects"] button';
  const link = c.table('Databases').getByRole('link', { name: WIDE.database });
  figure('first objects of a database of many tables', await paintAfter(link, objects), FIRST_ROWS);
  const list = page.getByRole('list', { name: 'Objects' });
  const frames = await framesOfScroll(page, list, 60, 1_200);
  figure('longest frame while the list of objects scrolls', worst(frames), FRAME);
  await page.getByRole('searchbox').first().click();
  await keys(page, 'the search of objects', 'orders_1230');
  await expect(list.getByRole('button', { name: /orders_1230/ })).toBeVisible();
});

test('a diagram of many tables', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/${targetName(WIDE)}`);
  await expect(page.getByRole('list', { name: 'Objects' }).getByRole('button').first()).toBeVisible();
  const drawn = '[aria-label="Diagram"] .react-flow__node';
  figure('the first diagram', await paintAfter(page.getByRole('tab', { name: 'Diagram' }), drawn), {
    goal: 1_000,
    limit: 5_000,
  });
  const frames = await framesOfScroll(page, c.region('Diagram'));
  figure('longest frame while the diagram is scrolled over', worst(frames), FRAME);
  await page.getByRole('combobox', { name: 'Around a table' }).click();
  await page.keyboard.press('Control+a');
  await keys(page, 'the choice of a table to draw', 'public.orders_1230');
  await expect(c.region('Diagram').getByRole('button', { name: 'orders_1230', exact: true })).toBeVisible();
});

test('the editor on that database', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/projects/wide-${MARK}/plans/new?databases=${targetName(WIDE)}`);
  await c.box('SQL statement').click();
  await keys(page, 'the editor', 'SELECT detail_1, hub_id FROM orders_1230 WHERE id = 1;');
});
