/** Jobs of a platform sign in without a key: made, listed, chosen in the wizard, taken back. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });

test.beforeEach(async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
});

test('a workload identity is made, seen, and deactivated', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop');
  await c.nav('Workload identities', 'Project').click();
  await expect(c.heading('No workload identities yet')).toBeVisible();
  await expectAccessible(page, 'no workload identities');
  await c.button('New workload identity').click();
  const dialog = c.dialog('New workload identity');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shop pipeline');
  await expect(dialog.getByText('shop-pipeline@shop.workload.bytebase.com')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Repository' }).fill('example/*');
  await dialog.getByRole('button', { name: 'Create workload identity' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Write it as its address does');
  await dialog.getByRole('textbox', { name: 'Repository' }).fill('example/shop');
  await dialog.getByRole('textbox', { name: 'Only jobs of the branch' }).fill('main');
  await expectAccessible(page, 'new workload identity');
  await dialog.getByRole('button', { name: 'Create workload identity' }).click();
  await expect(dialog).toBeHidden();
  const row = c.table('Workload identities').getByRole('row').filter({ hasText: 'Shop pipeline' });
  await expect(row).toContainText('repo:example/shop:ref:refs/heads/main');
  await expect(row).toContainText('Active');
  await expectAccessible(page, 'workload identities');
  await test.step('edited: what lets everybody in is refused, and what ends is said', async () => {
    await c.menu('Actions for Shop pipeline', 'Edit');
    const edit = c.dialog('Edit Shop pipeline');
    const box = (name: string) => edit.getByRole('textbox', { name, exact: true });
    const save = edit.getByRole('button', { name: 'Save' });
    await expect(box('Which jobs')).toHaveValue('repo:example/shop:ref:refs/heads/main');
    await expect(edit.getByRole('radio', { name: 'GitHub Actions' })).toBeChecked();
    await expect(edit.getByRole('status')).toHaveCount(0);
    await box('Which jobs').fill('repo:*');
    await box('Name').fill('');
    await save.click();
    await expect(edit.getByRole('alert')).toHaveText([
      'Give the account a name.',
      'This fits every repository of the platform. Name one.',
    ]);
    await expectAccessible(page, 'an identity with mistakes');
    await box('Name').fill('Shop jobs');
    await box('Which jobs').fill('repo:example/shop:*');
    await box('Audiences').fill('basalt\nhttps://basalt.example.com');
    await expect(edit.getByRole('status')).toContainText('are signed out when you save');
    await save.click();
    await expect(edit).toBeHidden();
    const changed = c.table('Workload identities').getByRole('row').filter({ hasText: 'Shop jobs' });
    await expect(changed).toContainText('repo:example/shop:*');
    await page.reload();
    await c.menu('Actions for Shop jobs', 'Edit');
    const again = c.dialog('Edit Shop jobs');
    await expect(again.getByRole('textbox', { name: 'Audiences' })).toHaveValue(
      'basalt\nhttps://basalt.example.com',
    );
    await again.getByRole('textbox', { name: 'Name' }).fill('Shop pipeline');
    await again.getByRole('button', { name: 'Save' }).click();
    await expect(row).toContainText('repo:example/shop:*');
  });
  await c.menu('Actions for Shop pipeline', 'Deactivate');
  await expect(row).toContainText('Deactivated');
  await c.status('Shop pipeline').getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('Active');
});

test('the wizard writes a workflow without a secret', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/projects/shop/gitops');
  await c.radio('Workload identity, without a key').check();
  const needs = page.getByRole('list', { name: 'Prerequisites' }).getByRole('listitem');
  await page.getByRole('combobox', { name: 'Workload identity' }).click();
  await page.getByRole('option', { name: /^Shop pipeline/ }).click();
  await expect(needs.filter({ hasText: 'The pipeline has an account' })).toContainText('Passed');
  await c.button('Give the role').click();
  await expect(needs.filter({ hasText: 'The account may roll out' })).toContainText('Passed');
  await c.button('Choose databases').click();
  const dialog = c.dialog('Choose databases');
  await expect(dialog.getByRole('checkbox', { name: 'shop', exact: true })).toHaveCount(2);
  await dialog.getByRole('checkbox', { name: 'shop', exact: true }).first().check();
  await dialog.getByRole('button', { name: 'Use 1 database' }).click();
  const text = c.region('.github/workflows/basalt.yml');
  await expect(text).toContainText('id-token: write');
  await expect(text).toContainText('BASALT_WORKLOAD_IDENTITY: "shop-pipeline@shop.workload.bytebase.com"');
  await expect(text).not.toContainText('BASALT_SERVICE_ACCOUNT_SECRET');
  await expectAccessible(page, 'GitOps without a key');

  // It is for GitHub; at GitLab it would be refused.
  await c.radio('GitLab').check();
  await expect(needs.filter({ hasText: 'The pipeline has an account' })).toContainText(
    'is for jobs of another platform',
  );
  // The others have no proof that Basalt knows.
  await c.radio('Bitbucket').check();
  await expect(c.radio('Workload identity, without a key')).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('Basalt takes proofs of GitHub and GitLab only.');
});
