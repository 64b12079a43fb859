/** Groups and the audit log. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

test('a group, the log and one entry of it', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/groups');
  await c.button('New group').click();
  await c.box('Group name').fill('Release crew of the shop, on duty on weekdays and Saturdays');
  await c.box('Group e-mail').fill('crew@demo.basalt');
  await c.box('Add people').fill('dev@demo.basalt, dba@demo.basalt');
  await c.box('Add people').press('Enter');
  await shoot(page, 'group-new', { phone: true });
  await c.button('Create group').click();
  await expect(c.table('Groups')).toBeVisible();
  await shoot(page, 'groups');
  await page.goto('/audit-log');
  await expect(c.table('Audit log')).toBeVisible();
  await c.loaded();
  await shoot(page, 'audit-log', { phone: true });
  await c
    .table('Audit log')
    .getByRole('button', { name: /^CreateGroup/ })
    .click();
  await shoot(page, 'audit-detail');
});
