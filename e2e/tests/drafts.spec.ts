/** What somebody types in one browser is there in another one of theirs, and how they like the console, too. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

test.beforeEach(({ guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

const NEW = '/projects/shop/plans/new?databases=instances/shop-test/databases/shop';
const sql = (c: Console) => c.box('SQL statement');

/** The next answer that says that the server has a draft, or that it has gone. */
const kept = (page: Page) => page.waitForResponse(/DraftService\/SaveDraft$/);
const gone = (page: Page) => page.waitForResponse(/DraftService\/DeleteDraft$/);

test('text typed in one browser is there in another one, and goes with the plan', async ({
  page,
  secondPage,
}) => {
  const here = new Console(page);
  await here.enterAs('Ada Admin');
  // The same person elsewhere: a session, but nothing that this browser keeps for itself.
  const there = new Console(await secondPage());

  await page.goto(NEW);
  await here.box('Title').fill('Nicknames');
  let sent = kept(page);
  await here.write(sql(here), 'ALTER TABLE customer ADD COLUMN nickname TEXT;');
  await sent;

  await there.page.goto(NEW);
  await expect(there.box('Title')).toHaveValue('Nicknames');
  await expect(sql(there)).toContainText('nickname');
  sent = kept(there.page);
  await there.box('Title').fill('Nicknames of customers');
  await sent;

  await test.step('the newer one wins where nothing else was typed', async () => {
    await page.reload();
    await expect(here.box('Title')).toHaveValue('Nicknames of customers');
  });

  await test.step('where both were changed, the person chooses', async () => {
    sent = kept(there.page);
    await there.box('Title').fill('Nicknames from there');
    await sent;
    await here.box('Title').fill('Nicknames from here');
    const choice = here.alert('Another browser has a different text of yours here');
    await expect(choice).toBeVisible();
    await expectAccessible(page, 'a newer draft');
    await here.button('Show that text').click();
    await expect(here.box('Title')).toHaveValue('Nicknames from there');
    await expect(choice).toBeHidden();

    sent = kept(page);
    await here.box('Title').fill('Nicknames again');
    await sent;
    await there.box('Title').fill('Nicknames, finally');
    sent = kept(there.page);
    await there.button('Go on with this one').click();
    await sent;
  });

  await test.step('once the plan is made, no browser has the draft any more', async () => {
    const forgotten = gone(there.page);
    await there.button('Create plan').click();
    await there.page.waitForURL(/\/plans\/\d+/);
    await forgotten;
    await expect(there.heading('Nicknames, finally')).toBeVisible();
    const third = new Console(await secondPage());
    await third.page.goto(NEW);
    await expect(third.box('Title')).toHaveValue('');
  });
});

test('another person does not see it', async ({ page, secondPage }) => {
  const ada = new Console(page);
  await ada.enterAs('Ada Admin');
  await page.goto('/projects/shop/plans/new?databases=instances/shop-prod/databases/shop');
  const sent = kept(page);
  await ada.box('Title').fill('A secret of Ada');
  await sent;
  const dana = new Console(await secondPage());
  await dana.enterAs('Dana DBA');
  const asked = dana.page.waitForResponse(/DraftService\/GetDraft$/);
  await dana.page.goto('/projects/shop/plans/new?databases=instances/shop-prod/databases/shop');
  expect(await (await asked).json()).toEqual({});
  await expect(dana.box('Title')).toHaveValue('');
});

test('a theme and the density of lists go along', async ({ page, secondPage }) => {
  const here = new Console(page);
  await here.enterAs('Ada Admin');
  const there = new Console(await secondPage());
  await page.goto('/account');
  const told = page.waitForResponse(/PreferenceService\/UpdatePreferences$/);
  await here.radio('Compact').click();
  await told;
  await there.page.goto('/account');
  await expect(there.radio('Compact')).toBeChecked();
});
