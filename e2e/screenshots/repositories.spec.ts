/** Watched repositories: none, one in its steps, what its host is told, several, what came of their commits. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { GitHub } from '../support/github.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });

const FILES = {
  'db/migrations/0001_wish.sql': 'CREATE TABLE wish (id int);\n',
  'db/migrations/0002_wish_note.sql': 'ALTER TABLE wish ADD COLUMN note text;\n',
  'db/migrations/notes_of_the_meeting_about_everything_that_the_shop_needs.sql': '-- Not a migration\n',
};

test('watched repositories', async ({ page }) => {
  const github = await GitHub.start('example/shop');
  github.commit(FILES);
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/repositories');
  await expect(c.heading('No repository is watched yet')).toBeVisible();
  await shoot(page, 'repositories-none', { phone: true, full: true });
  await c.link('Watch a repository').click();
  await c.box('Owner and name').fill(github.path);
  await c.box('Address of the host').fill(github.url);
  await c.box('Access token').fill(github.token);
  await c.box('Migration files').fill('db/migrations');
  await page.getByRole('checkbox', { name: 'Show at GitHub what came of each commit' }).check();
  await c.button('Test').click();
  await expect(c.status('It can be watched like this.')).toBeVisible();
  await page.getByText('One file is left out').click();
  await c.button('Choose databases').click();
  const dialog = c.dialog('Choose databases');
  await dialog.getByRole('checkbox', { name: 'shop', exact: true }).last().check();
  await dialog.getByRole('button', { name: 'Use 1 database' }).click();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, 'repository-new', { phone: true, full: true });
  await c.button('Watch the repository').click();
  await expect(c.heading('example/shop is watched')).toBeVisible();
  await shoot(page, 'repository-webhook', { phone: true, full: true });
  await page.getByRole('checkbox', { name: 'I have set up the webhook, or kept the secret' }).check();
  await c.button('Open the repository').click();
  const syncs = page.getByRole('list', { name: 'Syncs' }).getByRole('listitem');
  await expect(syncs.filter({ hasText: 'Released' })).toHaveCount(1);
  await syncs.getByRole('link', { name: /^Rollout of plan #/ }).click();
  await c.button('Run Test stage').click();
  await c.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
  await expect(c.taskStatus('shop', 'Done')).toBeVisible();
  await page.goBack();
  github.commit({ ...FILES, 'db/migrations/0001_wish.sql': 'CREATE TABLE wish (id bigint);\n' });
  await c.button('Sync now').click();
  await expect(syncs.filter({ hasText: 'Failed' })).toHaveCount(1);
  await syncs.getByText('One file is left out').first().click();
  github.refuses = 403;
  github.commit({ ...FILES, 'db/migrations/0003_more.sql': 'SELECT 3;\n' });
  await c.button('Sync now').click();
  await expect(syncs.first()).toContainText('GitHub shows no commit status.');
  github.fails = 503;
  await c.button('Sync now').click();
  await expect(syncs.first()).toContainText('Trying again');
  await shoot(page, 'repository-syncs', { phone: true, full: true });
  github.fails = undefined;
  await page.getByRole('tab', { name: 'Settings' }).click();
  await shoot(page, 'repository-settings', { phone: true, full: true });
  await page.goto('/projects/shop/repositories/new');
  await c.box('Owner and name').fill(github.path);
  await c.box('Address of the host').fill(github.url);
  await c.box('Access token').fill('ghp_other');
  await c.box('Migration files').fill('db/migrations');
  await c.radio('Basalt looks by itself').check();
  await c.box('Name').fill('Payments of the whole group, all countries and all currencies');
  await c.box('Category').fill('payments');
  await c.button('Watch the repository').click();
  await expect(c.alert('Nothing is looked at any more')).toBeVisible();
  await shoot(page, 'repository-stopped', { phone: true, full: true });
  await page.goto('/projects/shop/repositories');
  await expect(c.table('Watched repositories').getByText('Stopped')).toBeVisible();
  await shoot(page, 'repositories', { phone: true, full: true });
  await github.stop();
});
