/** The SQL editor: a result, 100,000 rows, a refused statement. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { call, makeProject, type Target, targetName } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';
import { PG_STORE, WIDE_ROWS } from '../support/store.ts';

const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

test('SQL editor', async ({ page }) => {
  if (!pgServer) return;
  test.setTimeout(400_000);
  const c = new Console(page);
  const query = postgres(pgServer);
  const at = (environment: Target['environment']): Target => ({
    instance: `store-${environment}`,
    engine: 'POSTGRES',
    environment,
    server: pgServer,
    database: `store_shots_${environment}`,
  });
  const targets = [at('test'), at('prod')] as const;
  const drop = async () => {
    for (const { database } of targets) await query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  };
  await c.enterAs('Ada Admin');
  await drop();
  await makeProject(
    page,
    'store',
    'Store',
    targets.map((target) => ({ ...target, query })),
  );
  await call(page, 'SettingService/UpdateSetting', {
    setting: {
      name: 'settings/WORKSPACE_PROFILE',
      value: { workspaceProfile: { sqlResultSize: '400000000' } },
    },
    updateMask: 'value.workspaceProfile.sqlResultSize',
  });
  for (const { database } of targets) await query(PG_STORE, database);
  const grid = page.getByRole('grid', { name: 'Result 1' });
  const run = async (target: Target, text: string, panel = '') => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/${targetName(target)}`);
    await c.button('Sync').click();
    await expect(page.getByRole('list', { name: 'Objects' }).getByRole('button')).not.toHaveCount(0);
    await page.goto(`/sql-editor/projects/store/${targetName(target)}${panel}`);
    await c.write(c.box('SQL statement'), text);
    await page.keyboard.press('Control+Enter');
  };

  await run(
    targets[0],
    'SELECT id, name, email, note, profile, balance, active, joined\nFROM customer\nORDER BY joined DESC;',
  );
  await grid
    .getByRole('gridcell', { name: /"tier"/ })
    .nth(2)
    .dblclick();
  await shoot(page, 'sql-editor', { phone: true, image: 'sql-editor' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await c.button('Close details').click();
  await page.getByRole('tab', { name: 'History' }).click();
  await expect(page.getByRole('list', { name: 'History' })).toContainText('customer');
  await shoot(page, 'sql-editor-history', { phone: true });

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/sql-editor/projects/store/${targetName(targets[0])}`);
  await c.pick('Limit', 'Limit 100,000');
  await c.write(c.box('SQL statement'), 'SELECT * FROM wide ORDER BY c1;');
  await page.keyboard.press('Control+Enter');
  await expect(grid).toHaveAttribute('aria-rowcount', String(WIDE_ROWS + 1), { timeout: 200_000 });
  await grid.getByRole('gridcell').first().click();
  await page.keyboard.press('Control+End');
  await expect(grid.getByRole('gridcell', { name: `value ${WIDE_ROWS}.30` })).toBeVisible();
  await shoot(page, 'sql-editor-100k');

  await run(targets[1], 'DROP TABLE customer;');
  await expect(c.alert('This editor only reads')).toBeVisible();
  await shoot(page, 'sql-editor-refused', { phone: true });
  await drop();
});
