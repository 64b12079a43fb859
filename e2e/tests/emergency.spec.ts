/** What cannot wait: run past its approval and reviewed afterwards; production first, and the rest is not forgotten. */
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { another } from '../support/people.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Prices without tax';
const SHOPS = ['test', 'prod'].map((where) => `instances/shop-${where}/databases/shop`);

const requireApproval = (page: Page, requireIssueApproval: boolean) =>
  call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop', requireIssueApproval },
    updateMask: 'requireIssueApproval',
  });

const stage = (c: Console, name: string): Locator =>
  c.region('Rollout').getByRole('list', { name: `Tasks of ${name}` });

test('a change runs as an emergency, and somebody else reviews it afterwards', async ({
  page,
  browser,
  baseURL,
  guard,
}) => {
  test.setTimeout(120_000);
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await requireApproval(page, true);
  await page.goto(`/projects/shop/plans/new?databases=${SHOPS.join(',')}`);
  await c.box('Title').fill(TITLE);
  await c.write(c.box('SQL statement'), 'ALTER TABLE product ADD COLUMN net integer;');
  await c.button('Create plan').click();
  await c.button('Submit for review').click();
  await expect(c.button('Review changes')).toBeVisible();

  await test.step('it says what is missing', async () => {
    await c.menu('More actions', 'Emergency run…');
    const dialog = c.alertDialog('Run now, without approval?');
    await c.pick('Stage', 'Prod');
    await dialog.getByRole('button', { name: 'Run as emergency' }).click();
    await expect(dialog.getByRole('alert')).toHaveText([
      'Enter a reason.',
      /^Enter a web address/,
      /^Enter the e-mail addresses/,
      'Confirm it to go on.',
    ]);
    await expectAccessible(page, 'an emergency run with mistakes');
    await c.box('Why it cannot wait').fill('Prices are wrong in the shop');
    await c.box('Link to the incident').fill('https://incidents.example.com/7');
    await c.box('Who is told').fill('dba@demo.basalt, dev@demo.basalt');
    await dialog.getByRole('checkbox', { name: 'I understand this changes production' }).check();
    await dialog.getByRole('button', { name: 'Run as emergency' }).click();
    await expect(dialog).toHaveCount(0);
  });
  const due = page.getByRole('note').filter({ hasText: 'Run as an emergency: a review is due' });
  await expect(due).toContainText('Prices are wrong in the shop');
  await expect(due).toContainText('you ran it; somebody else reviews it');
  await expect(due.getByRole('button')).toHaveCount(0);
  await expect(stage(c, 'Prod').getByRole('status').filter({ hasText: 'Done' })).toBeVisible();
  await expect(stage(c, 'Prod')).toContainText('Emergency run');
  await expect(stage(c, 'Test').getByRole('status').filter({ hasText: 'Not started' })).toBeVisible();
  await expect(c.region('Activity')).toContainText('ran it as an emergency, past its approval');
  await expectAccessible(page, 'a plan with an emergency run');

  const other = await another(browser, baseURL ?? '', guard, 'Dana DBA');
  const d = new Console(other);
  const waiting = d.table('Emergency runs to review');
  await expect(waiting).toContainText('Due');
  await expectAccessible(other, 'home with an emergency run');
  await waiting.getByRole('link', { name: new RegExp(TITLE) }).click();
  await d.button('Review emergency run').click();
  const review = d.dialog('Review the emergency run');
  await review.getByRole('button', { name: 'Submit review' }).click();
  await expect(review.getByRole('alert')).toHaveText(['Choose one.', 'Write a comment']);
  await expectAccessible(other, 'review of an emergency run');
  await review.getByRole('radio', { name: 'Justified', exact: true }).check();
  await d.box('What was found').fill('The feed was broken; it is mended now.');
  await review.getByRole('button', { name: 'Submit review' }).click();
  await expect(review).toHaveCount(0);

  await test.step('who ran it sees it at once', async () => {
    await expect(page.getByRole('note').filter({ hasText: 'Emergency run: justified' })).toContainText(
      'The feed was broken',
    );
    await expect(c.region('Activity')).toContainText('reviewed the emergency run: justified');
  });
  await other.goto('/');
  await expect(d.heading('Home')).toBeVisible();
  await d.loaded();
  await expect(d.table('Emergency runs to review')).toHaveCount(0);
  await other.context().close();
});

test('a hotfix runs in production first, and what is left stays listed until it is done', async ({
  page,
}) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await requireApproval(page, false);
  await page.goto(`/projects/shop/plans/new?databases=${SHOPS.join(',')}`);
  await c.box('Title').fill('Index for the checkout');
  await page.getByRole('checkbox', { name: 'Hotfix: production first' }).check();
  await c.write(c.box('SQL statement'), 'CREATE INDEX checkout ON product (id);');
  await c.button('Create plan').click();
  await page.getByRole('button', { name: /^Say why it is a hotfix/ }).click();
  await c.box('Why it cannot wait for the earlier environments').fill('The checkout takes a minute');
  await expectAccessible(page, 'a new hotfix');
  await c.button('Create plan').click();
  const notice = page.getByRole('note').filter({ hasText: 'Hotfix' });
  await expect(notice).toContainText('The checkout takes a minute');
  await test.step('it can be taken back, and made again', async () => {
    await c.button('No hotfix after all').click();
    await expect(notice).toHaveCount(0);
    await c.menu('More actions', 'Make it a hotfix…');
    const dialog = c.dialog('Make it a hotfix');
    await dialog.getByRole('button', { name: 'Make it a hotfix' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expectAccessible(page, 'a plan becomes a hotfix');
    await c.box('Why it cannot wait for the earlier environments').fill('The checkout takes a minute');
    await dialog.getByRole('button', { name: 'Make it a hotfix' }).click();
    await expect(notice).toContainText('The checkout takes a minute');
  });
  await c.button('Submit for review').click();
  await c.button('Start rollout').click();
  await c.button('Run Prod stage').click();
  const dialog = c.alertDialog('Run 1 task in Prod?');
  await dialog.getByRole('checkbox', { name: 'I understand this changes production' }).check();
  await dialog.getByRole('button', { name: 'Run now' }).click();
  const left = page.getByRole('list', { name: 'Hotfix: these still have to get it' });
  await expect(left.getByRole('listitem')).toHaveText([/shop \(shop-test\)/]);
  await expectAccessible(page, 'a hotfix that is not everywhere yet');
  await c.button('Run Test stage').click();
  await c.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
  await expect(left).toHaveCount(0);
});
