/** Runs on real servers: blocked, stopped half way, and with an outcome that nobody can tell. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { mariadb, postgres, readTable, server } from '../support/servers.ts';
import { makeProject, makeRollout, type Target } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

const pgServer = server('postgres');
const mariaServer = server('mariadb');

test.use({ mode: 'demo' });
test.skip(!pgServer || !mariaServer, 'SKIPPED: PostgreSQL or MariaDB is missing: cargo xtask servers up');

test('a run and what may become of it', async ({ page, guard }) => {
  if (!pgServer || !mariaServer) return;
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  // Whoever the pictures before left signed in.
  await c.enterAs('Ada Admin');
  const pg: Target = {
    instance: 'stock-test',
    engine: 'POSTGRES',
    environment: 'test',
    server: pgServer,
    database: 'stock_test',
  };
  const pgProd: Target = { ...pg, instance: 'stock-prod', environment: 'prod', database: 'stock_prod' };
  const maria: Target = {
    instance: 'orders-test',
    engine: 'MARIADB',
    environment: 'test',
    server: mariaServer,
    database: 'orders_test',
  };
  const [inPg, inMaria] = [postgres(pgServer), mariadb(mariaServer)];
  const drop = async () => {
    for (const of of [pg, pgProd]) await inPg(`DROP DATABASE IF EXISTS ${of.database} WITH (FORCE)`);
    await inMaria(`DROP DATABASE IF EXISTS ${maria.database}`);
  };
  await drop();
  await makeProject(page, 'stock', 'Stock', [
    { ...pg, query: inPg },
    { ...pgProd, query: inPg },
    { ...maria, query: inMaria },
  ]);
  for (const of of [pg, pgProd]) {
    await inPg(
      'CREATE TABLE shelf (id integer PRIMARY KEY, room text); INSERT INTO shelf VALUES (1)',
      of.database,
    );
  }
  await inMaria(
    'CREATE TABLE shelf (id integer PRIMARY KEY); CREATE PROCEDURE count_shelves() DO SLEEP(60)',
    maria.database,
  );
  const log = c.region('Task log');
  const start = async (plan: string) => {
    await page.goto(`/${plan}?tab=rollout`);
    await c.button('Run Test stage').click();
    await c.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
  };

  const release = await readTable(pgServer, pg.database, 'shelf', 'nightly report');
  const floors = await makeRollout(
    page,
    'stock',
    'Floors for shelves',
    "SET lock_timeout = '60s';\nUPDATE shelf SET room = 'north' WHERE room IS NULL;\nALTER TABLE shelf ADD COLUMN floor integer;\nCREATE INDEX shelf_floor ON shelf (floor);\n",
    [pg, pgProd],
  );
  await start(floors);
  await c.task(pg.database).getByRole('link', { name: 'View log' }).click();
  await expect(log.getByRole('table', { name: 'In its way' })).toBeVisible();
  await shoot(page, 'rollout-running', { phone: true, image: 'rollout', imageTheme: 'dark' });
  await release();
  await expect(c.taskStatus(pg.database, 'Done')).toBeVisible();

  const seasons = await makeRollout(
    page,
    'stock',
    'Seasons',
    'CREATE TABLE season (id integer PRIMARY KEY);\nCREATE INDEX season_id ON season (id);\nALTER TABLE voucher ADD COLUMN season_id integer;\nINSERT INTO season VALUES (1);\n',
    [maria],
  );
  await start(seasons);
  await expect(c.taskStatus(maria.database, 'Failed')).toBeVisible();
  await c.task(maria.database).getByRole('button', { name: 'Go to line 3' }).click();
  await expect(log.getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
  await shoot(page, 'rollout-half', { phone: true });
  await c.task(maria.database).getByRole('button', { name: 'Run again' }).click();
  await expect(c.radio('Resume from statement 3')).toBeChecked();
  await shoot(page, 'rollout-resume', { phone: true });
  await c.button('Replace the rest').last().click();
  const rest = c.alertDialog(`Replace the rest on ${maria.database}?`);
  await expect(rest.getByRole('textbox', { name: 'SQL for the rest' })).toContainText('ALTER TABLE voucher');
  await shoot(page, 'rollout-replace-rest', { phone: true });
  await page.keyboard.press('Escape');

  const count = await makeRollout(
    page,
    'stock',
    'Stocktake',
    'CREATE TABLE stocktake (shelf_id integer);\nCALL count_shelves();\nALTER TABLE stocktake ADD PRIMARY KEY (shelf_id);\n',
    [maria],
  );
  await start(count);
  const sleeping = `SELECT id FROM information_schema.processlist WHERE db = '${maria.database}' AND info LIKE '%SLEEP(60)%' AND id <> CONNECTION_ID()`;
  await expect.poll(async () => (await inMaria(sleeping)).length).toBe(1);
  await inMaria(`KILL ${(await inMaria(sleeping))[0]?.id}`);
  await expect(c.taskStatus(maria.database, 'Failed')).toBeVisible();
  await shoot(page, 'rollout-unknown', { phone: true });
  await c.task(maria.database).getByRole('button', { name: 'Run again' }).click();
  await c.radio('Statement 2 took effect: go on after it').check();
  await shoot(page, 'rollout-unknown-found', { phone: true });
  await page.keyboard.press('Escape');

  await drop();
});
