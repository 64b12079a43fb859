/** The way from a repository to a database: the wizard of a pipeline, and a version of a database. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { carry, makeRelease } from '../support/releases.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const TEST = 'instances/shop-test/databases/shop';
const PROD = 'instances/shop-prod/databases/shop';
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
  const release = await makeRelease(
    page,
    {
      'db/migrations/northern-region/3.0_invoices_of_suppliers_ddl.sql': SQL,
      'db/migrations/northern-region/3.1_index_of_invoices_ddl.sql':
        'CREATE INDEX idx_invoice_customer_id ON invoice (customer_id);\n',
      'db/migrations/northern-region/3.2_first_invoices_dml.sql':
        'INSERT INTO invoice (id, customer_id, amount) VALUES (1, 1, 120.50);\n',
    },
    { vcsSource: { vcsType: 'GITHUB', url: 'https://github.com/example/shop/commit/0a1b2c3d4e5f' } },
  );
  const { run } = await carry(page, release, 'Invoices', [TEST, PROD]);
  await run();
  await page.goto(`/${release}`);
  await expect(c.table('Deployed to').getByRole('row').filter({ hasText: 'Test' })).toContainText('1 of 1');
  await expect(c.box('db/migrations/northern-region/3.0_invoices_of_suppliers_ddl.sql')).toBeVisible();
  await c.loaded();
  await shoot(page, 'release-file', { phone: true, full: true, image: 'release' });

  await call(page, 'RevisionService/BatchCreateRevisions', {
    parent: TEST,
    requests: ['1.0', '2.0'].map((version) => ({
      parent: TEST,
      revision: { version, type: 'VERSIONED', stream: 'projects/shop/categories/nightly' },
    })),
  });
  await page.goto(`/${TEST}?tab=revisions`);
  await expect(c.table('Revisions of category nightly')).toBeVisible();
  await shoot(page, 'revisions', { phone: true, full: true });
  await page.getByRole('link', { name: '3.0', exact: true }).click();
  await expect(c.box('db/migrations/northern-region/3.0_invoices_of_suppliers_ddl.sql')).toBeVisible();
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
  await shoot(page, 'gitops', { phone: true, full: true, image: 'gitops' });

  await page.goto('/projects/shop/settings');
  await c.radio('Is refused').check();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, 'project-settings-rollouts', { phone: true, full: true });

  await call(page, 'ReleaseService/DeleteRelease', { name: release });
  await page.goto(`/${release}`);
  await expect(c.button('Restore')).toBeVisible();
  await c.loaded();
  await shoot(page, 'release-archived');

  await call(page, 'WorkloadIdentityService/CreateWorkloadIdentity', {
    parent: 'projects/shop',
    workloadIdentityId: 'migrations-of-the-northern-region',
    workloadIdentity: {
      title: 'Migrations of the northern region',
      workloadIdentityConfig: {
        providerType: 'GITHUB',
        allowedAudiences: ['https://basalt.northern-region.example.com'],
        subjectPattern: 'repo:example/migrations-of-the-northern-region:*',
      },
    },
  });
  await page.goto('/projects/shop/workload-identities');
  await expect(c.table('Workload identities')).toBeVisible();
  await shoot(page, 'workload-identities', { phone: true });
  await c.button('New workload identity').click();
  await c.box('Name').fill('Migrations of the northern region, 2nd generation');
  await c.box('Repository').fill('example/*');
  await c.button('Create workload identity').click();
  await shoot(page, 'workload-identity-new', { phone: true });
  await page.goto('/projects/shop/gitops');
  await c.radio('Workload identity, without a key').check();
  await c.box('SHA-256 of the program').blur();
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, 'gitops-identity', { phone: true, full: true });
});
