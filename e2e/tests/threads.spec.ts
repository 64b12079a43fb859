/** A line of SQL is talked about: asked, answered, mended by a suggestion, settled; what is gone is folded. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { another } from '../support/people.ts';
import { makePlan } from '../support/shop.ts';

test.use({ mode: 'demo' });

const SQL = 'ALTER TABLE product ADD COLUMN net integer;\nALTER TABLE product ADD COLUMN gross integer;\n';

test('a reviewer suggests other SQL, and the author applies it', async ({
  page,
  browser,
  baseURL,
  guard,
}) => {
  test.setTimeout(120_000);
  const c = new Console(page);
  await c.enterAs('Devi Developer');
  const plan = await makePlan(page, 'shop', 'Net and gross', SQL, ['instances/shop-test/databases/shop']);
  await page.goto(`/${plan}`);
  await expect(c.heading('Net and gross')).toBeVisible();

  const other = await another(browser, baseURL ?? '', guard, 'Dana DBA');
  const d = new Console(other);
  await other.goto(`/${plan}#change-1-L2`);
  await d.button('Comment on line 2').click();
  const said = d.region('Comments on lines');
  await said.getByRole('button', { name: 'Send comment' }).click();
  await expect(said.getByRole('alert')).toHaveText('Write something first.');
  await d.box('Comment on line 2').fill('Cents are **whole numbers** up to two billion only.');
  await said.getByRole('checkbox', { name: 'Suggest other lines' }).check();
  await expect(d.box('Lines to put there')).toHaveValue('ALTER TABLE product ADD COLUMN gross integer;');
  await d.box('Lines to put there').fill('ALTER TABLE product ADD COLUMN gross bigint;');
  await expectAccessible(other, 'a comment on a line');
  await said.getByRole('button', { name: 'Send comment' }).click();
  await expect(said.getByRole('list', { name: '1 open thread' })).toContainText('whole numbers');

  await test.step('its author is told at once, answers, and applies it', async () => {
    const thread = c.region('Comments on lines').getByRole('listitem', { name: 'Line 2' });
    await expect(thread).toContainText('bigint');
    await thread.getByRole('button', { name: 'Go to line 2' }).click();
    await expect(c.box('SQL statement')).toBeFocused();
    await thread.getByRole('button', { name: 'Reply' }).click();
    await c.box('Reply').fill('You are right.');
    await thread.getByRole('button', { name: 'Send comment' }).click();
    await expect(thread).toContainText('You are right.');
    await expectAccessible(page, 'a thread');
    await thread.getByRole('button', { name: 'Apply suggestion' }).click();
    await expect(c.box('SQL statement')).toContainText('gross bigint');
    await expect(c.region('Comments on lines').getByText('1 resolved or outdated')).toBeVisible();
  });
  await test.step('it shows to who asked, and can be opened again', async () => {
    await said.getByText('1 resolved or outdated').click();
    await expect(said).toContainText('Applied');
    await said.getByRole('button', { name: 'Open again' }).click();
    await expect(said.getByRole('button', { name: 'Open again' })).toHaveCount(0);
  });
  await expect(d.region('Activity')).toContainText('commented on a line');
  await other.context().close();
});
