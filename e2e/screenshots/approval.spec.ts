/** Approval: the rules with their test, a change in review, sent back, and a stage that waits for its gate. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { call } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const SHOPS = ['test', 'prod'].map((where) => `instances/shop-${where}/databases/shop`);
const SQL = `ALTER TABLE customer ADD COLUMN tier text;
UPDATE customer SET tier = 'gold' WHERE email LIKE '%@example.com';
`;
/** Steps of roles, and where they are asked. */
const RULES = [
  [
    'Production: two pairs of eyes, the DBA last',
    'resource.environment_id == "prod"',
    ['projectOwner', 'workspaceDBA'],
  ],
  [
    'Schema changes in the hour before a release',
    'statement.sql_type == "ALTER_TABLE"',
    ['projectDeveloper'],
  ],
  ['Everything else', 'true', ['workspaceDBA']],
] as const;

test('rules, a review and a gate', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await call(page, 'SettingService/UpdateSetting', {
    setting: {
      name: 'settings/WORKSPACE_APPROVAL',
      value: {
        workspaceApproval: {
          rules: RULES.map(([title, expression, roles]) => ({
            source: 'CHANGE_DATABASE',
            condition: { expression },
            template: { title, flow: { roles: roles.map((role) => `roles/${role}`) } },
          })),
        },
      },
    },
    updateMask: 'value.workspaceApproval',
  });
  await call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop', requireIssueApproval: true },
    updateMask: 'requireIssueApproval',
  });
  await page.goto('/approval-flows');
  await c.button('Test a change').click();
  const panel = page.getByRole('complementary', { name: 'Test a change' });
  for (const where of ['Shop (test)', 'Shop (production)']) {
    await panel.getByRole('combobox', { name: 'Database' }).click();
    await page.getByRole('option', { name: 'shop', exact: true }).filter({ hasText: where }).click();
  }
  await c.write(panel.getByRole('textbox', { name: 'SQL to test' }), SQL);
  await expect(panel.getByRole('list', { name: 'Approval by stage' })).toContainText('Prod');
  await shoot(page, 'approval-flows-simulator', { phone: true });

  await c.enterAs('Devi Developer');
  await page.goto(`/projects/shop/plans/new?databases=${SHOPS.join(',')}`);
  await c.box('Title').fill('Customers get a tier, which decides about the shipping');
  await c.write(c.box('SQL statement'), SQL);
  await c.button('Create plan').click();
  await c.button('Submit for review').click();
  await expect(c.region('Review')).toContainText('Project owner');
  await shoot(page, 'plan-in-review', { full: true });

  const plan = page.url();
  await c.enterAs('Ada Admin');
  await page.goto(plan);
  await c.button('Review changes').click();
  await c.dialog('Submit review').getByRole('radio', { name: 'Request changes' }).check();
  await c
    .box('Review comment')
    .fill('Please give it a **default**, see #change-1-L1. Then:\n\n- one `UPDATE` less');
  await shoot(page, 'review-dialog', { phone: true });
  await c.dialog('Submit review').getByRole('button', { name: 'Submit review' }).click();
  await expect(c.region('Activity').locator('strong')).toHaveText('default');
  await c.region('Activity').scrollIntoViewIfNeeded();
  await shoot(page, 'timeline-rejection', { phone: true });

  await c.enterAs('Devi Developer');
  await page.goto(plan);
  await c.button('Resubmit').click();
  await page.goto('/issues');
  await c.loaded();
  await shoot(page, 'my-issues', { phone: true });
});
