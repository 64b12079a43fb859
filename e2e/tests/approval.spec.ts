/** Who must agree: the rules and their test, the review of a change by two people at once, roles with limits. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { another } from '../support/people.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

const TITLE = 'Tiers for customers';

/** Devi's change of both shops, sent to be reviewed. */
async function submit(c: Console, title: string, sql: string): Promise<void> {
  await c.enterAs('Devi Developer');
  const shops = ['test', 'prod'].map((where) => `instances/shop-${where}/databases/shop`);
  await c.page.goto(`/projects/shop/plans/new?databases=${shops.join(',')}`);
  await c.box('Title').fill(title);
  await c.write(c.box('SQL statement'), sql);
  await c.button('Create plan').click();
  await c.button('Submit for review').click();
  await expect(pill(c.page, 'Waiting for DBA')).toBeVisible();
}

/** What the header says of the plan. */
const pill = (page: Page, text: string) => page.locator('header').getByText(text, { exact: true });

test('rules are written, tested before they hold, and kept', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await c.nav('Approval flows').click();
  await expect(c.heading('Approval flows')).toBeVisible();
  await expectAccessible(page, 'approval flows');
  const changes = c.region('Database changes');

  await test.step('a rule lacks what makes it one', async () => {
    await c.button('Add rule: Database changes').click();
    await c.button('Save').click();
    await expect(changes.getByText('Enter a name.')).toBeVisible();
    await expect(changes.getByText('Complete the condition.')).toBeVisible();
  });
  await test.step('the builder writes the condition, and the server reads it', async () => {
    await c.box('Rule name').fill('Production');
    await changes.getByRole('button', { name: 'Add a comparison' }).click();
    await c.pick('Value 1', 'Prod');
    await changes.getByRole('radio', { name: 'CEL' }).click({ force: true });
    const text = c.box('Condition: CEL expression');
    await expect(text).toHaveValue('resource.environment_id == "prod"');
    await text.fill('resource.environment == "prod"');
    await changes.getByRole('button', { name: 'Add step' }).click();
    await c.pick('Step 1', 'Workspace DBA');
    guard.allow(/SettingService\/UpdateSetting$/, 400);
    await c.button('Save').click();
    await expect(changes.getByRole('alert').filter({ hasText: 'resource.environment' })).toBeVisible();
    await expect(changes.getByText('Column 1', { exact: true })).toBeVisible();
    await expectAccessible(page, 'a rule with a mistake');
    await text.fill('resource.environment_id == "prod"');
    await expect(changes.getByRole('alert')).toHaveCount(0);
  });
  await test.step('a rule for the rest comes after it', async () => {
    await c.button('Add rule: Database changes').click();
    const rest = changes.getByRole('listitem', { name: 'Untitled rule' });
    await rest.getByRole('textbox', { name: 'Rule name' }).fill('Everything else');
    await changes
      .getByRole('listitem', { name: 'Everything else' })
      .getByRole('button', { name: 'Always: every one matches.' })
      .click();
    await c.button('Move Everything else up').click();
    await expect(changes.getByText(/^Never asked: rule \d+ “Everything else”/)).toBeVisible();
    await c.button('Move Everything else down').click();
    await expect(changes.getByText(/^Never asked/)).toHaveCount(0);
  });
  await test.step('a change is tested by rules that are not saved yet', async () => {
    await c.button('Test a change').click();
    const panel = page.getByRole('complementary', { name: 'Test a change' });
    for (const where of ['Shop (test)', 'Shop (production)']) {
      await panel.getByRole('combobox', { name: 'Database' }).click();
      await page.getByRole('option', { name: 'shop', exact: true }).filter({ hasText: where }).click();
    }
    await c.write(
      panel.getByRole('textbox', { name: 'SQL to test' }),
      'ALTER TABLE customer ADD COLUMN tier text;',
    );
    const answer = panel.getByRole('list', { name: 'Approval by stage' });
    await expect(answer.getByRole('listitem', { name: 'Test', exact: true })).toContainText(
      'Nobody has to approve',
    );
    const prod = answer.getByRole('listitem', { name: 'Prod', exact: true });
    await expect(prod).toContainText('Workspace DBA');
    await expect(prod).toContainText('“Production”');
    await expect(answer.getByRole('list', { name: 'Asked before, and not matched' })).toContainText(
      'Production',
    );
    await expectAccessible(page, 'a tested change');
    await page.keyboard.press('Escape');
  });
  await c.button('Save').click();
  await expect(c.button('Save')).toHaveCount(0);
  await page.reload();
  await expect(changes.getByRole('list', { name: 'Rules: Database changes' }).locator('> li')).toHaveText([
    /Production/,
    /Everything else/,
  ]);
});

