/** The way from a repository to a database: the wizard of a pipeline, and a version of a database. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const TEST = 'instances/shop-test/databases/shop';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const SQL = `-- Customers pay on account from now on.
CREATE TABLE invoice (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL,
  amount numeric(12, 2) NOT NULL CHECK (amount >= 0)
);
`;

test('the wizard, and a version', async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/gitops');
  await expect(page.getByRole('list', { name: 'Prerequisites' })).toContainText('Failed');
  await c.loaded();
  await shoot(page, 'gitops-empty', { phone: true, full: true });

  await call(page, 'SettingService/UpdateSetting', {
    setting: {
      name: 'settings/WORKSPACE_PROFILE',
      value: { workspaceProfile: { externalUrl: 'https://basalt.northern-region.example.com' } },
    },
    updateMask: 'value.workspaceProfile.externalUrl',
  });
  await call(page, 'ServiceAccountService/CreateServiceAccount', {
    parent: 'projects/shop',
    serviceAccountId: 'pipeline-of-the-northern-region',
    serviceAccount: { title: 'Pipeline of the northern region' },
  });
  const release = await call<{ name: string }>(page, 'ReleaseService/CreateRelease', {
    parent: 'projects/shop',
    release: {
      type: 'VERSIONED',
      vcsSource: { vcsType: 'GITHUB', url: 'https://github.com/example/shop/commit/0a1b2c3d4e5f' },
      files: [
        { version: '3.0', path: 'db/migrations/northern-region/3.0-invoices.sql', statement: base64(SQL) },
      ],
    },
  });
  const plan = await call<{ name: string }>(page, 'PlanService/CreatePlan', {
    parent: 'projects/shop',
    plan: {
      title: 'Invoices',
      specs: [{ id: crypto.randomUUID(), changeDatabaseConfig: { release: release.name, targets: [TEST] } }],
    },
  });
  const issue = { title: 'Invoices', type: 'DATABASE_CHANGE', plan: plan.name };
  await call(page, 'IssueService/CreateIssue', { parent: 'projects/shop', issue });
  const { stages } = await call<{ stages: { name: string; tasks: { name: string }[] }[] }>(
    page,
    'RolloutService/CreateRollout',
    { parent: plan.name },
  );
  await call(page, 'RolloutService/BatchRunTasks', {
    parent: stages[0]?.name,
    tasks: stages[0]?.tasks.map((task) => task.name),
  });
  await page.goto(`/${release.name}`);
  await expect(c.table('Deployed to').getByRole('row').filter({ hasText: 'Test' })).toContainText('1 of 1');
  await expect(c.box('db/migrations/northern-region/3.0-invoices.sql')).toBeVisible();
  await c.loaded();
  await shoot(page, 'release-file', { phone: true, full: true });

  await page.goto(`/${TEST}?tab=revisions`);
  await c.table('Revisions').getByRole('link', { name: '3.0' }).click();
  await expect(c.box('db/migrations/northern-region/3.0-invoices.sql')).toBeVisible();
  await shoot(page, 'revision', { phone: true, full: true });

  await page.goto('/projects/shop/gitops');
  await c.button('Choose databases').click();
  const dialog = c.dialog('Choose databases');
  const boxes = dialog.getByRole('checkbox', { name: 'shop', exact: true });
  await expect(boxes).toHaveCount(2);
  for (const box of await boxes.all()) await box.check();
  await dialog.getByRole('button', { name: 'Use 2 databases' }).click();
  await page.getByRole('combobox', { name: 'Service account' }).click();
  await page.getByRole('option', { name: /^Pipeline/ }).click();
  await c.button('Give the role').click();
  await expect(c.button('Give the role')).toHaveCount(0);
  await c.box('Address of the program').fill('https://files.northern-region.example.com/basalt/1.0/basalt');
  await c.box('SHA-256 of the program').fill('0123456789abcdef'.repeat(4));
  await expect(c.region('.github/workflows/basalt.yml')).toBeVisible();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, 'gitops', { phone: true, full: true });
});
