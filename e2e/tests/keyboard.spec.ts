/** Journeys J4 and J7 of the design by keyboard alone, with a focus that is seen at every stop. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { press, tabTo } from '../support/keyboard.ts';
import { call, makePlan } from '../support/shop.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

const TEST = 'instances/shop-test/databases/shop';
const PROD = 'instances/shop-prod/databases/shop';

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test('J4 a plan is made by keyboard alone', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/databases');
  await expect(c.table('Databases')).toBeVisible();
  await test.step('the first stop leads past the menus', async () => {
    await page.reload();
    await c.loaded();
    await expect(c.heading('Databases')).toBeFocused();
    await tabTo(page, c.link('Skip to content'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
  });
  await press(page, c.table('Databases').getByRole('checkbox', { name: 'Select all on this page' }), ' ');
  await press(page, c.button('Change databases'));
  await page.waitForURL(/\/plans\/new/);
  await expect(c.heading('New plan')).toBeFocused();
  const create = c.button('Create plan');
  await press(page, create);
  const lacks = c.dialog('Before you can create this plan');
  await expect(lacks.getByText('Add a title')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(lacks).toBeHidden();
  await expect(create).toBeFocused();
  await tabTo(page, c.box('Title'));
  await page.keyboard.type('By keyboard alone');
  await tabTo(page, c.box('SQL statement'));
  await page.keyboard.type('CREATE TABLE by_keyboard (id integer);');
  await page.keyboard.press('Escape');
  await tabTo(page, create, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/plans\/\d+/);
  await expect(c.heading('By keyboard alone')).toBeFocused();
});

test('J7 a rollout is run by keyboard alone', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/account');
  const plan = await makePlan(page, 'shop', 'Keys', 'CREATE TABLE keys (id integer);\n', [TEST, PROD]);
  await call(page, 'RolloutService/CreateRollout', { parent: plan });
  await page.goto(`/${plan}?tab=rollout`);
  const run = c.button('Run Test stage');
  await press(page, run);
  const ask = c.alertDialog('Run 1 task in Test?');
  await test.step('the safe choice is first, Esc leads back', async () => {
    await expect(ask).toBeVisible();
    await expect(ask.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(ask).toBeHidden();
    await expect(run).toBeFocused();
  });
  await page.keyboard.press('Enter');
  await press(page, ask.getByRole('button', { name: 'Run now' }));
  await expect(c.taskStatus('shop', 'Done')).toHaveCount(1);
  await press(page, c.button('Run Prod stage'));
  const loud = c.alertDialog('Run 1 task in Prod?');
  await press(page, loud.getByRole('checkbox', { name: 'I understand this changes production' }), ' ');
  await press(page, loud.getByRole('button', { name: 'Run now' }));
  await expect(loud).toBeHidden();
  await expect(c.taskStatus('shop', 'Done')).toHaveCount(2);
  await press(page, c.task('shop').first().getByRole('link', { name: 'View log' }));
  await expect(c.region('Task log')).toBeVisible();
  await press(page, c.button('Close the log'));
  await expect(c.region('Task log')).toBeHidden();
});