test('J6: a change is sent back, mended and approved, seen by both at once', async ({
  page,
  browser,
  baseURL,
  guard,
}) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop', requireIssueApproval: true },
    updateMask: 'requireIssueApproval',
  });
  await submit(c, TITLE, 'ALTER TABLE customer ADD COLUMN tier text;');
  await expect(c.button('Review changes')).toHaveCount(0);
  const review = c.region('Review');
  await expect(review.getByRole('listitem', { name: 'Test', exact: true })).toContainText(
    'Nobody has to approve',
  );
  const prod = review.getByRole('listitem', { name: 'Prod', exact: true });
  await expect(prod).toContainText('Who holds the role Workspace DBA decides this step.');
  await prod.locator('summary').click();
  await expect(prod.getByLabel('Values it saw')).toContainText('prod');
  await expectAccessible(page, 'a plan in review');

  const other = await another(browser, baseURL ?? '', guard, 'Dana DBA');
  const d = new Console(other);
  await expect(other.getByRole('table', { name: 'To decide' })).toContainText(TITLE);
  const mine = other.getByRole('link', { name: /^My issues/ });
  await expect(mine).toHaveText(/[1-9]$/);
  await mine.click();
  await expect(other.getByRole('table', { name: 'Issues' })).toContainText('Waiting for DBA');
  await other.getByRole('table', { name: 'Issues' }).getByRole('link', { name: TITLE }).click();
  await d.button('Review changes').click();
  const dialog = d.dialog('Submit review');
  await test.step('a rejection needs a word', async () => {
    await dialog.getByRole('radio', { name: 'Request changes' }).check();
    await dialog.getByRole('button', { name: 'Submit review' }).click();
    await expect(d.alert('Write a comment')).toBeVisible();
    await expectAccessible(other, 'review dialog');
    await d.box('Review comment').fill('Please give it a **default**, see #change-1-L1');
    await dialog.getByRole('button', { name: 'Submit review' }).click();
    await expect(dialog).toHaveCount(0);
  });
  await test.step('its author sees it at once', async () => {
    await expect(pill(page, 'Changes requested').first()).toBeVisible();
    const activity = c.region('Activity');
    await expect(activity.locator('strong')).toHaveText('default');
    await expectAccessible(page, 'a plan that was sent back');
    await activity.getByRole('link', { name: '#change-1-L1' }).click();
    await expect(page).toHaveURL(/#change-1-L1$/);
  });
  await c.button('Resubmit').click();
  await expect(pill(page, 'Waiting for DBA')).toBeVisible();

  await test.step('an edit starts the approval anew, and says so', async () => {
    await c.write(c.box('SQL statement'), "ALTER TABLE customer ADD COLUMN tier text DEFAULT 'none';");
    await c.button('Save').click();
    await expect(c.region('Activity')).toContainText('approvals start anew');
    await expect(pill(page, 'Waiting for DBA')).toBeVisible();
  });
  await test.step('two windows decide the same step: one counts', async () => {
    await d.button('Review changes').click();
    const second = await other.context().newPage();
    guard.watch(second);
    await second.goto(other.url());
    const s = new Console(second);
    await s.button('Review changes').click();
    for (const window of [dialog, s.dialog('Submit review')]) {
      await window.getByRole('radio', { name: 'Approve' }).check();
    }
    await dialog.getByRole('button', { name: 'Submit review' }).click();
    await expect(dialog).toHaveCount(0);
    guard.allow(/IssueService\/ApproveIssue$/, 400);
    await s.dialog('Submit review').getByRole('button', { name: 'Submit review' }).click();
    await expect(s.alert('Somebody has decided meanwhile')).toBeVisible();
    await second.close();
  });
  await expect(pill(page, 'Approved').first()).toBeVisible();
  await expect(prod.getByRole('listitem')).toHaveCount(1);
  await expect(prod.getByRole('listitem')).toContainText('Workspace DBA');
  await test.step('and nothing has run', async () => {
    await c.button('Start rollout').click();
    const stages = c.region('Rollout').getByRole('list', { name: 'Stages' });
    await expect(stages.getByRole('status').filter({ hasText: 'Not started' })).toHaveCount(2);
  });
  await other.context().close();
});

test('a stage that waits for an approval leads to it, while the one before it runs', async ({ page }) => {
  const c = new Console(page);
  await submit(c, 'Notes for customers', 'ALTER TABLE customer ADD COLUMN note text;');
  await c.button('Start rollout').click();
  const prod = c.region('Rollout').getByRole('listitem').filter({ hasText: 'waits for an approval' }).last();
  await expect(prod).toBeVisible();
  await prod.getByRole('link', { name: 'Open the review' }).click();
  await expect(page).toHaveURL(/tab=review/);
  await expect(c.button('Run Test stage')).toBeVisible();
});

test('a role holds in an environment and until a day, and both can be changed', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/members');
  const row = c.table('Members').getByRole('row', { name: /dev@demo.basalt/ });
  await c.button('Add member').click();
  const dialog = c.dialog('Add member');
  await c.box('Email').fill('dev@demo.basalt');
  await c.pick('Role', 'Project viewer');
  await c.pick('Ends', 'After 7 days');
  await dialog.getByText('Only some', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Give role' }).click();
  await expect(dialog.getByText('Complete the condition.')).toBeVisible();
  await c.pick('Value 1', 'Test');
  await expectAccessible(page, 'limits of a role');
  await dialog.getByRole('button', { name: 'Give role' }).click();
  await expect(row).toContainText('only in Test');
  await expect(row).toContainText('ends');
  await c.button('Change Project viewer of user:dev@demo.basalt').click();
  const edit = c.dialog('Role of dev@demo.basalt');
  await edit.getByText('Everywhere', { exact: true }).click();
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(row).not.toContainText('only in Test');
  await expect(row).toContainText('ends');
});
