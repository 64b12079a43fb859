/** What holds on every page, on the demo's sample data: themes, accessibility, sessions, refusals, other windows. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { PAGES } from '../support/pages.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

test('a demo user signs in with one click, out, and in again by hand', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Dana DBA');
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
  test.setTimeout(PAGES.length * 4_000);
  const c = new Console(page);
  for (const { path, heading } of PAGES) {
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
  for (const path of ['/nowhere', '/projects/shop/plans/9999', '/projects/nowhere']) {
    await page.goto(path);
    await expect(c.heading('This page does not exist')).toBeVisible();
    await expectAccessible(page, `not found: ${path}`);
  }
  await c.link('Go to Home').click();
  await expect(c.heading('Home')).toBeVisible();
});

test('what one may not see names the permission and who can grant it, without a refused call', async ({
  page,
}) => {
  const c = new Console(page);
  await page.goto('/');
  await c.signOut();
  await c.enterAs('Devi Developer');
  test.setTimeout(120_000);
  // What is hidden and what is not there look the same. The guard fails on any call that is refused.
  for (const path of ['/projects/warehouse', '/projects/warehouse/plans/new', '/projects/nowhere/members']) {
    await page.goto(path);
    const refusal = c.region('You may not see this');
    await expect(refusal).toContainText('You need the permission bb.projects.get on projects/');
    await expect(refusal.getByRole('link', { name: 'Ada Admin' })).toHaveAttribute(
      'href',
      /^mailto:admin@demo\.basalt\?subject=Access/,
    );
    await c.loaded();
  }
  for (const [path, permission] of [
    ['/instances', 'bb.instances.list on workspaces/default'],
    ['/instances/new', 'bb.instances.create on workspaces/default'],
    ['/instances/shop-test', 'bb.instances.get on instances/shop-test'],
  ] as const) {
    await page.goto(path);
    await expect(c.region('You may not see this')).toContainText(permission);
    await c.loaded();
  }
  await expect(c.button('Copy a request')).toBeVisible();
  await expect(c.nav('Projects')).toBeVisible();
  await expectAccessible(page, 'refused');
  await test.step('every page opens, or says what is missing, without a refused call', async () => {
    for (const { path, heading } of PAGES) {
      await page.goto(path);
      await expect(c.heading(heading).or(c.heading('You may not see this')).first()).toBeVisible();
      await c.loaded();
    }
  });
  await c.signOut();
  await c.enterAs('Ada Admin');
});

test('the palette finds everything by keyboard', async ({ page }) => {
  const c = new Console(page);
  const palette = c.dialog('Search or jump to');
  const find = async (text: string, option: string | RegExp) => {
    await page.keyboard.press('Control+k');
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(text);
    const found = palette.getByRole('option', { name: option });
    await expect(found).toHaveAttribute('aria-selected', 'true');
    await expect(palette.getByRole('status')).toHaveText(/^\d+ results?$/);
  };
  const jump = async (text: string, option: string | RegExp, heading: string) => {
    await test.step(`${text} leads to ${heading}`, async () => {
      await find(text, option);
      await page.keyboard.press('Enter');
      await expect(palette).toBeHidden();
      await expect(c.heading(heading)).toBeVisible();
    });
  };
  await page.goto('/');
  await expect(c.heading('Home')).toBeVisible();
  await jump('loyal', /Loyalty points for customers.*#2 · Web shop/, 'Loyalty points for customers');
  await jump('#3', /Coupons.*#3/, 'Coupons');
  await jump('web sh', /^Web shop/, 'Web shop');
  await jump('new plan', /^New plan/, 'New plan');
  await jump('environ', /^Environments/, 'Environments');
  await jump('shop (te', /^Shop \(test\)/, 'Shop (test)');
  await jump('devi', /^Devi Developer/, 'Users');
  await expect(c.table('Users').getByRole('row')).toHaveCount(2);

  await test.step('a database, and nothing', async () => {
    await page.keyboard.press('Control+k');
    await expect(palette.getByText('Recent', { exact: true })).toBeVisible();
    await expect(palette.getByRole('option', { name: /^Web shop/ })).toBeVisible();
    await expectAccessible(page, 'palette');
    await palette.getByRole('combobox').fill('shop');
    await expect(palette.getByRole('option', { name: /^shop Shop \(production\)/ })).toBeVisible();
    await expectAccessible(page, 'palette with hits');
    await palette.getByRole('combobox').fill('no such thing anywhere');
    await expect(palette.getByText('Nothing found.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();
  });
  await test.step('an action', async () => {
    await find('theme: dark', 'Theme: Dark');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await find('theme: sys', 'Theme: System');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  });
});

test('shortcuts lead to pages, and ? lists them', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop');
  await expect(c.heading('Web shop')).toBeVisible();
  await page.keyboard.press('?');
  const list = c.dialog('Keyboard shortcuts');
  await expect(list).toBeVisible();
  await expect(list.getByText('Go to Databases')).toBeVisible();
  await expectAccessible(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(c.heading('Databases')).toBeVisible();
  await page.goto('/projects/shop/plans');
  await expect(c.heading('Plans')).toBeVisible();
  await page.keyboard.press('c');
  await expect(c.heading('New plan')).toBeVisible();
  await c.box('Title').fill('g d c ?');
  await expect(c.box('Title')).toHaveValue('g d c ?');
  await c.box('Title').fill('');
});

test('breadcrumbs say where one is, and switch to another project', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/plans/2');
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' });
  await expect(crumbs.getByRole('link')).toHaveText(['Workspace', 'Web shop', 'Plans']);
  await crumbs.getByRole('link', { name: 'Plans' }).click();
  await expect(c.heading('Plans')).toBeVisible();
  await expect(crumbs.getByRole('link', { name: 'Plans' })).toHaveAttribute('aria-current', 'page');
  const switcher = c.dialog('Switch project');
  await c.button('Switch project').press('Enter');
  await switcher.getByRole('searchbox', { name: 'Search projects' }).fill('ware');
  await switcher.getByRole('link', { name: /^Warehouse/ }).click();
  await expect(c.heading('Warehouse')).toBeVisible();
  await c.button('Switch project').click();
  const recent = switcher.getByRole('list', { name: 'Recent' });
  await expect(recent.getByRole('link').first()).toHaveText(/^Web shop/);
  await expectAccessible(page, 'project switcher');
  await recent.getByRole('link').first().click();
  await expect(c.heading('Web shop')).toBeVisible();
});

test('a session that ends asks for the password over the page, and what was typed stays', async ({
  page,
  guard,
}) => {
  const c = new Console(page);
  guard.allow(/./, 401);
  await page.goto('/projects/shop/plans/new?databases=instances/shop-test/databases/shop');
  await c.box('Title').fill('Kept over the session');
  await c.write(c.box('SQL statement'), 'CREATE TABLE kept (id integer);');
  await page.context().clearCookies();
  await c.button('Create plan').click();
  const again = c.dialog('Sign in again');
  await expect(again).toBeVisible();
  await expect(again.getByRole('textbox', { name: 'Email' })).toHaveValue('admin@demo.basalt');
  await expectAccessible(page, 'sign in again');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(again).toBeVisible();
  await expect(c.dialog('Search or jump to')).toBeHidden();
  await again.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again.getByRole('alert')).toHaveText('Email or password is wrong.');
  await again.getByRole('textbox', { name: 'Password' }).fill('basalt-demo');
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again).toBeHidden();
  await expect(page).toHaveURL(/\/plans\/new\?/);
  await expect(c.box('Title')).toHaveValue('Kept over the session');
  await expect(c.box('SQL statement')).toHaveText('CREATE TABLE kept (id integer);');
  await c.button('Create plan').click();
  await expect(c.heading('Kept over the session')).toBeVisible();
});

test('a server that does not answer for a moment takes nothing away', async ({ page, secondPage, guard }) => {
  const c = new Console(page);
  guard.allow(/ProjectService\/SearchProjects$/, 503);
  await page.goto('/projects/shop/plans/new');
  await c.box('Title').fill('Typed before');
  let refused = 0;
  await page.route('**/bytebase.v1.ProjectService/SearchProjects', (route) => {
    refused += 1;
    return route.fulfill({ status: 503, json: { code: 'unavailable', message: 'stopping' } });
  });
  const other = await secondPage();
  await other.goto('/projects');
  const rename = (title: string) =>
    call(other, 'ProjectService/UpdateProject', {
      project: { name: 'projects/shop', title },
      updateMask: 'title',
    });
  await rename('Web shop, renamed');
  // The first try and both that follow it.
  await expect.poll(() => refused).toBeGreaterThan(2);
  await expect(c.box('Title')).toHaveValue('Typed before');
  await page.unroute('**/bytebase.v1.ProjectService/SearchProjects');
  await rename('Web shop');
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' }).getByText('Web shop')).toBeVisible();
  await expect(c.box('Title')).toHaveValue('Typed before');
  await c.box('Title').fill('');
});

test('every component is accessible, and a widget that breaks leaves its page', async ({ page, guard }) => {
  const c = new Console(page);
  await page.goto('/dev/ui');
  await expect(c.heading('Components')).toBeVisible();
  await expectAccessible(page, 'components');
  guard.expectError(/The stage before this one is not done\./);
  const widget = c.region('A widget that breaks');
  await widget.getByRole('button', { name: 'Break it' }).click();
  await expect(widget.getByRole('alert')).toContainText('A widget that breaks: that did not work');
  await expect(c.region('Buttons').getByRole('button', { name: 'New plan' }).first()).toBeVisible();
});
