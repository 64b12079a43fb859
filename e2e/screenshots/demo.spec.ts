/** The demo's project, with changes at different states. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

const TYPO = `-- Which address a customer had when
CREATE TABLE address_history (
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  address TEXT NOT NULL,
  valid_from TEXT NOT NULL
);
CREAT INDEX address_history_customer ON address_history (customer_id, valid_from);
`;

/** Pages whose layout is another on a phone. */
const PHONE: ReadonlySet<string> = new Set(['project', 'database', 'database-table', 'database-diagram']);

test.beforeEach(({ guard }) => {
  guard.allow(/PlanService\/GetPlan$/, 404);
});

test('lists and details', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await expect(c.button('Continue as Ada Admin')).toBeVisible();
  await shoot(page, 'sign-in', { phone: true });
  await c.button('Continue as Devi Developer').click();
  await expect(c.heading('Home')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Ratings for products' }).first()).toBeVisible();
  await shoot(page, 'home', { phone: true });
  await c.signOut();
  await c.button('Continue as Ada Admin').click();
  await expect(c.heading('Home')).toBeVisible();

  for (const [name, path, heading] of [
    ['projects', '/projects', 'Projects'],
    ['project', '/projects/shop', 'Web shop'],
    ['issues', '/projects/shop/issues', 'Issues'],
    ['plans', '/projects/shop/plans', 'Plans'],
    ['instances', '/instances', 'Instances'],
    ['instance', '/instances/shop-test', 'Shop (test)'],
    ['database', '/instances/shop-test/databases/shop', 'shop'],
    ['database-table', '/instances/shop-test/databases/shop?object=table:purchase', 'shop'],
    ['database-diagram', '/instances/shop-test/databases/shop?tab=diagram', 'shop'],
    ['changelogs', '/instances/shop-test/databases/shop?tab=changelog', 'shop'],
    ['environments', '/environments', 'Environments'],
    ['users', '/users', 'Users'],
    ['members', '/members', 'Members'],
    ['roles', '/roles', 'Roles'],
    ['settings', '/settings', 'Settings'],
    ['empty-by-filter', '/projects/shop/plans?q=nothing+like+it', 'Plans'],
    ['not-found', '/projects/shop/plans/9999', 'This page does not exist'],
  ] as const) {
    await page.goto(path);
    await expect(c.heading(heading).first()).toBeVisible();
    await c.loaded();
    await shoot(page, name, { phone: PHONE.has(name) });
  }
  await page.goto('/dev/ui');
  await expect(c.heading('Components')).toBeVisible();
  await shoot(page, 'components', { phone: true, full: true });
});

test('a plan, from draft to done', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/databases');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await shoot(page, 'databases-bulk-bar');
  await c.button('Change databases').click();
  await c.button('Create plan').click();
  await expect(c.dialog('Before you can create this plan')).toBeVisible();
  await shoot(page, 'plan-blockers');
  await c.box('Title').fill('Keep the addresses a customer had, for returns and for warranty claims');
  await c.write(c.box('SQL statement'), TYPO);
  await c.button('Create plan').click();
  await page.waitForURL(/\/plans\/\d+/);
  await expect(c.region('Checks').getByRole('button', { name: /Go to line/ })).toBeVisible();
  await shoot(page, 'plan-checks-failing', { phone: true });

  await page.goto('/projects/shop/plans');
  await c.table('Plans').getByRole('link', { name: 'Loyalty points for customers' }).click();
  await expect(c.taskStatus('shop', 'Done')).toBeVisible();
  await shoot(page, 'plan-rollout', { phone: true });
  await c.button('Run Prod stage').click();
  await expect(c.alertDialog('Run 1 task in Prod?')).toBeVisible();
  await shoot(page, 'prod-confirm', { phone: true });
  await page.keyboard.press('Escape');
  await c.task('shop').first().getByRole('link', { name: 'View log' }).click();
  await expect(c.region('Task log').getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
  await shoot(page, 'task-log');

  await page.goto('/projects/shop/plans');
  await c.table('Plans').getByRole('link', { name: 'Coupons' }).click();
  await c.region('Rollout').getByRole('link', { name: 'View log' }).click();
  await expect(c.region('Task log').getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
  await shoot(page, 'task-log-failed', { phone: true });
});

test('history, and what lies over the page', async ({ page, guard }) => {
  const c = new Console(page);
  await page.goto('/instances/shop-test/databases/shop?tab=changelog');
  await c.table('Changelog').getByRole('link', { name: 'Keep shipments of purchases' }).click();
  await c.button('Compare with previous').click();
  await expect(c.region('Schema diff')).toBeVisible();
  await shoot(page, 'changelog-diff', { phone: true });
  await c.radio('Split').check();
  await expect(page).toHaveURL(/diff=split/);
  await shoot(page, 'changelog-diff-split', { image: 'changelog-diff', imageTheme: 'dark' });

  await page.goto('/');
  await expect(c.heading('Home')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option', { name: /^New project/ })).toBeVisible();
  await shoot(page, 'palette-empty', { phone: true });
  const palette = c.dialog('Search or jump to');
  await palette.getByRole('combobox').fill('shop');
  await expect(palette.getByRole('option', { name: /Shop \(test\)/ }).first()).toBeVisible();
  await shoot(page, 'palette', { phone: true });
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(c.dialog('Keyboard shortcuts')).toBeVisible();
  await shoot(page, 'shortcuts', { phone: true });
  await page.keyboard.press('Escape');
  await c.button('Account').click();
  await shoot(page, 'account-menu');
  await page.keyboard.press('Escape');
  await page.goto('/projects/shop/plans/2');
  await c.button('Switch project').click();
  await expect(c.dialog('Switch project').getByRole('link', { name: /^Web shop/ })).toBeVisible();
  await shoot(page, 'project-switcher', { phone: true });
  await page.keyboard.press('Escape');

  await page.route('**/api/events*', (route) => route.abort('connectionrefused'));
  guard.outage(true);
  await page.goto('/projects/shop/plans/2');
  await expect(c.live('Reconnecting').or(c.live('Polling'))).toBeVisible();
  await shoot(page, 'live-chip', { phone: true });
  await page.unroute('**/api/events*');
  guard.outage(false);

  await page.goto('/projects?dialog=new');
  await c.box('Project name').fill('Warehouse');
  await c.button('Create project').click();
  await expect(c.heading('No databases yet')).toBeVisible();
  await shoot(page, 'databases-empty');
  await c.signOut();
  await c.button('Continue as Devi Developer').click();
  await expect(c.heading('Home')).toBeVisible();
  await page.goto('/projects/warehouse');
  await expect(c.region('You may not see this')).toBeVisible();
  await shoot(page, 'refused', { phone: true });
  await page.goto('/projects/shop/plans/new?databases=instances/shop-test/databases/shop');
  await c.box('Title').fill('Points for loyal customers');
  guard.allow(/./, 401);
  await page.context().clearCookies();
  // What is typed is checked, and nobody is signed in any more.
  await c.write(c.box('SQL statement'), 'ALTER TABLE customer ADD COLUMN points integer;');
  await expect(c.dialog('Sign in again')).toBeVisible();
  await shoot(page, 'session-overlay', { phone: true });
});
