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

test('lists and details', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await expect(c.button('Continue as Ada Admin')).toBeVisible();
  await shoot(page, 'sign-in', { phone: true });
  await c.button('Continue as Devi Developer').click();
  await expect(c.heading('Home')).toBeVisible();
  await expect(c.link('Ratings for products').first()).toBeVisible();
  await shoot(page, 'home', { phone: true });
  await c.menu('Account', 'Sign out');
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
    ['database-table', '/instances/shop-test/databases/shop?object=table:main.purchase', 'shop'],
    ['changelogs', '/instances/shop-test/databases/shop?tab=changelog', 'shop'],
    ['environments', '/environments', 'Environments'],
    ['users', '/users', 'Users'],
    ['members', '/members', 'Members'],
    ['roles', '/roles', 'Roles'],
    ['settings', '/settings', 'Settings'],
    ['empty-by-filter', '/projects/shop/plans?q=nothing+like+it', 'Plans'],
    ['not-found', '/projects/shop/plans/nowhere', 'This page does not exist'],
  ] as const) {
    await page.goto(path);
    await expect(c.heading(heading).first()).toBeVisible();
    await page.waitForLoadState('networkidle').catch(() => {});
    await shoot(page, name);
  }
});
