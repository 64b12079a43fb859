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
  await c.button('Send comment').first().click();
  await expect(c.region('Comments on lines').getByRole('listitem', { name: 'Line 2' })).toBeVisible();
  await shoot(page, 'thread-open', { phone: true });
  await c.button('Apply suggestion').click();
  await c.region('Comments on lines').getByText('1 resolved or outdated').click();
  await shoot(page, 'thread-past', { phone: true });
});
