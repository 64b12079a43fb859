/**
 * Reading a database in the SQL editor (the query half of J10): results that keep every digit and every NULL, 100,000
 * rows, history, what is refused and where it can be done, and all of it by keyboard alone.
 */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { mariadb, postgres, server } from '../support/servers.ts';
import { call, makeProject, type Target, targetName } from '../support/shop.ts';
import { MARIA_STORE, PG_STORE, WIDE_ROWS } from '../support/store.ts';

const MARK = Date.now().toString(36);
const pgServer = server('postgres');
const mariaServer = server('mariadb');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer || !mariaServer, 'SKIPPED: PostgreSQL or MariaDB is missing: cargo xtask servers up');

const TEST: Target = {
  instance: 'store-test',
  engine: 'POSTGRES',
  environment: 'test',
  server: pgServer as NonNullable<typeof pgServer>,
  database: `store_test_${MARK}`,
};
const PROD: Target = {
  ...TEST,
  instance: 'store-prod',
  environment: 'prod',
  database: `store_prod_${MARK}`,
};
const MARIA: Target = {
  ...TEST,
  instance: 'store-maria',
  engine: 'MARIADB',
  server: mariaServer as NonNullable<typeof mariaServer>,
  database: `store_maria_${MARK}`,
};
const RESULT_BYTES = 400_000_000;

const editorOf = (of: Target, query = '') => `/sql-editor/projects/store/${targetName(of)}${query}`;

class SqlEditor extends Console {
  editor = this.box('SQL statement');
  grid = (number = 1) => this.page.getByRole('grid', { name: `Result ${number}`, exact: true });
  cell = (text: string | RegExp) => this.grid().getByRole('gridcell', { name: text, exact: true }).first();

  /** Replaces the sheet's text and runs the statement at the cursor, which is at the end. */
  async run(text: string): Promise<void> {
    await this.write(this.editor, text);
    await this.page.keyboard.press('Control+Enter');
  }

  /** What is the active cell, by its row and its text. */
  active = (): Promise<string> =>
    this.page.evaluate(() => {
      const cell = document.activeElement;
      return `${cell?.closest('[role="row"]')?.getAttribute('aria-rowindex')}: ${cell?.textContent}`;
    });
}

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test.afterAll(async () => {
  if (!pgServer || !mariaServer) return;
  const query = postgres(pgServer);
  for (const { database } of [TEST, PROD]) await query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await mariadb(mariaServer)(`DROP DATABASE IF EXISTS ${MARIA.database}`);
});

async function sync(page: Page, of: Target): Promise<void> {
  await page.goto(`/${targetName(of)}`);
  await new Console(page).button('Sync').click();
  await expect(page.getByRole('list', { name: 'Objects' }).getByRole('button')).not.toHaveCount(0);
}

test('a store to read from', async ({ page }) => {
  if (!pgServer || !mariaServer) return;
  test.setTimeout(120_000);
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const [inPg, inMaria] = [postgres(pgServer), mariadb(mariaServer)];
  await makeProject(page, 'store', 'Store', [
    { ...TEST, query: inPg },
    { ...PROD, query: inPg },
    { ...MARIA, query: inMaria },
  ]);
  await inPg(PG_STORE, TEST.database);
  await inPg('CREATE TABLE customer (id bigint)', PROD.database);
  await inMaria(MARIA_STORE, MARIA.database);
  // 100,000 rows of 30 columns are more than a workspace sends by itself.
  await call(page, 'SettingService/UpdateSetting', {
    setting: {
      name: 'settings/WORKSPACE_PROFILE',
      value: { workspaceProfile: { sqlResultSize: String(RESULT_BYTES) } },
    },
    updateMask: 'value.workspaceProfile.sqlResultSize',
  });
  for (const of of [TEST, MARIA]) await sync(page, of);
});

