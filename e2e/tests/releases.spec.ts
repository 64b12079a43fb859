/** J12, releases: what a pipeline made, where it went, what databases have of it, and how a pipeline is set up. The journeys build on each other. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { carry, makeRelease } from '../support/releases.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });

test.beforeEach(async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
});

const TEST = 'instances/shop-test/databases/shop';
const PROD = 'instances/shop-prod/databases/shop';
test('J12 a release made by the API lists its files and where it went', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/releases');
  await expect(c.heading('No releases yet')).toBeVisible();
  await expect(c.region('Make one from your pipeline').first()).toContainText('CreateRelease');
  await expectAccessible(page, 'no releases');
  const release = await makeRelease(
    page,
    {
      'migrations/1.1-coupons.sql': 'CREATE TABLE coupon2 (id int);\n',
      'migrations/1.0-base.sql': 'CREATE TABLE base2 (id int);\n',
    },
    { vcsSource: { vcsType: 'GITHUB', url: 'https://github.com/example/shop/commit/0a1b2c3' } },
  );
  // By itself: the event says that something of the project changed.
  await c.table('Releases').getByRole('link').first().click();
  const files = page.getByRole('list', { name: 'Files' });
  await test.step('the files, in the order in which they run', async () => {
    await expect(files.getByRole('listitem')).toHaveText([/1\.0.*base/, /1\.1.*coupons/]);
    await expect(c.region('File content')).toContainText('CREATE TABLE base2');
    await expect(page.getByRole('link', { name: 'github.com/example/shop/commit/0a1b2c3' })).toHaveAttribute(
      'href',
      'https://github.com/example/shop/commit/0a1b2c3',
    );
    await expectAccessible(page, 'release');
    await files.getByRole('button', { name: /1\.1/ }).click();
    // Read only, and coloured as SQL: the editor is there for reading.
    await expect(c.box('migrations/1.1-coupons.sql')).toContainText('CREATE TABLE coupon2');
    await expect(c.box('migrations/1.1-coupons.sql')).toHaveAttribute('aria-readonly', 'true');
    await page.reload();
    await expect(c.box('migrations/1.1-coupons.sql')).toContainText('CREATE TABLE coupon2');
    const download = page.waitForEvent('download');
    await c.button('Download').click();
    expect((await download).suggestedFilename()).toBe('1.1-coupons.sql');
  });
  await expect(c.region('Deployed to')).toContainText('No rollout carries this release yet.');

  await test.step('a plan carries it to test, and production waits', async () => {
    const { run } = await carry(page, release, 'Ship the coupons', [TEST, PROD]);
    const rows = c.table('Deployed to').getByRole('row');
    await expect(rows.filter({ hasText: 'Test' })).toContainText('0 of 1 databases');
    await expect(rows.filter({ hasText: 'Prod' })).toContainText('0 of 1 databases');
    await run();
    await expect(rows.filter({ hasText: 'Test' })).toContainText('1 of 1 databases');
    // When it began, and how long it took.
    await expect(rows.filter({ hasText: 'Test' }).getByRole('time')).toBeVisible();
    await expect(rows.filter({ hasText: 'Test' })).toContainText(/\d (ms|s)/);
    await expect(rows.filter({ hasText: 'Prod' }).getByRole('time')).toHaveCount(0);
    await expectAccessible(page, 'release, deployed');
    await rows.filter({ hasText: 'Test' }).getByRole('link', { name: 'Ship the coupons' }).click();
    await expect(c.region('Rollout')).toBeVisible();
  });
});

test('J12 releases are found by category and state, archived and restored', async ({ page }) => {
  const c = new Console(page);
  const nightly = await makeRelease(
    page,
    { 'nightly/1.1-stock_dml.sql': 'SELECT 1;\n' },
    { category: 'nightly' },
  );
  await page.goto('/projects/shop/releases');
  const rows = c.table('Releases').getByRole('rowgroup').nth(1).getByRole('row');
  await expect(rows).toHaveCount(2);
  const search = page.getByRole('searchbox', { name: 'Search by category' });
  await search.fill('night');
  await expect(rows).toHaveCount(1);
  await search.fill('category:nightly ');
  await expect(c.button('Remove filter Category: nightly')).toBeVisible();
  await expect(rows).toHaveCount(1);
  await expect(rows.getByRole('link')).toHaveAttribute('href', `/${nightly}`);
  await c.button('Remove filter Category: nightly').click();
  await expect(rows).toHaveCount(2);
  await expectAccessible(page, 'releases');
  // The categories that there are stand in the menu.
  await c.button('Filter').click();
  await page.getByRole('menuitemcheckbox', { name: 'nightly' }).click();
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(1);

  await test.step('of one train, whose name the page knows', async () => {
    const train = nightly.replace(/^.*\//, '').replace(/\d+$/, '');
    await search.fill('');
    await c.button('Remove filter Category: nightly').click();
    await expect(rows).toHaveCount(2);
    await search.fill('train:nothing ');
    await expect(c.heading('Nothing matches')).toBeVisible();
    await c.button('Remove filter Train: nothing').click();
    await c.button('Filter').click();
    await page.getByRole('menuitemcheckbox', { name: train }).click();
    await page.keyboard.press('Escape');
    await expect(c.button(`Remove filter Train: ${train}`)).toBeVisible();
    await expect(rows).toHaveCount(2);
    await c.button(`Remove filter Train: ${train}`).click();
    await search.fill('category:nightly ');
    await expect(rows).toHaveCount(1);
  });
  await test.step('one that nobody shall take any more', async () => {
    await rows.getByRole('link').click();
    const head = page.getByRole('main');
    await expect(head).toContainText('Versions of category nightly');
    await expect(page.getByRole('list', { name: 'Files' })).toContainText(/1\.1.*stock.*DML/);
    await c.button('Archive').click();
    await page
      .getByRole('alertdialog', { name: /^Archive release_/ })
      .getByRole('button', { name: 'Archive' })
      .click();
    await expect(c.button('Archive')).toHaveCount(0);
    await expect(head).toContainText('No new plan can carry it until it is restored.');
    await expectAccessible(page, 'release, archived');
    await page.goto('/projects/shop/releases');
    await expect(rows).toHaveCount(1);
    await page.goto('/projects/shop/releases?q=state:archived');
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText('Archived');
    await rows.getByRole('link').click();
    await c.button('Restore').click();
    await expect(c.button('Archive')).toBeVisible();
    await page.goto('/projects/shop/releases');
    await expect(rows).toHaveCount(2);
  });
});

test('J12 a database has a revision for each file: looked at, and taken back', async ({ page }) => {
  const c = new Console(page);
  await page.goto(`/${TEST}?tab=revisions`);
  const table = c.table('Revisions');
  // They count whatever a release belongs to.
  const marked = c.table('Revisions of every repository and category');
  await expect(table.getByRole('row').filter({ hasText: '1.1-coupons' })).toContainText('Applied');
  await expectAccessible(page, 'revisions');

  await test.step('where a version comes from', async () => {
    await table.getByRole('link', { name: '1.1', exact: true }).click();
    await expect(c.heading('Version 1.1')).toBeVisible();
    const origin = c.region('Where it comes from');
    await expect(origin).toContainText('migrations/1.1-coupons.sql');
    await expect(origin.getByRole('link', { name: /^release_/ })).toBeVisible();
    await expect(origin.getByRole('link', { name: /^Task of plan #/ })).toBeVisible();
    await expect(c.box('migrations/1.1-coupons.sql')).toContainText('CREATE TABLE coupon2');
    await expectAccessible(page, 'revision');
    await page.getByRole('main').getByRole('link', { name: 'shop', exact: true }).click();
  });
  await test.step('what was there before is marked as applied', async () => {
    await c.button('Mark versions as applied').click();
    const dialog = c.dialog('Mark versions as applied');
    await dialog.getByRole('textbox', { name: 'Versions' }).fill('0.9\nnine');
    await dialog.getByRole('button', { name: 'Mark versions as applied' }).click();
    await expect(dialog.getByRole('alert')).toContainText('nine');
    await dialog.getByRole('textbox', { name: 'Versions' }).fill('0.8, 0.9');
    await dialog.getByRole('button', { name: 'Mark versions as applied' }).click();
    await expect(dialog).toBeHidden();
    await expect(marked.getByRole('row').filter({ hasText: '0.9' })).toContainText('Marked as applied');
  });
  await test.step('a version is taken back on its page, and stays on record', async () => {
    await marked.getByRole('link', { name: '0.9', exact: true }).click();
    await expect(c.heading('What was run is not known')).toBeVisible();
    await c.button('Take back').click();
    const confirm = c.alertDialog('Take back version 0.9?');
    await confirm.getByRole('button', { name: 'Take back' }).click();
    await expect(confirm.getByRole('alert')).toHaveText('Say why.');
    await confirm.getByRole('textbox', { name: 'Reason' }).fill('It was never applied');
    await expectAccessible(page, 'take back a version');
    await confirm.getByRole('button', { name: 'Take back' }).click();
    await expect(c.region('Where it comes from')).toContainText(/Taken back.*You/);
    await expect(c.region('Where it comes from')).toContainText(/Reason\s*It was never applied/);
    await expect(c.button('Take back')).toHaveCount(0);
    await page.goto(`/${TEST}?tab=revisions`);
    const taken = marked.getByRole('row').filter({ hasText: '0.9' });
    await expect(marked.getByRole('row').filter({ hasText: '0.8' })).toBeVisible();
    await expect(taken).toHaveCount(0);
    await page.getByRole('checkbox', { name: 'Show those that were taken back' }).check();
    await expect(taken).toContainText('Taken back');
  });
});

test('J12 two repositories may use the same number on one database', async ({ page }) => {
  const c = new Console(page);
  const { releases = [] } = await call<{ releases?: { name: string }[] }>(
    page,
    'ReleaseService/ListReleases',
    { parent: 'projects/shop', filter: 'category == "nightly"' },
  );
  const nightly = releases[0]?.name ?? '';
  const { run } = await carry(page, nightly, 'Stock of the night', [TEST]);
  await run();
  await page.goto(`/${nightly}`);
  await expect(c.table('Deployed to').getByRole('row').filter({ hasText: 'Test' })).toContainText(
    '1 of 1 databases',
  );
  await page.goto(`/${TEST}?tab=revisions`);
  const ofRepository = c.table('Revisions of github.com/example/shop');
  const ofCategory = c.table('Revisions of category nightly');
  await expect(ofRepository.getByRole('link', { name: '1.1', exact: true })).toBeVisible();
  await expect(ofCategory.getByRole('link', { name: '1.1', exact: true })).toBeVisible();
  await expectAccessible(page, 'revisions of two streams');
  await ofCategory.getByRole('link', { name: '1.1', exact: true }).click();
  await expect(c.region('Where it comes from')).toContainText('category nightly');

  await test.step('what was there before may count in one of them', async () => {
    await page.goto(`/${TEST}?tab=revisions&dialog=mark`);
    const dialog = c.dialog('Mark versions as applied');
    await dialog.getByRole('textbox', { name: 'Versions' }).fill('0.7');
    await c.pick('Counts in', 'category nightly');
    await dialog.getByRole('button', { name: 'Mark versions as applied' }).click();
    await expect(ofCategory.getByRole('row').filter({ hasText: '0.7' })).toContainText('Marked as applied');
  });
});

test('a project says what becomes of versions that come late', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/settings');
  await expect(c.radio('Runs, with a warning')).toBeChecked();
  await c.radio('Is refused').check();
  await c.region('Unsaved changes in Rollouts').getByRole('button', { name: 'Save' }).click();
  await expect(c.status('Saved')).toBeVisible();
  await page.reload();
  await expect(c.radio('Is refused')).toBeChecked();
});

test('the GitOps wizard leads from a repository to its workflow', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop');
  await c.nav('GitOps', 'Project').click();
  await expect(c.heading('GitOps')).toBeVisible();
  const needs = page.getByRole('list', { name: 'Prerequisites' }).getByRole('listitem');
  const need = (name: string) => needs.filter({ hasText: name });
  const file = c.region('Workflow file');

  await test.step('what is missing is said, and how it is mended', async () => {
    await expect(need('Runners reach Basalt')).toContainText('Failed');
    await expect(need('Runners reach Basalt').getByRole('link', { name: 'Open the settings' })).toBeVisible();
    await expect(need('Databases are chosen')).toContainText('Failed');
    await expect(file).toContainText('The file is ready once this is answered');
    await expect(file).toContainText('Choose who the pipeline signs in as.');
    await expectAccessible(page, 'GitOps, nothing answered');
  });
  await test.step('databases, and how far a merge goes', async () => {
    await c.button('Choose databases').click();
    const dialog = c.dialog('Choose databases');
    const boxes = dialog.getByRole('checkbox', { name: 'shop', exact: true });
    await expect(boxes).toHaveCount(2);
    for (const box of await boxes.all()) await box.check();
    await dialog.getByRole('button', { name: 'Use 2 databases' }).click();
    await expect(need('Databases are chosen')).toContainText('Passed');
    await expect(page.getByRole('combobox', { name: 'After a merge, run' })).toHaveText('Up to Test');
  });
  let key = '';
  await test.step('an account, whose key shows once', async () => {
    await c.button('New service account').click();
    const dialog = c.dialog('New service account');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Pipeline');
    await dialog.getByRole('button', { name: 'Create service account' }).click();
    const once = c.dialog('Key of Pipeline');
    key = (await once.getByRole('region', { name: 'Key', exact: true }).textContent())?.trim() ?? '';
    expect(key.length).toBeGreaterThan(16);
    await once.getByRole('checkbox', { name: 'I have kept the key' }).check();
    await once.getByRole('button', { name: 'Close' }).click();
    await expect(need('The pipeline has an account')).toContainText('pipeline@shop.service.bytebase.com');
    await expect(need('The account may roll out')).toContainText('Failed');
    await c.button('Give the role').click();
    await expect(need('The account may roll out')).toContainText('Passed');
  });
  await test.step('where the program comes from', async () => {
    await expect(need('The program is there')).toContainText('/api/cli');
    await c.box('Address of the program').fill('files.example.com/basalt');
    await expect(c.alert('Use an address with http')).toBeVisible();
    await c.box('Address of the program').fill('https://files.example.com/basalt');
    await c.box('SHA-256 of the program').fill('a'.repeat(64));
    await expect(need('The program is there')).toContainText('Passed');
  });
  await test.step('the workflow has everything but the key', async () => {
    const text = c.region('.github/workflows/basalt.yml');
    await expect(text).toContainText(`BASALT_TARGETS: "${PROD},${TEST}"`);
    await expect(text).toContainText('BASALT_SERVICE_ACCOUNT: "pipeline@shop.service.bytebase.com"');
    await expect(text).toContainText('secrets.BASALT_SERVICE_ACCOUNT_SECRET');
    await expect(text).toContainText('./basalt rollout --target-stage "environments/test"');
    await expect(page.getByRole('main')).not.toContainText(key);
    const download = page.waitForEvent('download');
    await file.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('basalt.yml');
    await expectAccessible(page, 'GitOps, ready');
  });
  await test.step('each platform has its own, and a reload keeps the answers', async () => {
    await c.radio('GitLab').check();
    await expect(c.region('.gitlab-ci.yml')).toContainText('basalt-rollout:');
    await page.reload();
    await expect(c.radio('GitLab')).toBeChecked();
    await expect(c.region('.gitlab-ci.yml')).toContainText('pipeline@shop.service.bytebase.com');
    await c.pick('After a merge, run', 'Nothing: people start each stage');
    await expect(c.region('.gitlab-ci.yml')).toContainText(/basalt rollout\s*$/);
    await c.radio('Bitbucket').check();
    await expect(c.region('bitbucket-pipelines.yml')).toContainText('pipelines:');
    await c.radio('Azure DevOps').check();
    await expect(c.region('azure-pipelines.yml')).toContainText('vmImage');
    await c.box('Migration files').fill('migrations/$(id).sql');
    await expect(c.alert('Use a pattern of the repository')).toBeVisible();
    await expect(c.region('azure-pipelines.yml')).toHaveCount(0);
    await c.box('Migration files').fill('migrations/**/*.sql');
    await expect(c.region('azure-pipelines.yml')).toBeVisible();
  });
  await test.step('what the pipeline made stands below', async () => {
    await expect(
      c
        .table('Last releases')
        .getByRole('link', { name: /^release_/ })
        .first(),
    ).toBeVisible();
  });
});

test('what another tool has applied is taken over by a command, ready to copy', async ({ page, context }) => {
  const c = new Console(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/projects/shop/gitops');
  const command = c.region('You already use Flyway, Liquibase or another tool');
  await command.getByRole('button', { name: 'Copy' }).click();
  await expect(c.status('Copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('basalt adopt');
  expect(text).toContain('--project projects/shop');
  expect(text).toContain("--file-pattern 'migrations/**/*.sql'");
  const move = c.region('You made the changes here, and move to Git');
  await expect(move).toContainText('basalt move-to-git');
  await expect(move).toContainText('--folder migrations');
});
