/** The pages around a change, with names as long as people make them. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

/** 60 characters. */
const LONG = 'Billing and invoicing of the northern region, 2nd generation';
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('lists, details and settings', async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  const c = new Console(page);
  // Whoever the pictures before left signed in.
  await c.enterAs('Ada Admin');
  await call(page, 'ProjectService/CreateProject', {
    projectId: 'billing-and-invoicing-of-the-northern-region-2nd-generation',
    project: { title: LONG, labels: { team: 'billing', region: 'north' } },
  });
  await call(page, 'ServiceAccountService/CreateServiceAccount', {
    parent: 'workspaces/default',
    serviceAccountId: 'billing-and-invoicing-of-the-northern-region',
    serviceAccount: { title: LONG },
  });
  await call(page, 'DatabaseService/UpdateDatabase', {
    database: {
      name: 'instances/shop-test/databases/shop',
      labels: { team: 'shop', tier: 'gold', owner: 'platform' },
    },
    updateMask: 'labels',
  });
  await call(page, 'InstanceService/UpdateInstance', {
    instance: { name: 'instances/shop-test', title: `${LONG}`.slice(0, 60), labels: { region: 'north' } },
    updateMask: 'title,labels',
  });
  const release = await call<{ name: string }>(page, 'ReleaseService/CreateRelease', {
    parent: 'projects/shop',
    release: {
      type: 'VERSIONED',
      category: 'nightly',
      vcsSource: { vcsType: 'GITHUB', url: 'https://github.com/example/shop/commit/0a1b2c3d4e5f' },
      files: Array.from({ length: 40 }, (_, i) => ({
        version: `1.${i}`,
        path: `db/migrations/northern-region/1.${i}-add-invoices-of-suppliers-part-${i}.sql`,
        statement: base64(
          `CREATE TABLE invoice_${i} (\n  id integer PRIMARY KEY,\n  amount numeric(12, 2) NOT NULL\n);\n`,
        ),
      })),
    },
  });
  const plan = await call<{ name: string }>(page, 'PlanService/CreatePlan', {
    parent: 'projects/shop',
    plan: {
      title: LONG,
      specs: [
        {
          id: crypto.randomUUID(),
          changeDatabaseConfig: {
            release: release.name,
            targets: ['instances/shop-test/databases/shop', 'instances/shop-prod/databases/shop'],
          },
        },
      ],
    },
  });
  await call(page, 'IssueService/CreateIssue', {
    parent: 'projects/shop',
    issue: { title: LONG, type: 'DATABASE_CHANGE', plan: plan.name },
  });
  const rollout = await call<{ stages: { name: string; tasks: { name: string }[] }[] }>(
    page,
    'RolloutService/CreateRollout',
    { parent: plan.name },
  );
  const [stage] = rollout.stages;
  await call(page, 'RolloutService/BatchRunTasks', {
    parent: stage?.name,
    tasks: stage?.tasks.map((task) => task.name),
  });
  await page.goto(`/${release.name}`);
  await expect(c.table('Deployed to').getByRole('row').filter({ hasText: 'Test' })).toContainText('1 of 1');
  await expect(c.region('File content')).toContainText('CREATE TABLE');
  await shoot(page, 'release', { phone: true });

  for (const [name, path, heading] of [
    ['home-with-work', '/', 'Home'],
    ['list-projects', '/projects', 'Projects'],
    ['list-instances', '/instances?q=environment:test', 'Instances'],
    ['list-databases', '/databases', 'Databases'],
    ['service-accounts', '/service-accounts', 'Service accounts'],
    ['releases', '/projects/shop/releases', 'Releases'],
    ['project-overview', '/projects/shop', 'Web shop'],
    ['project-settings', '/projects/shop/settings', 'Settings'],
    ['instance-settings', '/instances/shop-test?tab=settings', LONG],
    ['instance-connection', '/instances/shop-test?tab=connection', LONG],
    ['database-revisions', '/instances/shop-test/databases/shop?tab=revisions', 'shop'],
    ['database-settings', '/instances/shop-test/databases/shop?tab=settings', 'shop'],
    ['account', '/account', 'Profile'],
    ['members-list', '/projects/shop/members', 'Members'],
    ['roles-list', '/roles', 'Roles'],
  ] as const) {
    await page.goto(path);
    await expect(c.heading(heading).first()).toBeVisible();
    await c.loaded();
    await shoot(page, name, { phone: true, full: true });
  }

  await page.goto('/databases');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await c.button('Filter').click();
  await shoot(page, 'list-filter-menu', { phone: true });
  await page.keyboard.press('Escape');
  await page
    .getByRole('toolbar', { name: 'Selected databases' })
    .getByRole('button', { name: 'Labels' })
    .click();
  await shoot(page, 'labels-dialog', { phone: true });
  await page.keyboard.press('Escape');
  await c.button('View').click();
  await shoot(page, 'list-view-menu');
  await page.keyboard.press('Escape');

  await page.goto('/service-accounts?dialog=new');
  await c.box('Name').fill('Nightly migrations');
  await shoot(page, 'service-account-new', { phone: true });
  await c.button('Create service account').click();
  await expect(c.dialog('Key of Nightly migrations')).toContainText('bbs_');
  await shoot(page, 'service-account-key', { phone: true });

  await page.goto('/environments');
  const first = page.getByRole('list', { name: 'Environments' }).getByRole('listitem').first();
  await first.getByText('Limits and hours').click();
  await c.button('Add window').first().click();
  await shoot(page, 'environment-hours', { phone: true, full: true });

  await page.goto('/settings');
  await c.box('External URL').fill('https://basalt.example.com');
  await expect(c.region('Unsaved changes in General')).toBeVisible();
  await shoot(page, 'settings-dirty', { phone: true });
  await shoot(page, 'settings-all', { full: true });

  await page.route('**/bytebase.v1.ProjectService/SearchProjects', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'unavailable', message: 'The metadata store does not answer.' }),
    }),
  );
  guard.allow(/ProjectService\/SearchProjects$/, 503);
  await page.goto('/projects');
  await expect(c.alert('The metadata store does not answer.')).toBeVisible();
  await shoot(page, 'error-panel', { phone: true });
  await page.unroute('**/bytebase.v1.ProjectService/SearchProjects');

  await page.goto('/roles');
  await c.button('New role').click();
  await c.dialog('New role').getByRole('textbox', { name: 'Role name' }).fill('Release manager');
  await shoot(page, 'role-new', { phone: true });
});
