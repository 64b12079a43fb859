/**
 * What a person sees of a database: every kind of object with all that belongs to it, on real PostgreSQL and MariaDB
 * servers, and how the tables refer to each other.
 */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { MARIA_SCHEMA, PG_SCHEMA } from '../support/library.ts';
import { mariadb, postgres, server } from '../support/servers.ts';
import { makeProject, type Target, targetName } from '../support/shop.ts';

const MARK = Date.now().toString(36);
const pgServer = server('postgres');
const mariaServer = server('mariadb');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer || !mariaServer, 'SKIPPED: PostgreSQL or MariaDB is missing: cargo xtask servers up');

const PG: Target = {
  instance: 'library-pg',
  engine: 'POSTGRES',
  environment: 'test',
  server: pgServer as NonNullable<typeof pgServer>,
  database: `library_pg_${MARK}`,
};
const MARIA: Target = {
  ...PG,
  instance: 'library-maria',
  engine: 'MARIADB',
  server: mariaServer as NonNullable<typeof mariaServer>,
  database: `library_maria_${MARK}`,
};

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test.afterAll(async () => {
  if (!pgServer || !mariaServer) return;
  await postgres(pgServer)(`DROP DATABASE IF EXISTS ${PG.database} WITH (FORCE)`);
  await mariadb(mariaServer)(`DROP DATABASE IF EXISTS ${MARIA.database}`);
});

const pageOf = (of: Target, query = '') => `/${targetName(of)}${query}`;

test('a database of every kind of object on each server', async ({ page }) => {
  if (!pgServer || !mariaServer) return;
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const [inPg, inMaria] = [postgres(pgServer), mariadb(mariaServer)];
  await makeProject(page, 'library', 'Library', [
    { ...PG, query: inPg },
    { ...MARIA, query: inMaria },
  ]);
  await inPg(PG_SCHEMA, PG.database);
  await inMaria(MARIA_SCHEMA, MARIA.database);
  for (const of of [PG, MARIA]) {
    await page.goto(pageOf(of));
    await c.button('Sync').click();
    await expect(page.getByRole('list', { name: 'Objects' }).getByRole('button')).not.toHaveCount(0);
  }
});

test('an object shows all that belongs to it', async ({ page }) => {
  const c = new Console(page);
  await page.goto(pageOf(PG, '?object=table:public.book'));
  const book = c.region('public.book');
  const row = (table: string, name: string) =>
    book.getByRole('table', { name: table }).getByRole('row').filter({ hasText: name }).first();
  await expect(row('Columns', 'isbn').getByLabel('primary key')).toBeVisible();
  await expect(row('Columns', 'author_id').getByLabel('foreign key')).toBeVisible();
  await expect(row('Columns', 'shout')).toContainText('generated: upper(title)');
  await expect(row('Indexes', 'book_title')).toContainText(/lower\(title\).*pages DESC.*unique/);
  await expect(row('Foreign keys', 'book_author')).toContainText(/author_id.*public\.author \(id\).*CASCADE/);
  await expect(row('Check constraints', 'pages_positive')).toContainText('pages > 0');
  await expect(book.getByRole('list', { name: 'Triggers' })).toContainText(/book_stamp.*BEFORE UPDATE/i);
  await expectAccessible(page, 'a table in full');

  const objects = page.getByRole('list', { name: 'Objects' });
  await test.step('by kind', async () => {
    for (const [kind, name, shows] of [
      ['View', 'long_book', 'pages > 500'],
      ['Materialized view', 'pages_of', 'sum'],
      ['Procedure', 'tidy_up', 'DELETE FROM loan'],
      ['Enum', 'mood', 'new, worn'],
      ['Type', 'spot', 'shelf integer'],
      ['Sequence', 'ticket', 'bigint'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Kind of object' }).click();
      await page.getByRole('option', { name: new RegExp(`^${kind} · `) }).click();
      await objects.getByRole('button', { name: new RegExp(name) }).click();
      await expect(c.region(`public.${name}`)).toContainText(shows);
    }
  });
  await test.step('routines of one name are two', async () => {
    await page.goto(pageOf(PG, '?q=price'));
    await expect(objects.getByRole('button')).toHaveCount(2);
  });
  await test.step('partitions', async () => {
    await page.goto(pageOf(PG, '?object=table:public.loan'));
    await expect(c.region('public.loan').getByRole('table', { name: 'Partitions' })).toContainText(
      /loan_2026.*RANGE/,
    );
  });
  await test.step('MariaDB has events, bodies of triggers, and ON UPDATE', async () => {
    await page.goto(pageOf(MARIA, '?object=table:visit'));
    await expect(c.region('visit').getByRole('table', { name: 'Columns' })).toContainText(/On update/);
    await expect(c.region('Body of visit_new')).toContainText(/COALESCE/i);
    await page.goto(pageOf(MARIA, '?kind=event'));
    await expect(c.region('nightly')).toContainText('DELETE FROM visit');
  });
});

test('the diagram shows how tables refer to each other, and the table says the same', async ({ page }) => {
  const c = new Console(page);
  await page.goto(pageOf(PG));
  await page.getByRole('tab', { name: 'Diagram' }).click();
  await expect(page).toHaveURL(/tab=diagram/);
  const diagram = c.region('Diagram');
  await expect(c.status('reference')).toContainText(/^\d tables, \d references$/);
  for (const table of ['author', 'book', 'loan']) {
    await expect(diagram.getByRole('button', { name: table, exact: true })).toBeVisible();
  }
  await expect(diagram.locator('.react-flow__edge')).not.toHaveCount(0);
  await expectAccessible(page, 'schema diagram');

  await test.step('around one table, and back by the URL', async () => {
    await page.getByRole('combobox', { name: 'Around a table' }).fill('public.author');
    await expect(diagram.getByRole('button', { name: 'loan', exact: true })).toBeHidden();
    await expect(c.status('reference')).toContainText('2 tables, 1 reference');
    await page.reload();
    await expect(c.status('reference')).toContainText('2 tables, 1 reference');
  });
  await test.step('as a table', async () => {
    await c.radio('Table').check();
    const rows = c.table('References between tables').getByRole('row');
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toHaveText(/public\.book.*author_id.*public\.author.*id.*CASCADE/);
    await expectAccessible(page, 'references as a table');
    await c.radio('Diagram').check();
  });
  await diagram.getByRole('button', { name: 'book', exact: true }).click();
  await expect(c.region('public.book')).toBeVisible();
});
