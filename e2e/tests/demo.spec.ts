/** What holds on every page, on the demo's sample data: themes, accessibility, sessions, refusals, other windows. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

/** Pages that the line does not pass, by the heading that says they are there. */
const PAGES: readonly (readonly [path: string, heading: string])[] = [
  ['/', 'Home'],
  ['/projects', 'Projects'],
  ['/projects/shop', 'Web shop'],
  ['/projects/shop/databases', 'Databases'],
  ['/projects/shop/issues', 'Issues'],
  ['/projects/shop/plans', 'Plans'],
  ['/projects/shop/plans/2', 'Loyalty points for customers'],
  ['/projects/shop/plans/3?tab=rollout&task=5', 'Coupons'],
  ['/projects/shop/members', 'Members'],
  ['/projects/shop/settings', 'Settings'],
  ['/instances/shop-test', 'Shop (test)'],
  ['/databases', 'Databases'],
  ['/instances/shop-test/databases/shop', 'shop'],
  ['/environments', 'Environments'],
  ['/issues', 'My issues'],
  ['/users', 'Users'],
  ['/members', 'Members'],
  ['/roles', 'Roles'],
  ['/settings', 'Settings'],
  ['/account', 'Profile'],
];

async function enterAs(c: Console, name: string) {
  await c.page.goto('/');
  await c.button(`Continue as ${name}`).click();
  await expect(c.heading('Home')).toBeVisible();
}

test('a demo user signs in with one click, out, and in again by hand', async ({ page, guard }) => {
  const c = new Console(page);
  await enterAs(c, 'Dana DBA');
  await c.signOut();
  await expectAccessible(page, 'sign-in of the demo');
  guard.allow(/AuthService\/Login$/, 401);
  await c.signIn('admin@demo.basalt', 'not the password');
  await expect(c.alert('Email or password is wrong.')).toBeVisible();
  await c.signIn('admin@demo.basalt', 'basalt-demo');
  await expect(c.heading('Home')).toBeVisible();
});

test('a page that needs a person sends a stranger to sign in, and back', async ({ page, secondPage }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/plans/2?tab=rollout');
  await expect(c.heading('Loyalty points for customers')).toBeVisible();
  const other = await secondPage();
  await other.context().clearCookies();
  await other.goto('/projects/shop/plans/2?tab=rollout');
  const stranger = new Console(other);
  await stranger.button('Continue as Devi Developer').click();
  await expect(stranger.heading('Loyalty points for customers')).toBeVisible();
  expect(new URL(other.url()).search).toBe('?tab=rollout');
});

test('every page is accessible in both themes', async ({ page }) => {
  test.setTimeout(120_000);
  const c = new Console(page);
  for (const [path, heading] of PAGES) {
    await page.goto(path);
    await expect(c.heading(heading).first()).toBeVisible();
    await c.loaded();
    await expectAccessible(page, path);
  }
});

test('the dark theme survives a reload', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await c.button('Account').click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(c.heading('Home')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await c.button('Account').click();
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeChecked();
  await page.getByRole('menuitemradio', { name: 'System' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('a change by somebody shows in other windows without a reload', async ({ page, secondPage }) => {
  const c = new Console(page);
  const other = new Console(await secondPage());
  await other.page.goto('/projects');
  await expect(other.table('Projects').getByRole('link', { name: 'Web shop' })).toBeVisible();
  await page.goto('/projects');
  await c.button('New project').click();
  await c.box('Project name').fill('Warehouse');
  await c.button('Create project').click();
  await expect(c.heading('No databases yet')).toBeVisible();
  await expect(other.table('Projects').getByRole('link', { name: 'Warehouse' })).toBeVisible();
});

test('what is not there, or not allowed, says so', async ({ page, guard }) => {
  const c = new Console(page);
  guard.allow(/PlanService\/GetPlan$/, 404);
  for (const path of ['/nowhere', '/projects/shop/plans/9999']) {
    await page.goto(path);
    await expect(c.heading('This page does not exist')).toBeVisible();
    await expectAccessible(page, `not found: ${path}`);
  }
  await c.link('Go to Home').click();
  await expect(c.heading('Home')).toBeVisible();

  await c.signOut();
  await enterAs(c, 'Devi Developer');
  // The project's page asks for all that is on it at once.
  guard.allow(/(Project|Plan|Issue|Database)Service\//, 403);
  await page.goto('/projects/warehouse');
  await expect(page.getByRole('alert')).toContainText('You need the permission bb.projects.get');
  await expectAccessible(page, 'refused');
});

test('palette and shortcuts open from the keyboard', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop');
  await expect(c.heading('Web shop')).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = c.dialog('Search or jump to');
  await palette.getByRole('combobox').fill('loyalty');
  await palette.getByRole('option', { name: /Loyalty points/ }).click();
  await expect(c.heading('Loyalty points for customers')).toBeVisible();
  await page.keyboard.press('?');
  await expect(c.dialog('Keyboard shortcuts')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(c.dialog('Keyboard shortcuts')).toBeHidden();
});
