/** A change being written: several changes with options, findings and locks on a real server, and a large file. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { call, makeProject, type Target, targetName } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

const FRIENDS = `-- Friends of the shop, and what they are told
ALTER TABLE customer ADD COLUMN friend boolean NOT NULL DEFAULT false;
UPDATE customer SET friend = true;
CREATE INDEX customer_friend ON customer (friend) WHERE friend;
ALTER TABLE customer ALTER COLUMN id TYPE bigint;
`;

test('a change being written', async ({ page, guard }) => {
  if (!pgServer) return;
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  // Whoever the pictures before left signed in.
  await c.enterAs('Ada Admin');
  const query = postgres(pgServer);
  const of = (environment: Target['environment']): Target => ({
    instance: `loyalty-${environment}`,
    engine: 'POSTGRES',
    environment,
    server: pgServer,
    database: `loyalty_${environment}`,
  });
  const targets = [of('test'), of('prod')];
  const drop = async () => {
    for (const { database } of targets) await query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  };
  await drop();
  await makeProject(
    page,
    'loyalty',
    'Loyalty programme',
    targets.map((target) => ({ ...target, query })),
  );
  for (const target of targets) {
    await query(
      `CREATE TABLE customer (id integer PRIMARY KEY, email text NOT NULL, name text NOT NULL);
       INSERT INTO customer SELECT i, 'c' || i || '@example.com', 'Customer ' || i FROM generate_series(1, 120000) i;
       ANALYZE customer;`,
      target.database,
    );
    await call(page, 'DatabaseService/SyncDatabase', { name: targetName(target) });
  }
  const rule = (type: string, level: string) => ({ type, level, engine: 'POSTGRES' });
  await call(page, 'ReviewConfigService/CreateReviewConfig', {
    reviewConfig: {
      name: 'reviewConfigs/loyalty',
      title: 'Loyalty',
      enabled: true,
      resources: ['projects/loyalty'],
      rules: [
        rule('STATEMENT_WHERE_REQUIRE_UPDATE_DELETE', 'ERROR'),
        rule('INDEX_CREATE_CONCURRENTLY', 'WARNING'),
        rule('COLUMN_DISALLOW_CHANGE_TYPE', 'WARNING'),
      ],
    },
  });
  const sql = c.box('SQL statement');
  await page.goto(`/projects/loyalty/plans/new?databases=${targets.map(targetName).join(',')}`);
  await c.box('Title').fill('Friends of the shop get their news first, and their parcels too');
  await c.write(sql, FRIENDS);
  await sql.press('Control+End');
  await page.keyboard.type('UPDATE customer SET na');
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('option', { name: /^name/ })).toBeVisible();
  await shoot(page, 'plan-completion');
  await page.keyboard.press('Escape');
  await c.write(sql, FRIENDS);
  await c.button('Add change').click();
  await c.write(
    sql,
    '-- Names that a parcel can bear\nALTER TABLE customer ALTER COLUMN name TYPE varchar(80);\n',
  );
  await c.button('Options').click();
  await c.box('Lock timeout').fill('3');
  await shoot(page, 'plan-several-changes', { phone: true });
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  const checks = c.region('Checks');
  await expect(checks.getByRole('list', { name: 'Lock forecast' })).toBeVisible();
  await c.loaded();
  await shoot(page, 'plan-findings', { phone: true, full: true });
  await shoot(page, 'plan-with-findings', { image: 'plan' });
  await c.region('Changes').getByRole('button', { name: /error/ }).last().click();
  await expect(sql).toBeFocused();
  await shoot(page, 'plan-finding-in-text');

  await page.goto(`/projects/loyalty/plans/new?databases=${targets.map(targetName).join(',')}&from=file`);
  await c.box('Title').fill('Customers of the shop that we bought');
  const row = "INSERT INTO customer (id, email, name) VALUES (900001, 'ines@example.com', 'Inês Almeida');\n";
  await page.locator('input[type=file]').setInputFiles({
    name: 'customers-of-the-old-shop-as-exported-on-its-last-day.sql',
    mimeType: 'application/sql',
    buffer: Buffer.from(row.repeat(80_000)),
  });
  await expect(c.region('Changes').getByText(/ is 7\.\d MB$/)).toBeVisible();
  await shoot(page, 'plan-large-file', { phone: true });
  await drop();
});
