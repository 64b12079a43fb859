/**
 * SQL review from the console: a configuration is made from a template, edited and tried, attached, and then seen at work
 * in the checks of a plan for a real PostgreSQL database.
 */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { makeProject, type Target, targetName } from '../support/shop.ts';

const MARK = Date.now().toString(36);
const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });
test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');

const PROD: Target = {
  instance: 'books-prod',
  engine: 'POSTGRES',
  environment: 'prod',
  server: pgServer as NonNullable<typeof pgServer>,
  database: `books_${MARK}`,
};

const LEVEL = (c: Console, rule: string) => c.page.getByRole('group', { name: `Level of ${rule}` });
const row = (c: Console, rule: string) => c.page.getByRole('listitem', { name: rule, exact: true });

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

test.afterAll(async () => {
  if (pgServer) await postgres(pgServer)(`DROP DATABASE IF EXISTS ${PROD.database} WITH (FORCE)`);
});

/** The plan that journeys here look at, from the list. */
async function openShelves(page: Page): Promise<void> {
  await page.goto('/projects/books/plans');
  await page
    .getByRole('link', { name: /Shelves/ })
    .first()
    .click();
}

test('a configuration begins with a template; levels and payloads are changed and saved together', async ({
  page,
}) => {
  if (!pgServer) return;
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await makeProject(page, 'books', 'Books', [{ ...PROD, query: postgres(pgServer) }]);
  await page.reload();
  await c.nav('SQL review').click();
  await expect(c.heading('No configuration yet')).toBeVisible();
  await expectAccessible(page, 'no configuration');
  await c.button('New configuration').click();
  const dialog = c.dialog('New configuration');
  await dialog.getByRole('radio', { name: 'Production' }).check();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('House rules');
  await expectAccessible(page, 'new configuration');
  await dialog.getByRole('button', { name: 'Create configuration' }).click();
  await expect(c.heading('House rules')).toBeVisible();
  await expect(page).toHaveURL(/\/sql-review\/house-rules$/);

  await test.step('search and filters are in the URL', async () => {
    await page.getByRole('searchbox', { name: 'Search rules' }).fill('NAMING_TABLE');
    await expect(c.status('1 of')).toBeVisible();
    await expect(page).toHaveURL(/q=NAMING_TABLE/);
    await page.reload();
    await expect(row(c, 'NAMING_TABLE')).toBeVisible();
    await expect(row(c, 'TABLE_REQUIRE_PK')).toBeHidden();
  });
  await test.step('a format is tried while it is written', async () => {
    const rule = row(c, 'NAMING_TABLE');
    await LEVEL(c, 'NAMING_TABLE').getByRole('radio', { name: 'Error' }).check();
    await rule.getByRole('button', { name: /^Settings/ }).click();
    const format = rule.getByRole('textbox', { name: 'Format' });
    await format.fill('');
    await expect(rule.getByRole('alert')).toContainText('Give a regular expression');
    await c.button('Save').click();
    await expect(c.alert('This cannot be saved yet')).toContainText('NAMING_TABLE');
    await c.alert('This cannot be saved yet').getByRole('button', { name: 'NAMING_TABLE' }).click();
    await format.fill('^book_[a-z]+$');
    const preview = rule.getByRole('region', { name: 'Preview of NAMING_TABLE' });
    await expect(preview.getByRole('listitem').filter({ hasText: 'TechBook' })).toContainText(
      'does not match',
    );
    await preview.getByRole('textbox', { name: 'Try a name' }).fill('book_shelf');
    await expect(preview.getByRole('status')).toHaveText('fits');
    await preview.getByRole('textbox', { name: 'Try a name' }).fill('shelf');
    await expect(preview.getByRole('status')).toHaveText('does not match');
    await expectAccessible(page, 'a rule with its settings');
  });
  await test.step('all rules that are shown change together', async () => {
    await page.getByRole('searchbox', { name: 'Search rules' }).fill('naming index');
    await expect(row(c, 'NAMING_TABLE')).toBeHidden();
    const count = Number((await c.status(' of ').textContent())?.split(' ')[0]);
    expect(count).toBeGreaterThan(3);
    await c.menu(`Set ${count} rules`, 'Off');
    await expect(page.getByRole('radio', { name: 'Off', checked: true })).toHaveCount(count);
    await page.getByRole('searchbox', { name: 'Search rules' }).fill('NAMING_TABLE');
    await expect(row(c, 'NAMING_TABLE')).toBeVisible();
  });
  await test.step('what is not saved outlives a reload', async () => {
    await expect(c.region('Unsaved changes')).toBeVisible();
    await page.reload();
    await expect(c.region('Unsaved changes')).toBeVisible();
    await expect(LEVEL(c, 'NAMING_TABLE').getByRole('radio', { name: 'Error' })).toBeChecked();
    await c.button('Save').click();
    await expect(c.region('Unsaved changes')).toBeHidden();
    await page.goto('/sql-review/house-rules?q=naming');
    await expect(LEVEL(c, 'NAMING_TABLE').getByRole('radio', { name: 'Error' })).toBeChecked();
    await row(c, 'NAMING_TABLE')
      .getByRole('button', { name: /^Settings/ })
      .click();
    await expect(row(c, 'NAMING_TABLE').getByRole('textbox', { name: 'Format' })).toHaveValue(
      '^book_[a-z]+$',
    );
  });
});

