/** A database with every kind of object, on PostgreSQL. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { PG_SCHEMA } from '../support/library.ts';
import { postgres, server } from '../support/servers.ts';
import { makeProject, type Target, targetName } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

test('objects and how they refer to each other', async ({ page, guard }) => {
  if (!pgServer) return;
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  // Whoever the pictures before left signed in.
  await c.enterAs('Ada Admin');
  const query = postgres(pgServer);
  const library: Target = {
    instance: 'library-test',
    engine: 'POSTGRES',
    environment: 'test',
    server: pgServer,
    database: 'library',
  };
  const drop = () => query('DROP DATABASE IF EXISTS library WITH (FORCE)');
  await drop();
  await makeProject(page, 'library', 'Library', [{ ...library, query }]);
  await query(PG_SCHEMA, library.database);
  await page.goto(`/${targetName(library)}?object=table:public.book`);
  await c.button('Sync').click();
  await expect(c.region('public.book')).toBeVisible();
  await shoot(page, 'object-table', { phone: true, full: true });
  await page.goto(`/${targetName(library)}?kind=function`);
  await expect(c.region('Definition')).toBeVisible();
  await shoot(page, 'object-function');
  await page.goto(`/${targetName(library)}?tab=diagram`);
  await expect(c.region('Diagram').getByRole('button', { name: 'author' })).toBeVisible();
  await shoot(page, 'diagram', { phone: true });
  await page.goto(`/${targetName(library)}?tab=diagram&as=table`);
  await expect(c.table('References between tables')).toBeVisible();
  await shoot(page, 'diagram-table', { phone: true });
  await drop();
});
