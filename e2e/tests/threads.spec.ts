/** Lines of SQL are talked about, in the editor: asked, answered, mended by a suggestion, settled; what is gone is folded. */
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
  const editor = d.box('SQL statement');
  await other.goto(`/${plan}#change-1-L2`);
  await d.button('Comment on line 2').click();
  await expect(d.box('Comment on line 2')).toBeFocused();
  await editor.getByRole('button', { name: 'Send comment' }).click();
  await expect(editor.getByRole('alert')).toHaveText('Write something first.');
  await d.box('Comment on line 2').fill('Cents are **whole numbers** up to two billion only.');
  await editor.getByRole('checkbox', { name: 'Suggest other lines' }).check();
  await expect(d.box('Lines to put there')).toHaveValue('ALTER TABLE product ADD COLUMN gross integer;');
  await d.box('Lines to put there').fill('ALTER TABLE product ADD COLUMN gross bigint;');
  await expectAccessible(other, 'a comment on a line');
  await editor.getByRole('button', { name: 'Send comment' }).click();
  await expect(editor.getByRole('group', { name: 'Line 2' })).toContainText('whole numbers');

  await test.step('its author is told at once, answers, and applies it', async () => {
    const list = c.region('Comments on lines').getByRole('list', { name: '1 open thread' });
    const thread = c.box('SQL statement').getByRole('group', { name: 'Line 2' });
    await expect(list).toContainText('whole numbers');
    await expect(thread).toHaveCount(0);
    await list.getByRole('button', { name: 'Line 2' }).click();
    await expect(thread).toBeFocused();
    await expect(thread).toContainText('bigint');
    await thread.getByRole('button', { name: 'Hide: Line 2' }).click();
    await expect(thread).toHaveCount(0);
    await expect(c.box('SQL statement')).toBeFocused();
    // The same from below the text, where the cursor is now.
    await c.button('Thread on line 2').click();
    await thread.getByRole('button', { name: 'Reply' }).click();
    await c.box('Reply').fill('You are right.');
    await thread.getByRole('button', { name: 'Send comment' }).click();
    await expect(thread).toContainText('You are right.');
    await expect(list).toContainText('1 answer');
    await expectAccessible(page, 'a thread in the editor');
    await thread.getByRole('button', { name: 'Apply suggestion' }).click();
    await expect(thread).toHaveCount(0);
    await expect(c.box('SQL statement')).toContainText('gross bigint');
    await expect(c.region('Comments on lines').getByText('1 resolved or outdated')).toBeVisible();
  });
  const said = d.region('Comments on lines');
  await test.step('it shows to who asked, and can be opened again', async () => {
    await said.getByText('1 resolved or outdated').click();
    await expect(said).toContainText('Applied');
    await said.getByRole('button', { name: 'Open again' }).click();
    await expect(said.getByRole('button', { name: 'Open again' })).toHaveCount(0);
  });
  await expect(d.region('Activity')).toContainText('commented on a line');

  await test.step('several lines are talked about together', async () => {
    await editor.click();
    await other.keyboard.press('Control+Home');
    await other.keyboard.press('Shift+ArrowDown');
    await other.keyboard.press('Shift+End');
    await d.button('Comment on lines 1 to 2').click();
    await d.box('Comment on lines 1 to 2').fill('One table, one statement.');
    await editor.getByRole('checkbox', { name: 'Suggest other lines' }).check();
    await expect(d.box('Lines to put there')).toHaveValue(/net integer;\n.*gross bigint;$/);
    await d
      .box('Lines to put there')
      .fill('ALTER TABLE product ADD COLUMN net bigint, ADD COLUMN gross bigint;');
    await editor.getByRole('button', { name: 'Send comment' }).click();
    await expect(editor.getByRole('group', { name: 'Lines 1 to 2' })).toContainText('One table');

    const list = c.region('Comments on lines').getByRole('list', { name: '1 open thread' });
    await list.getByRole('button', { name: 'Lines 1 to 2' }).click();
    await c.button('Apply suggestion').click();
    await expect(c.box('SQL statement')).toContainText('net bigint, ADD COLUMN gross bigint;');
    await expect(c.region('Comments on lines').getByText('2 resolved or outdated')).toBeVisible();
  });
  await other.context().close();
});

test('while lines are typed, what is said stands below them', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const plan = await makePlan(page, 'shop', 'A threshold', SQL, ['instances/shop-test/databases/shop']);
  await page.goto(`/${plan}#change-1-L1`);
  await c.button('Comment on line 1').click();
  await c.box('Comment on line 1').fill('In which currency?');
  await c.box('SQL statement').getByRole('button', { name: 'Send comment' }).click();
  const inEditor = c.box('SQL statement').getByRole('group', { name: 'Line 1' });
  const below = c.region('Comments on lines').getByRole('group', { name: 'Line 1' });
  await expect(inEditor).toContainText('In which currency?');
  await expect(below).toHaveCount(0);
  await inEditor.getByRole('button', { name: 'Hide: Line 1' }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('-- more');
  await expect(below).toContainText('In which currency?');
  await expect(c.box('SQL statement').getByRole('group')).toHaveCount(0);
  await page.keyboard.press('Control+s');
  await expect(below).toHaveCount(0);
  await c.region('Comments on lines').getByRole('button', { name: 'Line 1' }).click();
  await expect(inEditor).toBeFocused();

  await test.step('by the mouse, beside the lines', async () => {
    const text = await c.box('SQL statement').boundingBox();
    const beside = (line: number) =>
      page.mouse.click((text?.x ?? 0) - 10, (text?.y ?? 0) + 8 + (line - 0.5) * 20);
    await beside(1);
    await expect(inEditor).toHaveCount(0);
    await beside(2);
    await expect(c.box('Comment on line 2')).toBeFocused();
    await c.box('SQL statement').getByRole('button', { name: 'Cancel' }).click();
    await expect(c.box('Comment on line 2')).toHaveCount(0);
    await beside(1);
    await expect(inEditor).toBeVisible();
  });
  await inEditor.getByRole('button', { name: 'Resolve' }).click();
  await expect(inEditor).toHaveCount(0);
});