test('a rule is explained beside the list, and to everybody on a page of its own', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/sql-review/house-rules');
  await c.link('TABLE_REQUIRE_PK').click();
  const panel = page.getByRole('complementary', { name: 'TABLE_REQUIRE_PK' });
  await expect(panel.getByRole('heading', { name: 'TABLE_REQUIRE_PK' })).toBeFocused();
  await expect(panel.getByRole('region', { name: 'This is reported' })).toContainText('CREATE TABLE');
  await expect(panel.getByRole('region', { name: 'Write this instead' })).toContainText('PRIMARY KEY');
  await expectAccessible(page, 'docs of a rule beside the list');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(c.link('TABLE_REQUIRE_PK')).toBeFocused();
  await page.goto('/sql-rules/TABLE_REQUIRE_PK');
  await expect(c.heading('TABLE_REQUIRE_PK')).toBeVisible();
  await expect(c.heading('Why')).toBeVisible();
  await expectAccessible(page, 'docs of a rule');
  await page.goto('/sql-rules/NO_SUCH_RULE');
  await expect(c.heading('This page does not exist')).toBeVisible();
});

test('rules are tried on SQL before they are saved', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/sql-review/house-rules');
  await c.button('Try on SQL').click();
  const panel = page.getByRole('complementary', { name: 'Try on SQL' });
  await c.write(
    panel.getByRole('textbox', { name: 'SQL to review' }),
    'CREATE TABLE shelf (\n  id integer PRIMARY KEY\n);\nUPDATE shelf SET id = 1;\n',
  );
  const findings = panel.getByRole('list', { name: 'Findings' });
  const naming = findings.getByRole('listitem').filter({ hasText: 'NAMING_TABLE' });
  await expect(naming).toContainText('Error');
  await expect(findings).toContainText('STATEMENT_WHERE_REQUIRE_UPDATE_DELETE');
  await expectAccessible(page, 'try on SQL');
  await findings
    .getByRole('listitem')
    .filter({ hasText: 'STATEMENT_WHERE_REQUIRE_UPDATE_DELETE' })
    .getByRole('button', { name: 'Go to line 4' })
    .click();
  await expect(panel.getByRole('textbox', { name: 'SQL to review' })).toBeFocused();
  await test.step('against a database, which has no such table', async () => {
    const unknown = findings.getByRole('listitem').filter({ hasText: 'BUILTIN_WALK_THROUGH_CHECK' });
    await c.write(
      panel.getByRole('textbox', { name: 'SQL to review' }),
      'CREATE TABLE shelf (id integer PRIMARY KEY);\nALTER TABLE no_such_table ADD COLUMN a integer;\n',
    );
    await expect(naming).toBeVisible();
    await expect(unknown).toHaveCount(0);
    await panel.getByRole('radio', { name: 'A database' }).check();
    await panel.getByRole('combobox', { name: 'Database' }).fill(targetName(PROD));
    await expect(unknown).toContainText('line 2');
    await expectAccessible(page, 'try on SQL against a database');
    await panel.getByRole('radio', { name: 'Nothing' }).check();
    await expect(naming).toBeVisible();
  });
  await test.step('a forecast that ends before the script says so', async () => {
    const sql = panel.getByRole('textbox', { name: 'SQL to review' });
    const many = Array.from({ length: 1002 }, (_, i) => `DROP TABLE shelf_${i};`);
    await c.write(sql, many.join('\n'));
    await expect(panel).toContainText('The locks of 2 more statements are not shown');
    await c.write(sql, 'CREATE TABLE shelf (id integer PRIMARY KEY);\n');
    await expect(panel).not.toContainText('more statements are not shown');
  });
  await LEVEL(c, 'NAMING_TABLE').getByRole('radio', { name: 'Off' }).check();
  await expect(naming).toHaveCount(0);
  await c.button('Discard').click();
  await expect(naming).toBeVisible();
});

