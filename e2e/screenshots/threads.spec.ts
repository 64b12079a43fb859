/** Threads about lines of SQL: asked with a suggestion, open, applied. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { makePlan } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const SQL = 'ALTER TABLE product ADD COLUMN net integer;\nALTER TABLE product ADD COLUMN gross integer;\n';

test('threads', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const plan = await makePlan(page, 'shop', 'Net and gross', SQL, ['instances/shop-test/databases/shop']);
  await page.goto(`/${plan}#change-1-L2`);
  await c.button('Comment on line 2').click();
  await c.box('Comment on line 2').fill('Cents are **whole numbers** up to two billion only.');
  await page.getByRole('checkbox', { name: 'Suggest other lines' }).check();
  await c.box('Lines to put there').fill('ALTER TABLE product ADD COLUMN gross bigint;');
  await shoot(page, 'thread-new', { phone: true });
  await c.box('SQL statement').getByRole('button', { name: 'Send comment' }).click();
  await expect(c.box('SQL statement').getByRole('group', { name: 'Line 2' })).toBeVisible();
  await shoot(page, 'thread-open', { phone: true });
  await c.button('Hide: Line 2').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+End');
  await c.button('Comment on lines 1 to 2').click();
  await c.box('Comment on lines 1 to 2').fill('One table, one statement: it is rewritten once only.');
  await c.box('SQL statement').getByRole('button', { name: 'Send comment' }).click();
  await expect(c.box('SQL statement').getByRole('group', { name: 'Lines 1 to 2' })).toBeVisible();
  await shoot(page, 'thread-lines', { phone: true });
  await c.region('Comments on lines').getByRole('button', { name: 'Line 2', exact: true }).click();
  await c.button('Apply suggestion').click();
  await c
    .region('Comments on lines')
    .getByText(/resolved or outdated/)
    .click();
  await shoot(page, 'thread-past', { phone: true });
});