test('a query shows its rows: every digit, and NULL as such', async ({ page }) => {
  const c = new SqlEditor(page);
  await page.goto('/');
  await c.link('SQL Editor').click();
  await expect(c.heading('SQL Editor')).toBeAttached();
  await expect(c.heading('Choose a database')).toBeVisible();
  await expectAccessible(page, 'SQL editor without a database');
  await page.getByRole('combobox', { name: 'Database', exact: true }).fill(MARK);
  await page.getByRole('option', { name: TEST.database, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/sql-editor/projects/store/${targetName(TEST)}$`));
  await c.run('select * from customer');
  await expect(c.grid()).toHaveAttribute('aria-rowcount', '1001');
  await expect(c.cell('9007199254740993')).toBeVisible();
  await expect(c.cell('NULL')).toBeVisible();
  await expect(c.cell('1234567890.0123456789')).toBeVisible();
  await expect(page.getByText(/1,000 of more rows · limit 1,000 · .* · .*B/)).toBeVisible();
  await expectAccessible(page, 'a result');

  await test.step('whole 64-bit numbers on MariaDB', async () => {
    await page.goto(editorOf(MARIA));
    await c.run('select * from counter');
    await expect(c.cell('18446744073709551615')).toBeVisible();
    await expect(c.cell('-9223372036854775808')).toBeVisible();
    await expect(c.cell('9007199254740993')).toBeVisible();
    await expect(c.cell('NULL')).toBeVisible();
  });
});

test('100,000 rows of 30 columns scroll to the last', async ({ page }) => {
  // A debug build of the server on two busy cores needs a minute and more.
  test.setTimeout(260_000);
  const c = new SqlEditor(page);
  await page.goto(editorOf(TEST));
  await c.pick('Limit', 'Limit 100,000');
  await c.run('select * from wide order by c1');
  await expect(c.grid()).toHaveAttribute('aria-rowcount', String(WIDE_ROWS + 1), { timeout: 200_000 });
  await expect(c.grid()).toHaveAttribute('aria-colcount', '30');
  await c.grid().evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight;
    grid.scrollLeft = grid.scrollWidth;
  });
  await expect(c.cell(`value ${WIDE_ROWS}.30`)).toBeVisible();
  // What is not in view is not there.
  expect(await c.grid().getByRole('gridcell').count()).toBeLessThan(1_500);
  await c.cell(`value ${WIDE_ROWS}.30`).click();
  await page.keyboard.press('Control+Home');
  expect(await c.active()).toBe('2: 1');
  await page.keyboard.press('Control+End');
  expect(await c.active()).toBe(`${WIDE_ROWS + 1}: value ${WIDE_ROWS}.30`);
  await test.step('a frozen column stays while the others scroll', async () => {
    const to = (left: 'start' | 'end') =>
      c.grid().evaluate((grid, side) => {
        grid.scrollLeft = side === 'end' ? grid.scrollWidth : 0;
      }, left);
    await to('start');
    await c.menu('Column c2', 'Freeze column');
    await to('end');
    for (const column of [2, 30]) await expect(c.cell(`value ${WIDE_ROWS}.${column}`)).toBeInViewport();
    await expect(c.cell(`value ${WIDE_ROWS}.3`)).not.toBeInViewport();
    await c.menu('Column c2', 'Unfreeze column');
    await expect(c.cell(`value ${WIDE_ROWS}.2`)).not.toBeInViewport();
  });
  await test.step('sorted and filtered', async () => {
    await c.grid().evaluate((grid) => {
      grid.scrollLeft = 0;
    });
    await c.grid().getByRole('columnheader', { name: 'c1', exact: true }).click();
    await c.grid().getByRole('columnheader', { name: 'c1', exact: true }).click();
    await expect(c.grid().getByRole('columnheader', { name: 'c1', exact: true })).toHaveAttribute(
      'aria-sort',
      'descending',
    );
    await c.grid().evaluate((grid) => {
      grid.scrollTop = 0;
    });
    await expect(c.cell(String(WIDE_ROWS))).toBeVisible();
    await page.getByRole('searchbox', { name: 'Filter rows' }).fill('value 77777.');
    await expect(c.grid()).toHaveAttribute('aria-rowcount', '2');
    await expect(c.cell('77777')).toBeVisible();
  });
});

test('cells are read in full, and copied as other programs take them', async ({ page, context }) => {
  const c = new SqlEditor(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.goto(editorOf(TEST));
  await c.run('select id, name, note, profile from customer order by id limit 3');
  await c.cell('9007199254740993').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+c');
  await expect.poll(copied).toBe('9007199254740993\tZoë Müller 1\n9007199254740994\tGrace Hopper 2');
  await c.menu('Copy 4 cells', 'INSERT statements');
  await expect
    .poll(copied)
    .toContain('INSERT INTO customer ("id", "name") VALUES\n  (9007199254740993, \'Zoë');
  await c.menu('Copy 4 cells', 'JSON');
  await expect.poll(copied).toContain('"id": 9007199254740993,');
  await c.cell(/"tier"/).dblclick();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('"tier": "basic"');
  await details.getByRole('radio', { name: 'Row' }).check({ force: true });
  await expect(details).toContainText('Zoë Müller 1');
  await expectAccessible(page, 'details of a cell');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();

  await test.step('a column of one’s own size, and hidden', async () => {
    const header = c.grid().getByRole('columnheader', { name: 'note', exact: true });
    await header.getByRole('button', { name: 'Column note' }).click();
    await page.getByRole('menuitem', { name: 'Hide column' }).click();
    await expect(header).toHaveCount(0);
    await c.button('Show 1 hidden column').click();
    await expect(header).toBeVisible();
  });
});

test('an error points at its line, each statement has its result', async ({ page }) => {
  const c = new SqlEditor(page);
  await page.goto(editorOf(TEST));
  await c.write(c.editor, 'select 1 as one;\n\nselect nothing\nfrom customer;');
  await c.button('Run all').click();
  await expect(c.alert('nothing')).toBeVisible();
  await expectAccessible(page, 'a failed statement');
  await c.button('Go to line 3').click();
  await expect(c.editor).toBeFocused();
  await page.getByRole('tab', { name: 'Result 1', exact: true }).click();
  await expect(c.cell('1')).toBeVisible();
  await test.step('only the statement at the cursor', async () => {
    await c.editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('tab', { name: /^(Result|Failed) / })).toHaveCount(1);
    await expect(c.cell('1')).toBeVisible();
  });
});

test('sheets, their text and their database stay over a reload; history brings statements back', async ({
  page,
}) => {
  const c = new SqlEditor(page);
  await page.goto(editorOf(TEST));
  await c.button('New sheet').click();
  await c.write(c.editor, `select '${MARK}' as mark`);
  await page.keyboard.press('Control+Enter');
  await expect(c.cell(MARK)).toBeVisible();
  await page.keyboard.insertText(' -- typed and not run');
  await page.reload();
  await expect(c.editor).toContainText('typed and not run');
  await expect(page.getByRole('combobox', { name: 'Database', exact: true })).toHaveValue(TEST.database);
  const sheets = page.getByRole('tablist', { name: 'Sheets' }).getByRole('tab');
  const count = await sheets.count();
  expect(count).toBeGreaterThan(1);

  await test.step('renamed, closed, and open again', async () => {
    await c.menu('More about this sheet', 'Rename');
    await c.box('Name of the sheet').fill('Marks');
    await page.keyboard.press('Enter');
    await c.button('Close Marks').click();
    await expect(sheets).toHaveCount(count - 1);
    await c.menu('More about this sheet', 'Reopen closed sheet');
    await expect(page.getByRole('tab', { name: /^Marks/, selected: true })).toBeVisible();
    await expect(c.editor).toContainText('typed and not run');
  });
  await test.step('history', async () => {
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(page).toHaveURL(/panel=history/);
    await page.getByRole('searchbox', { name: 'Search history' }).fill(MARK);
    const entries = page.getByRole('list', { name: 'History' }).getByRole('listitem');
    await expect(entries.first()).toContainText(`select '${MARK}' as mark`);
    await expect(entries.first()).toContainText('Done');
    await expectAccessible(page, 'history');
    await c.write(c.editor, '');
    await entries.first().getByRole('button', { name: 'Insert' }).click();
    await expect(c.editor).toHaveText(`select '${MARK}' as mark`);
    await entries.first().getByRole('button', { name: 'Open in tab' }).click();
    await expect(sheets).toHaveCount(count + 1);
    await expect(c.editor).toContainText(MARK);
  });
});

test('what is not reading is refused, and becomes a plan', async ({ page }) => {
  const c = new SqlEditor(page);
  await page.goto(editorOf(PROD));
  await expect(page.getByText('Prod', { exact: true }).first()).toBeVisible();
  await c.run('drop table customer');
  await expect(c.alert('This editor only reads')).toBeVisible();
  await expectAccessible(page, 'a refused statement');
  expect(await postgres(PROD.server)("select to_regclass('customer') as found", PROD.database)).toEqual([
    { found: 'customer' },
  ]);
  await c.button('Create plan from this SQL').click();
  await expect(c.heading('New plan')).toBeVisible();
  await expect(c.editor).toContainText('drop table customer');
  await expect(page.getByText(PROD.database).first()).toBeVisible();
});

test('a query that takes long can be stopped, and stops on the server', async ({ page }) => {
  const c = new SqlEditor(page);
  await page.goto(editorOf(TEST));
  // More rows than anybody waits for; what only sleeps is not let through.
  await c.run(`select count(*), '${MARK}' as stopped from customer a, customer b, customer c`);
  const running = async () => {
    const [row] = await postgres(TEST.server)(
      `select count(*)::int as n from pg_stat_activity where query like '%${MARK}'' as stopped%' and state = 'active' and pid <> pg_backend_pid()`,
    );
    return row?.n;
  };
  await expect.poll(running).toBe(1);
  await expect(c.region('Results').getByText('Running').first()).toBeVisible();
  await c.button('Cancel').click();
  await expect(page.getByText('The query was stopped')).toBeVisible();
  await expect.poll(running, { timeout: 15_000 }).toBe(0);
});

test('by keyboard alone: choose, write, run, read', async ({ page }) => {
  const c = new SqlEditor(page);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const tabTo = async (role: string, name: string) => {
    for (let i = 0; i < 60; i += 1) {
      const there = await page.evaluate(
        ([r, n]) => {
          const at = document.activeElement;
          return at?.getAttribute('role') === r && (n === '' || at.getAttribute('aria-label') === n);
        },
        [role, name] as const,
      );
      if (there) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`no ${role} ${name} by Tab`);
  };
  await page.goto('/');
  await expect(c.heading('Home')).toBeVisible();
  // The shell listens a moment after its page shows.
  await expect(async () => {
    await press('g', 'q');
    await expect(page).toHaveURL(/\/sql-editor/, { timeout: 2_000 });
  }).toPass();
  await expect(page.getByRole('combobox', { name: 'Database', exact: true })).toBeVisible();
  await tabTo('combobox', 'Database');
  await page.keyboard.type(TEST.database);
  await expect(page.getByRole('option', { name: TEST.database, exact: true })).toBeVisible();
  await press('Enter');
  await expect(page).toHaveURL(new RegExp(targetName(TEST)));
  await tabTo('textbox', 'SQL statement');
  await press('Control+a', 'Delete');
  await page.keyboard.type('select id, name from customer order by id limit 40');
  await press('Escape', 'Control+Enter');
  await expect(c.grid()).toHaveAttribute('aria-rowcount', '41');
  await tabTo('gridcell', '');
  await press('ArrowDown', 'ArrowDown', 'End');
  expect(await c.active()).toMatch(/^4: .* 3$/);
  await press('PageDown');
  expect(await c.active()).not.toMatch(/^4:/);
  await press('Control+End');
  expect(await c.active()).toMatch(/^41: .* 40$/);
  await press('Enter');
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText(' 40');
});

test('links lead here, and who may not read is told', async ({ page }) => {
  const c = new SqlEditor(page);
  await page.goto(`/${targetName(TEST)}`);
  await c.link('Query').click();
  await expect(page).toHaveURL(new RegExp(`/sql-editor/projects/store/${targetName(TEST)}`));
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('SQL Ed');
  await expect(page.getByRole('option', { name: /SQL Editor/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await test.step('a table from the tree', async () => {
    const tree = page.getByRole('tree', { name: 'Schema' });
    await tree.getByRole('treeitem', { name: /gold_customer/ }).dblclick();
    await expect(page.getByRole('tab', { name: /^gold_customer/, selected: true })).toBeVisible();
    await expect(c.grid()).toHaveAttribute('aria-colcount', '2');
  });
});