test('attached to Prod it is in force there, and a finding of a plan leads to its rule', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/sql-review/house-rules');
  await c.button('Attach').click();
  const dialog = c.dialog('Attach House rules');
  await dialog.getByRole('checkbox', { name: 'Prod' }).check();
  await expectAccessible(page, 'attach');
  await dialog.getByRole('button', { name: 'Attach', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('list', { name: 'Attached to' })).toContainText(/prod/i);

  await page.goto(`/projects/books/plans/new?databases=${targetName(PROD)}`);
  await c.box('Title').fill('Shelves');
  await c.write(c.box('SQL statement'), 'CREATE TABLE shelf (id integer PRIMARY KEY);');
  await c.button('Create plan').click();
  const checks = c.region('Checks');
  await expect(checks.getByRole('status').filter({ hasText: 'Checks finished' })).toBeVisible();
  const finding = checks.getByRole('listitem').filter({ hasText: 'NAMING_TABLE' });
  await expect(finding).toContainText(/Error.*line 1/s);
  await finding.getByRole('link', { name: 'NAMING_TABLE' }).click();
  await expect(c.heading('NAMING_TABLE')).toBeVisible();
  await expect(page).toHaveURL('/sql-rules/NAMING_TABLE');
});

test('an exception takes a finding away at once, and comes with its reason', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/sql-review/house-rules');
  const exceptions = c.region('Exceptions');
  await expect(exceptions).toContainText('No exception');
  const add = async (table: string, reason: string) => {
    await exceptions.getByRole('button', { name: 'Add exception' }).click();
    const dialog = c.dialog('Add an exception');
    await c.pick('Rule', 'NAMING_TABLE');
    await dialog.getByRole('textbox', { name: 'Table' }).fill(table);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: 'Add exception' }).click();
    await expect(dialog).toBeHidden();
  };
  await test.step('what is missing is said', async () => {
    await exceptions.getByRole('button', { name: 'Add exception' }).click();
    const dialog = c.dialog('Add an exception');
    await dialog.getByRole('button', { name: 'Add exception' }).click();
    await expect(dialog.getByRole('alert').first()).toHaveText('Name a table, a schema or a label.');
    await expect(dialog.getByRole('alert').last()).toHaveText('Say why; whoever reviews sees it.');
    await expectAccessible(page, 'add an exception');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  await test.step('it is tried before it is saved', async () => {
    await add('shel*', 'Shelves are named by law');
    const listed = exceptions.getByRole('listitem');
    await expect(listed).toContainText(/NAMING_TABLE.*on table shel\*.*Shelves are named by law/s);
    await expectAccessible(page, 'a configuration with an exception');
    await c.button('Try on SQL').click();
    const panel = page.getByRole('complementary', { name: 'Try on SQL' });
    await c.write(
      panel.getByRole('textbox', { name: 'SQL to review' }),
      'CREATE TABLE shelf (id integer PRIMARY KEY);',
    );
    await expect(panel.getByText('One finding is taken away')).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await test.step('saved, it is in force on a plan that was checked before', async () => {
    await c.button('Save').click();
    await expect(c.region('Unsaved changes')).toBeHidden();
    await openShelves(page);
    const checks = c.region('Checks');
    await expect(checks.getByRole('status').filter({ hasText: 'Checks finished' })).toBeVisible();
    await expect(checks.getByRole('listitem').filter({ hasText: /Error.*NAMING_TABLE/s })).toHaveCount(0);
  });
  await test.step('taken away again, the rule holds again', async () => {
    await page.goto('/sql-review/house-rules');
    await exceptions.getByRole('button', { name: 'Remove the exception on table shel*' }).click();
    await c.button('Save').click();
    await expect(c.region('Unsaved changes')).toBeHidden();
    await page.reload();
    await expect(exceptions).toContainText('No exception');
  });
});

test('where review is enforced its errors stop a rollout, until somebody bypasses them with a reason', async ({
  page,
  guard,
}) => {
  const c = new Console(page);
  guard.allow(/RolloutService\/CreateRollout$/, 400);
  await page.goto('/projects/books/settings');
  await page.getByRole('checkbox', { name: /^SQL review is enforced/ }).check();
  await c.button('Save').click();
  await expect(c.region('Unsaved changes')).toBeHidden();
  await openShelves(page);
  await c.button('Submit for review').click();
  await c.button('Start rollout').click();
  const blocked = c.alert('This plan cannot be rolled out yet');
  await expect(blocked.getByRole('listitem')).toContainText(/line 1: NAMING_TABLE.*books-prod/);
  await expectAccessible(page, 'a rollout that the review blocks');
  await blocked.getByRole('button', { name: 'Bypass the review' }).click();
  const confirm = c.alertDialog('Bypass the SQL review?');
  await confirm.getByRole('button', { name: 'Bypass and roll out' }).click();
  await expect(confirm.getByRole('alert')).toBeVisible();
  await expect(confirm.getByRole('listitem')).toContainText('NAMING_TABLE');
  await confirm.getByRole('textbox', { name: 'Reason' }).fill('Agreed with the owner of the shelves');
  await expectAccessible(page, 'bypass the review');
  await confirm.getByRole('button', { name: 'Bypass and roll out' }).click();
  await expect(confirm).toBeHidden();
  await expect(c.button('Run Prod stage')).toBeVisible();
});

test('environments and projects say by what they are reviewed, and change it', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/books/settings');
  const inForce = c.table('In force');
  await expect(inForce.getByRole('row').filter({ hasText: /prod/i })).toContainText(
    'House rules (of the environment)',
  );
  await expect(inForce.getByRole('row').filter({ hasText: /test/i })).toContainText('Built-in rules only');

  await page.goto('/environments');
  await c.pick('SQL review of Prod', 'No configuration');
  await expect(c.status('Prod has no configuration now')).toBeVisible();
  await c.button('Undo').click();
  await expect(page.getByRole('combobox', { name: 'SQL review of Prod' })).toHaveText('House rules');
  await c.pick('SQL review of Prod', 'No configuration');
  await expect(page.getByRole('combobox', { name: 'SQL review of Prod' })).toHaveText('No configuration');
  await expectAccessible(page, 'environments with their SQL review');

  await page.goto('/projects/books/settings');
  await c.pick('SQL review of Books', 'House rules');
  for (const environment of [/test/i, /prod/i]) {
    await expect(inForce.getByRole('row').filter({ hasText: environment })).toContainText(
      'House rules (of this project)',
    );
  }
  await expectAccessible(page, 'project settings with SQL review');
});

test('duplicated, disabled, deleted', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/sql-review');
  await c.menu('More actions of House rules', 'Duplicate');
  await expect(c.heading('Copy of House rules')).toBeVisible();
  await expect(page.getByText('Nothing yet')).toBeVisible();
  await c.nav('SQL review').click();
  await c.menu('More actions of House rules', 'Disable');
  const table = c.table('SQL review');
  const house = table
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: 'House rules', exact: true }) });
  await expect(house).toContainText('Disabled');
  await expectAccessible(page, 'configurations');
  await page.goto('/projects/books/settings');
  await expect(page.getByText('Disabled: counts as none')).toBeVisible();
  await page.goto('/sql-review');
  await c.menu('More actions of Copy of House rules', 'Delete');
  const confirm = c.alertDialog('Delete Copy of House rules?');
  await confirm.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(confirm.getByRole('alert')).toContainText('That is not it');
  await confirm
    .getByRole('textbox', { name: 'Type copy-of-house-rules to confirm' })
    .fill('copy-of-house-rules');
  await expectAccessible(page, 'delete a configuration');
  await confirm.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(table.getByRole('link', { name: 'Copy of House rules' })).toBeHidden();
});

test('who may not change it reads it, and learns why and whom to ask', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Devi Developer');
  await page.goto('/sql-review');
  await expect(page.getByRole('note').filter({ hasText: 'You may read this' })).toContainText(
    /bb\.reviewConfigs\.create.*Ada Admin/,
  );
  await expect(c.button('New configuration')).toHaveCount(0);
  await c.link('House rules').click();
  await expect(page.getByRole('note').filter({ hasText: 'You may read this' })).toContainText(
    /bb\.reviewConfigs\.update.*Ada Admin/,
  );
  await expect(LEVEL(c, 'TABLE_REQUIRE_PK').getByRole('radio', { name: 'Off' })).toBeDisabled();
  await expect(c.button('Attach')).toHaveCount(0);
  await c.button('Try on SQL').click();
  await expect(page.getByRole('complementary', { name: 'Try on SQL' })).toBeVisible();
  await expectAccessible(page, 'a configuration that one may only read');
});
