/** Who may do what and what is on record, on the demo's sample data. */
import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

test('who may not read the whole log is told why', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Devi Developer');
  await page.goto('/audit-log');
  await expect(page.getByText('bb.auditLogs.search')).toBeVisible();
});

test('a group is made, gets a role, and cannot go while it has it', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.nav('Groups').click();
  await expect(c.heading('No groups yet')).toBeVisible();
  await c.button('New group').click();
  const dialog = c.dialog('New group');
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await expect(dialog.getByText('Enter a name.')).toBeVisible();
  await c.box('Group name').fill('Release crew');
  await c.box('Group e-mail').fill('crew@demo.basalt');
  await c.box('Add people').fill('dev@demo.basalt, nobody');
  await c.box('Add people').press('Enter');
  await expect(c.box('Add people')).toHaveValue('nobody');
  await c.box('Add people').fill('');
  await expectAccessible(page, 'new group');
  await dialog.getByRole('button', { name: 'Create group' }).click();
  const row = c.table('Groups').getByRole('row', { name: /Release crew/ });
  await expect(row).toContainText('crew@demo.basalt');
  await expect(row.getByRole('cell').nth(3)).toHaveText('2');

  await c.nav('Members').click();
  await c.button('Add member').click();
  await page.getByText('Group', { exact: true }).click();
  await c.box('Email').fill('crew@demo.basalt');
  await c.pick('Role', 'Workspace DBA');
  await c.button('Give role').click();
  await expect(c.table('Members').getByRole('row', { name: /crew@demo.basalt/ })).toContainText(
    'Workspace DBA',
  );

  await c.nav('Groups').click();
  await c.button('Delete Release crew').click();
  guard.allow(/GroupService\/DeleteGroup$/, 400);
  await c.alertDialog('Delete Release crew').getByRole('button', { name: 'Delete group' }).click();
  await expect(c.alert(/remove groups\/crew@demo.basalt from the policy of/)).toBeVisible();
});

test('what a role may do is searched, and who has it is found', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.nav('Roles').click();
  await c.table('Roles').getByRole('link', { name: 'Project owner' }).click();
  await expect(c.heading('Project owner')).toBeVisible();
  const may = page.getByRole('region', { name: /^\d+ permissions$/ });
  await may.getByRole('searchbox', { name: 'Filter permissions' }).fill('WEBHOOK');
  await expect(may.getByText('Nothing matches')).toBeVisible();
  await may.getByRole('searchbox', { name: 'Filter permissions' }).fill('iampolicy');
  await expect(may.getByText('bb.projects.setIamPolicy')).toBeVisible();
  await expect(may.getByText('bb.plans.create')).toHaveCount(0);
  const use = c.region('Who has it');
  await use.getByRole('button', { name: 'Look through projects' }).click();
  await expect(use.getByText(/projects? looked through/)).toBeVisible();
  await expectAccessible(page, 'a role');
});

test('the audit log tells who did it, is narrowed, and leaves as a file', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.nav('Audit log').click();
  const log = c.table('Audit log');
  await expect(log.getByRole('button', { name: /^DeleteGroup/ })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search calls' }).fill('CreateGroup ');
  await expect(log.getByRole('row')).toHaveCount(2);
  await log.getByRole('button', { name: /^CreateGroup/ }).click();
  const entry = c.dialog('CreateGroup');
  await expect(entry).toContainText('users/admin@demo.basalt');
  await expect(entry.getByRole('region', { name: 'Request' })).toContainText('"title": "Release crew"');
  await expectAccessible(page, 'an entry of the audit log');
  await page.keyboard.press('Escape');
  await c.button('Export').click();
  const coming = page.waitForEvent('download');
  await c.dialog('Export the audit log').getByRole('button', { name: 'Export' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('audit-log.csv');
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('GroupService/CreateGroup');
});
