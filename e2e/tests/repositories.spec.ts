/** Basalt watches a repository: set up in steps, told by its host or looking by itself, changed, and given up. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { GitHub } from '../support/github.ts';
import { GitLab } from '../support/gitlab.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });
test.describe.configure({ mode: 'serial' });

const github = await GitHub.start('example/shop');
const gitlab = await GitLab.start('team/eu/shop');
test.afterAll(() => Promise.all([github.stop(), gitlab.stop()]));

const FILES = {
  'README.md': '# Shop\n',
  'db/migrations/0001_wish.sql': 'CREATE TABLE wish (id int);\n',
  'db/migrations/0002_wish_note.sql': 'ALTER TABLE wish ADD COLUMN note text;\n',
  'db/migrations/notes.sql': '-- Not a migration\n',
};
const OWNER = {
  source: 'CHANGE_DATABASE',
  condition: { expression: 'true' },
  template: { title: 'Owner', flow: { roles: ['roles/projectOwner'] } },
};
const WATCHED = '/projects/shop/repositories';
let hook = '';
let secret = '';

async function open(page: Page, name: RegExp): Promise<Console> {
  const c = new Console(page);
  await page.goto(WATCHED);
  await c.table('Watched repositories').getByRole('link', { name }).click();
  return c;
}

test.beforeEach(async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
});

test('from the wizard to a watched repository, whose secret shows once', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop');
  await c.nav('GitOps', 'Project').click();
  await expect(c.radio('A pipeline checks and rolls out')).toBeChecked();
  await c.radio('Basalt watches the repository').check();
  await expect(page).toHaveURL(new RegExp(`${WATCHED}$`));
  await expect(c.nav('GitOps', 'Project')).toHaveAttribute('aria-current', 'page');
  await expect(c.heading('No repository is watched yet')).toBeVisible();
  await expectAccessible(page, 'no watched repository');
  await c.link('Watch a repository').click();

  await test.step('what is missing is said beside its field', async () => {
    await c.box('Branch').fill('refs/heads/main');
    await c.button('Watch the repository').click();
    await expect(page.getByRole('alert')).toHaveText([
      /^Write it as its address does/,
      /^Name one branch, such as main/,
    ]);
    await expect(c.box('Owner and name')).toBeFocused();
    await expectAccessible(page, 'a repository with mistakes');
  });
  await test.step('the address of a page says it all', async () => {
    await c.box('Owner and name').fill('https://gitlab.example.com/team/eu/shop/-/tree/main/db');
    await expect(c.radio('GitLab')).toBeChecked();
    await expect(c.box('Owner and name')).toHaveValue('team/eu/shop');
    await expect(c.box('Address of the host')).toHaveValue('https://gitlab.example.com');
    await expect(c.link('Make one at GitLab')).toHaveAttribute(
      'href',
      'https://gitlab.example.com/team/eu/shop/-/settings/access_tokens',
    );
    await c.radio('GitHub').check();
  });
  await c.box('Owner and name').fill(github.path);
  await c.box('Address of the host').fill(github.url);
  await c.box('Access token').fill(github.token);
  await c.box('Branch').fill('main');
  await c.box('Migration files').fill('db/migrations');
  await test.step('what Basalt sees there', async () => {
    const seen = page.getByRole('list', { name: 'Test' }).getByRole('listitem');
    const error = page.getByRole('alert').filter({ hasText: 'It cannot be watched like this' });
    github.commit(FILES);
    await c.box('Access token').fill('ghp_other');
    await c.button('Test').click();
    await expect(error).toContainText(/token/);
    await expect(seen.first()).toHaveText('The repository cannot be read');
    await expectAccessible(page, 'a test that fails');
    await c.box('Access token').fill(github.token);
    await expect(error).toHaveCount(0);
    await c.box('Branch').fill('trunk');
    await c.button('Test').click();
    await expect(seen).toHaveText(['The repository can be read', 'The branch is not there']);
    await c.box('Branch').fill('main');
    await c.button('Test').click();
    await expect(c.status('It can be watched like this.')).toBeVisible();
    await expect(seen).toHaveText([
      'The repository can be read',
      /^The branch is there, at [0-9a-f]{8}$/,
      '2 files are migrations',
    ]);
    await page.getByText('Which files').click();
    await expect(page.getByText('db/migrations/0001_wish.sql')).toBeVisible();
    await page.getByText('One file is left out').click();
    await expect(page.getByText('db/migrations/notes.sql')).toBeVisible();
    await expectAccessible(page, 'a test that passes');
  });
  await c.button('Choose databases').click();
  const dialog = c.dialog('Choose databases');
  await dialog.getByRole('checkbox', { name: 'shop', exact: true }).last().check();
  await dialog.getByRole('button', { name: 'Use 1 database' }).click();
  await expectAccessible(page, 'a new repository');
  await c.button('Watch the repository').click();

  await test.step('what the host has to be told', async () => {
    await expect(c.heading('example/shop is watched')).toBeVisible();
    const webhook = c.region('Webhook');
    await expect(webhook.getByRole('note')).toContainText('Basalt does not know its own address');
    await expect(webhook.getByRole('link', { name: /hooks\/new$/ })).toHaveAttribute(
      'href',
      `${github.url}/example/shop/settings/hooks/new`,
    );
    await expect(webhook.getByRole('region', { name: 'Address of the webhook' })).toContainText(/^http:/);
    const textOf = async (name: string) =>
      ((await webhook.getByRole('region', { name }).textContent()) ?? '').trim();
    hook = await textOf('Address of the webhook');
    secret = await textOf('Secret of the webhook');
    expect(secret.length).toBeGreaterThan(20);
    await expectAccessible(page, 'the last step');
    await c.button('Open the repository').click();
    await expect(page.getByRole('alert')).toContainText('Copy it and tick the box first');
    await page.getByRole('checkbox', { name: 'I have set up the webhook, or kept the secret' }).check();
    await c.button('Open the repository').click();
    await expect(c.heading('example/shop')).toBeVisible();
    await page.getByRole('tab', { name: 'Webhook' }).click();
    await expect(c.region('How the host tells Basalt')).toContainText('It showed once, when it was made.');
    await expect(page.getByText(secret)).toHaveCount(0);
    await expectAccessible(page, 'how the host tells Basalt');
  });
  await page.goto(WATCHED);
  const row = c.table('Watched repositories').getByRole('row', { name: /example\/shop/ });
  await expect(row).toContainText('db/migrations');
  await expect(row).toContainText('By webhook');
  await expectAccessible(page, 'watched repositories');
});

test('commits become releases and rollouts; what goes wrong says so, and goes on', async ({ page }) => {
  const c = await open(page, /example\/shop/);
  const syncs = page.getByRole('list', { name: 'Syncs' }).getByRole('listitem');
  const made = syncs.filter({ hasText: 'Released' });
  await expect(made).toHaveCount(1);
  await expect(made).toContainText('2 files');
  await expect(made.getByRole('link', { name: /^Commit/ })).toHaveAttribute(
    'href',
    /\/example\/shop\/commit\/[0-9a-f]{40}$/,
  );
  await made.getByText('One file is left out').click();
  await expect(made).toContainText('db/migrations/notes.sql');
  await expectAccessible(page, 'syncs');
  await test.step('by the webhook, at once, without a reload', async () => {
    github.commit({
      ...FILES,
      'db/migrations/0003_wish_date.sql': 'ALTER TABLE wish ADD COLUMN wished_on text;\n',
    });
    expect(await github.push(hook, secret)).toBeLessThan(300);
    await expect(made).toHaveCount(2);
    await expect(made.first()).toContainText('told by the host');
    await expect(made.first()).toContainText('3 files');
    expect(await github.push(hook, 'guessed')).toBeGreaterThanOrEqual(400);
  });
  await test.step('where it leads: to a rollout, whose stages are run as always', async () => {
    await made
      .first()
      .getByRole('link', { name: /^Rollout of plan #/ })
      .click();
    await c.button('Run Test stage').click();
    await c.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
    await expect(c.taskStatus('shop', 'Done')).toBeVisible();
    await page.goBack();
    await expect(made).toHaveCount(2);
  });
  await test.step('an applied file that is changed afterwards is refused, with what to do', async () => {
    github.commit({ ...FILES, 'db/migrations/0001_wish.sql': 'CREATE TABLE wish (id bigint);\n' });
    await c.button('Sync now').click();
    const failed = syncs.filter({ hasText: 'Failed' });
    await expect(failed).toHaveCount(1);
    await expect(failed).toContainText('0001_wish.sql');
    await expect(failed).toContainText('asked for by You');
    await expectAccessible(page, 'a sync that failed');
  });
  await test.step('a token that is taken back stops it, and says so', async () => {
    github.token = 'ghp_another';
    await c.button('Sync now').click();
    await expect(c.alert('Nothing is looked at any more')).toContainText(/token/);
    await expectAccessible(page, 'a repository that is stopped');
    github.token = 'ghp_good';
    github.commit(FILES);
    await c.link('Open its settings').click();
    await c.box('Access token').fill('ghp_good');
    await c.region('Unsaved changes').getByRole('button', { name: 'Save' }).click();
    await expect(c.alert('Nothing is looked at any more')).toHaveCount(0);
    await expect(page.getByRole('main')).not.toContainText('Stopped');
  });
});

test('its answers are changed; the token stays unless another is typed', async ({ page }) => {
  const c = await open(page, /example\/shop/);
  await c.menu('Actions for example/shop', 'Edit');
  await expect(c.box('Access token')).toHaveValue('');
  await expect(page.getByText('Kept on the server. Leave empty to keep it.')).toBeVisible();
  await c.box('Name').fill('Shop migrations');
  await c.radio('Basalt looks by itself').check();
  await c.box('Look every').fill('often');
  const bar = c.region('Unsaved changes');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await c.box('Look every').fill('45');
  await expectAccessible(page, 'settings of a repository');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(c.status('Saved')).toBeVisible();
  await expect(bar).toBeHidden();
  await expect(c.heading('Shop migrations')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Every 45 minutes');
  await expect(page.getByRole('tab', { name: 'Webhook' })).toHaveCount(0);
  await page.reload();
  await expect(c.radio('Basalt looks by itself')).toBeChecked();
  await c.radio('The host tells Basalt').check();
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('tab', { name: 'Webhook' })).toBeVisible();
});

test('a new secret, and the end', async ({ page }) => {
  const c = await open(page, /Shop migrations/);
  await c.menu('Actions for Shop migrations', 'New secret');
  const asked = c.alertDialog('New secret for Shop migrations?');
  await expectAccessible(page, 'a new secret');
  await asked.getByRole('button', { name: 'New secret' }).click();
  const shown = c.dialog('Secret of Shop migrations');
  await expect(shown).toContainText('enter it as Secret');
  await expect(shown.getByRole('region', { name: 'Secret of the webhook' })).toContainText(/\S{20}/);
  await shown.getByRole('checkbox', { name: 'I have kept the secret' }).check();
  await shown.getByRole('button', { name: 'Close' }).click();
  await c.menu('Actions for Shop migrations', 'Stop watching');
  await c
    .alertDialog('Stop watching Shop migrations?')
    .getByRole('button', { name: 'Stop watching' })
    .click();
  await expect(c.heading('No repository is watched yet')).toBeVisible();
});

test('at GitLab: set up in its own words, told by it, and telling it', async ({ page }) => {
  const c = new Console(page);
  gitlab.commit(FILES);
  await page.goto(`${WATCHED}/new`);
  await c.radio('GitLab').check();
  await c.box('Owner and name').fill(gitlab.path);
  await c.box('Address of the host').fill(gitlab.url);
  await c.box('Access token').fill(gitlab.token);
  await c.box('Migration files').fill('db/migrations');
  await expect(page.getByRole('main')).toContainText('it needs the scope read_api');
  await test.step('what the token needs to tell GitLab of commits', async () => {
    await page.getByRole('checkbox', { name: 'Show at GitLab what came of each commit' }).check();
    await expect(page.getByRole('main')).toContainText('it needs the scope api');
    gitlab.scopes = ['read_api'];
    gitlab.level = 20;
    await c.button('Test').click();
    const seen = page.getByRole('list', { name: 'Test' }).getByRole('listitem');
    await expect(seen.last()).toHaveText('The token lacks api, role Developer');
    await expectAccessible(page, 'a token that cannot tell');
    gitlab.scopes = ['api'];
    gitlab.level = 30;
    await c.button('Test').click();
    await expect(c.status('It can be watched like this.')).toBeVisible();
  });
  await c.box('Name').fill('Shop of the EU');
  await c.button('Watch the repository').click();
  await expect(c.heading('Shop of the EU is watched')).toBeVisible();
  const webhook = c.region('Webhook');
  await expect(webhook.getByRole('link')).toHaveAttribute('href', `${gitlab.url}/team/eu/shop/-/hooks`);
  await expect(webhook.getByRole('listitem')).toHaveText([
    /Add new webhook/,
    /^As URL enter/,
    /^As Signing token enter, or in a GitLab that has none, or makes its own, as Secret token/,
    /^Under Trigger choose Push events/,
    /^Choose Add webhook/,
  ]);
  await expectAccessible(page, 'the last step at GitLab');
  const textOf = async (name: string) =>
    ((await webhook.getByRole('region', { name }).textContent()) ?? '').trim();
  const to = await textOf('Address of the webhook');
  const key = await textOf('Secret of the webhook');
  expect(key).toMatch(/^whsec_/);
  await page.getByRole('checkbox', { name: 'I have set up the webhook, or kept the secret' }).check();
  await c.button('Open the repository').click();
  const syncs = page.getByRole('list', { name: 'Syncs' }).getByRole('listitem');
  const made = syncs.filter({ hasText: 'Released' });
  await expect(made).toHaveCount(1);
  await expect(made).toContainText('GitLab shows the commit as successful');

  const more = { ...FILES };
  for (const [n, by] of (['signing token', 'secret token'] as const).entries()) {
    await test.step(`told by the ${by}`, async () => {
      Object.assign(more, { [`db/migrations/000${n + 3}_more.sql`]: `SELECT ${n};\n` });
      const commit = gitlab.commit(more);
      expect(await gitlab.push(to, 'whsec_Z3Vlc3NlZCBieSBhIHN0cmFuZ2VyIHRoYXQ=', by)).toBe(401);
      expect(await gitlab.push(to, key, by)).toBe(202);
      await expect(made).toHaveCount(n + 2);
      await expect(made.first()).toContainText('told by the host');
      await expect(made.first()).toContainText('GitLab shows the commit as successful');
      expect(gitlab.told.filter((told) => told.commit === commit).at(-1)?.state).toBe('success');
    });
  }
  await test.step('a token that may not tell is said, and the release is made all the same', async () => {
    gitlab.refuses = 403;
    gitlab.commit({ ...more, 'db/migrations/0009_last.sql': 'SELECT 9;\n' });
    await c.button('Sync now').click();
    await expect(made).toHaveCount(4);
    await expect(made.first()).toContainText(
      'GitLab shows no commit status. The host lets this access token set no',
    );
    await expectAccessible(page, 'a commit status that is refused');
  });
});

test('a host that is down is tried again; a rollout that needs approval says what it waits for', async ({
  page,
}) => {
  const c = await open(page, /Shop of the EU/);
  const syncs = page.getByRole('list', { name: 'Syncs' }).getByRole('listitem');
  await test.step('trying again', async () => {
    gitlab.fails = 503;
    await c.button('Sync now').click();
    const tries = syncs.filter({ hasText: 'Trying again' });
    await expect(tries).toHaveCount(1);
    await expect(tries).toContainText(
      'The host answers 503: it has trouble of its own. It is tried again. Next try',
    );
    await expectAccessible(page, 'a sync that is tried again');
    await page.goto(WATCHED);
    await expect(c.table('Watched repositories').getByRole('row', { name: /Shop of the EU/ })).toContainText(
      'Trying again',
    );
    await page.goBack();
    gitlab.fails = undefined;
    await c.button('Sync now').click();
    await expect(syncs.filter({ hasText: 'Trying again' })).toHaveCount(0);
  });
  await test.step('waiting for approval', async () => {
    await call(page, 'ProjectService/UpdateProject', {
      project: { name: 'projects/shop', requireIssueApproval: true },
      updateMask: 'requireIssueApproval',
    });
    await call(page, 'SettingService/UpdateSetting', {
      setting: { name: 'settings/WORKSPACE_APPROVAL', value: { workspaceApproval: { rules: [OWNER] } } },
    });
    await c.menu('Actions for Shop of the EU', 'Edit');
    gitlab.refuses = undefined;
    const commit = gitlab.commit(FILES);
    await c.button('Choose databases').click();
    const dialog = c.dialog('Choose databases');
    await dialog.getByRole('checkbox', { name: 'shop', exact: true }).last().check();
    await dialog.getByRole('button', { name: 'Use 1 database' }).click();
    await c.region('Unsaved changes').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('tab', { name: 'Syncs' }).click();
    const waits = syncs.filter({ hasText: 'Rollout waits' });
    await expect(waits).toHaveCount(1);
    await expect(waits).toContainText(/approv/);
    await expect(waits).toContainText('Next try');
    await expect(waits).toContainText('GitLab shows the commit as pending');
    await expect(waits.getByRole('link', { name: /^Plan #/ })).toBeVisible();
    expect(gitlab.told.filter((told) => told.commit === commit).at(-1)?.state).toBe('pending');
    await expectAccessible(page, 'a rollout that waits');
  });
});

test('who may not set one up is told what is missing', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Devi Developer');
  await page.goto(WATCHED);
  await c.link('Watch a repository').click();
  await expect(page.getByRole('main')).toContainText('bb.projects.update');
  await expect(c.button('Watch the repository')).toHaveCount(0);
});
