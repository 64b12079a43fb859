/** The pages around a change, on the demo's sample data. Each test stands alone. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';

test.use({ mode: 'demo' });

test.beforeEach(async ({ page }) => {
  const c = new Console(page);
  await page.goto('/');
  await c.button('Continue as Ada Admin').or(c.heading('Home')).first().click();
  await expect(c.heading('Home')).toBeVisible();
});

test('a list is narrowed by chips, sorted, and shown as one likes it', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/databases');
  const rows = c.table('Databases').getByRole('row');
  const names = c.table('Databases').getByRole('rowgroup').nth(1).getByRole('row');
  await expect(rows).not.toHaveCount(0);
  const all = await names.count();

  await test.step('a filter that is typed becomes a chip, in the URL', async () => {
    await page.getByRole('searchbox', { name: 'Search databases' }).pressSequentially('environment:prod ');
    await expect(c.button('Remove filter Environment: Prod')).toBeVisible();
    await expect(page).toHaveURL(/[?&]q=environment(%3A|:)prod/);
    await expect.poll(() => names.count()).toBeLessThan(all);
    await page.reload();
    await expect(c.button('Remove filter Environment: Prod')).toBeVisible();
    await expectAccessible(page, 'list with a chip');
  });
  await test.step('it is saved, dropped, and taken again', async () => {
    await c.menu('Filter', 'Save this filter');
    await c.button('Remove filter Environment: Prod').click();
    await expect(names).toHaveCount(all);
    await c.menu('Filter', 'environment:prod');
    await expect(c.button('Remove filter Environment: Prod')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search databases' }).press('Backspace');
    await expect(names).toHaveCount(all);
  });
  await test.step('a filter that means nothing says so', async () => {
    const search = page.getByRole('searchbox', { name: 'Search databases' });
    await search.fill('label:nonsense');
    await search.press('Enter');
    await expect(page.getByText('This filter means nothing here')).toBeAttached();
    await search.press('Backspace');
  });
  await test.step('sorted by the server, up and down', async () => {
    const head = page.getByRole('columnheader', { name: 'Instance' });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    await expect(names.first()).toContainText('Shop (production)');
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'descending');
    await expect(page).toHaveURL(/sort=-instance/);
    await expect(names.first()).toContainText('Shop (test)');
  });
  await test.step('columns and density stay after a reload', async () => {
    await c.button('View').click();
    await page.getByRole('menuitemcheckbox', { name: 'Size' }).click();
    await page.getByRole('menuitemradio', { name: 'Compact' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(names.first()).toBeVisible();
    await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveCount(0);
    const box = await names.first().boundingBox();
    expect(box?.height).toBeLessThanOrEqual(34);
  });
});

test('labels are given to several databases at once, and found by', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/databases');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  const toolbar = page.getByRole('toolbar', { name: 'Selected databases' });
  await toolbar.getByRole('button', { name: 'Labels' }).click();
  const dialog = page.getByRole('dialog', { name: /^Labels of \d+ databases$/ });
  await dialog.getByRole('textbox', { name: 'Key' }).fill('Team');
  await dialog.getByRole('textbox', { name: 'Value' }).fill('shop');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByRole('alert')).toContainText('lower-case letters');
  await expectAccessible(page, 'labels, refused');
  await dialog.getByRole('textbox', { name: 'Key' }).fill('team');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(c.table('Databases').getByText('team: shop').first()).toBeVisible();
  await page.goto('/databases?q=label:team=nobody');
  await expect(c.heading('Nothing matches')).toBeVisible();
  await page.goto('/databases?q=label:team=shop');
  await expect(c.table('Databases').getByText('team: shop').first()).toBeVisible();
});

test('a service account shows its key once, and a new key on request', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/service-accounts');
  await c.button('New service account').first().click();
  await c.box('Name').fill('Nightly migrations');
  await expect(c.box('Account ID')).toHaveValue('nightly-migrations');
  await expect(c.dialog('New service account').getByText('nightly-migrations@service.')).toBeVisible();
  await expectAccessible(page, 'new service account');
  await c.button('Create service account').click();
  const key = c.dialog('Key of Nightly migrations');
  const shown = key.getByRole('region', { name: 'Key' });
  await expect(shown).toContainText('bbs_');
  const first = await shown.textContent();
  await expectAccessible(page, 'key of a service account');
  await key.getByRole('button', { name: 'Close' }).click();
  await expect(key.getByRole('alert')).toContainText('Copy it and tick the box first');
  await key.getByRole('checkbox', { name: 'I have kept the key' }).check();
  await key.getByRole('button', { name: 'Close' }).click();
  await expect(key).toBeHidden();
  await page.reload();
  const row = c.table('Service accounts').getByRole('row').filter({ hasText: 'Nightly migrations' });
  await expect(row).toContainText('Active');
  expect(await page.locator('body').textContent()).not.toContain('bbs_');
  await expectAccessible(page, 'service accounts');

  await test.step('a new key is another one', async () => {
    await c.menu('Actions for Nightly migrations', 'New key');
    await c.alertDialog('New key for Nightly migrations?').getByRole('button', { name: 'New key' }).click();
    await expect(shown).toContainText('bbs_');
    expect(await shown.textContent()).not.toBe(first);
    await key.getByRole('checkbox').check();
    await key.getByRole('button', { name: 'Close' }).click();
  });
  await test.step('deactivated, and back by Undo', async () => {
    await c.menu('Actions for Nightly migrations', 'Deactivate');
    await expect(row).toContainText('Deactivated');
    await c.status('Nightly migrations deactivated').getByRole('button', { name: 'Undo' }).click();
    await expect(row).toContainText('Active');
  });
  await test.step('one of a project has its address, and gets a role like a person', async () => {
    await page.goto('/projects/shop/service-accounts?dialog=new');
    await c.box('Name').fill('CI');
    await c.button('Create service account').click();
    const dialog = c.dialog('Key of CI');
    await expect(dialog).toContainText('ci@shop.service.bytebase.com');
    await dialog.getByRole('checkbox').check();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.goto('/projects/shop/members');
    await c.button('Add member').click();
    await c.box('Email').fill('ci@shop.service.bytebase.com');
    await c.pick('Role', 'Project developer');
    await c.button('Give role').click();
    const member = c.table('Members').getByRole('row').filter({ hasText: 'ci@shop.service' });
    await expect(member).toBeVisible();
    await member.getByRole('button', { name: /^Remove Project developer/ }).click();
    await expect(member).toHaveCount(0);
    await c.status('Project developer removed').getByRole('button', { name: 'Undo' }).click();
    await expect(member).toBeVisible();
  });
});

test('settings are saved by section, and dropped by Discard', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/settings');
  await c.box('Announcement').fill('Maintenance on Sunday at 20:00.');
  const bar = c.region('Unsaved changes in General');
  await expect(bar).toBeVisible();
  await c.box('Sign out when idle for').fill('x');
  await c.region('Unsaved changes in Sessions').getByRole('button', { name: 'Save' }).click();
  await expect(c.alert('Enter a number above 0.')).toBeVisible();
  await expectAccessible(page, 'settings, unsaved');
  await c.region('Unsaved changes in Sessions').getByRole('button', { name: 'Discard' }).click();
  await expect(c.box('Sign out when idle for')).toHaveValue('');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await page.goto('/projects');
  await expect(page.getByRole('note').filter({ hasText: 'Maintenance on Sunday' })).toBeVisible();

  await page.goto('/projects/shop/settings');
  await page.getByRole('spinbutton', { name: 'Retries after a lock timeout' }).fill('3');
  await c.region('Unsaved changes in Rollouts').getByRole('button', { name: 'Save' }).click();
  await expect(c.status('Saved')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('spinbutton', { name: 'Retries after a lock timeout' })).toHaveValue('3');

  await page.goto('/account');
  await c.box('Full name').fill('Ada Administrator');
  await c.region('Unsaved changes in Name').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in Name')).toBeHidden();
  await page.reload();
  await expect(c.box('Full name')).toHaveValue('Ada Administrator');
});

test('the workspace has a name, a logo and a watermark', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/settings');
  const brand = c.region('Branding');
  const before = await brand.getByRole('textbox', { name: 'Name of the workspace' }).inputValue();
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const picture = (name: string, mimeType: string) =>
    brand
      .getByLabel('Picture of the logo')
      .setInputFiles({ name, mimeType, buffer: Buffer.from(png, 'base64') });
  await picture('logo.svg', 'image/svg+xml');
  await expect(brand.getByRole('alert')).toContainText('Choose a PNG, JPEG or WebP picture');
  await picture('logo.png', 'image/png');
  await brand.getByRole('textbox', { name: 'Name of the workspace' }).fill('Shop Corp');
  await expect(brand.getByRole('img', { name: 'Logo' })).toBeVisible();
  await expectAccessible(page, 'branding, unsaved');
  const bar = c.region('Unsaved changes in Branding');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await expect(page.getByRole('banner')).toContainText('Shop Corp');
  await page.reload();
  await expect(page.getByRole('banner').locator('img')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Show on every page who looks' }).check();
  await c.region('Unsaved changes in General').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in General')).toBeHidden();
  await expect(page.locator('svg text', { hasText: 'admin@demo.basalt' })).toHaveCount(1);
  await expectAccessible(page, 'a page with a watermark');
  // The other pages of the demo find it as it was.
  await page.getByRole('checkbox', { name: 'Show on every page who looks' }).uncheck();
  await c.region('Unsaved changes in General').getByRole('button', { name: 'Save' }).click();
  await brand.getByRole('textbox', { name: 'Name of the workspace' }).fill(before || 'Basalt');
  await brand.getByRole('button', { name: 'Remove the logo' }).click();
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('banner').locator('img')).toHaveCount(0);
});

test('an environment has limits and hours, and its place by buttons', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/environments');
  const test1 = page.getByRole('list', { name: 'Environments' }).getByRole('listitem').first();
  await test1.getByText('Limits and hours').click();
  await test1.getByRole('textbox', { name: 'Longest wait for a lock' }).fill('5');
  await c.button('Add window').first().click();
  await expect(test1.getByRole('checkbox', { name: 'Mon' })).toBeChecked();
  await test1.getByRole('checkbox', { name: 'Fri' }).uncheck();
  await expectAccessible(page, 'environment with hours');
  await c.button('Save').click();
  await expect(c.region('Unsaved changes')).toBeHidden();
  await page.reload();
  await expect(test1).toContainText('waits for locks at most 5 s · 1 window');
  await c.button('Move Test down').click();
  await expect(page.getByText('Rollouts go:')).toContainText('Prod → Test');
  await c.button('Discard').click();
  await expect(page.getByText('Rollouts go:')).toContainText('Test → Prod');
  await test1.getByText('1', { exact: true }).dragTo(page.getByRole('textbox', { name: 'Name' }).nth(1));
  await expect(page.getByText('Rollouts go:')).toContainText('Prod → Test');
  await c.button('Discard').click();
  // The other pages of the demo change databases at any hour.
  await test1.getByText('Limits and hours').click();
  await c.button('Remove window').click();
  await c.button('Save').click();
  await expect(c.region('Unsaved changes')).toBeHidden();
});

test('a role of one’s own is made of permissions, changed and deleted', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/roles');
  await c.button('New role').click();
  const dialog = c.dialog('New role');
  await dialog.getByRole('textbox', { name: 'Role name' }).fill('Release manager');
  await dialog.getByRole('searchbox', { name: /^Permissions/ }).fill('releases');
  await dialog.getByRole('checkbox', { name: 'bb.releases.create' }).check();
  await expectAccessible(page, 'new role');
  await dialog.getByRole('button', { name: 'Create role' }).click();
  const row = c.table('Roles').getByRole('row').filter({ hasText: 'release-manager' });
  await expect(row).toContainText('Custom');
  await c.menu('Actions for Release manager', 'Edit role');
  await c.dialog('Edit role').getByRole('textbox', { name: 'Description' }).fill('Makes releases');
  await c.dialog('Edit role').getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('Makes releases');
  await c.menu('Actions for Release manager', 'Delete role');
  await c.alertDialog('Delete Release manager?').getByRole('button', { name: 'Delete role' }).click();
  await expect(row).toHaveCount(0);
});

test('an instance is described, and gets a connection that only reads', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/instances/shop-test?tab=settings');
  await c.box('Link').fill('https://wiki.example.com/shop-test');
  await c.region('Unsaved changes in General').getByRole('button', { name: 'Save' }).click();
  await expect(c.link('Open link')).toHaveAttribute('href', 'https://wiki.example.com/shop-test');
  await c.pick('Sync by itself', 'Every 30 minutes');
  await c.region('Unsaved changes in Sync').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('Unsaved changes in Sync')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Sync by itself' })).toHaveText('Every 30 minutes');
  await expectAccessible(page, 'settings of an instance');
  await page.getByRole('tab', { name: 'Connection' }).click();
  await c.button('Add read-only connection').first().click();
  await c.region('For reading').getByRole('button', { name: 'Test connection' }).click();
  await expect(c.status('Connection works')).toBeVisible();
  await c.region('For reading').getByRole('button', { name: 'Save' }).click();
  await expect(c.region('read-only-1')).toBeVisible();
  await expectAccessible(page, 'connections of an instance');
  await c.region('read-only-1').getByRole('button', { name: 'Remove' }).click();
  await c.alertDialog('Remove read-only-1?').getByRole('button', { name: 'Remove' }).click();
  await expect(c.region('read-only-1')).toHaveCount(0);
});

test('how changes reach an environment is set, and who hears of emergencies there', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/environments');
  const prod = page.getByRole('list', { name: 'Rollouts' }).getByRole('listitem').filter({ hasText: 'Prod' });
  await expect(prod).toContainText('somebody starts it');
  await prod.getByText('somebody starts it').click();
  const people = prod.getByRole('textbox', { name: 'Who is told of emergency runs' });
  const bar = c.region('Unsaved changes in Prod');
  await prod.getByRole('checkbox', { name: 'Project owner' }).check();
  await people.fill('dba@demo.basalt');
  await expect(prod.getByRole('alert')).toContainText('Enter the e-mail addresses');
  await expectAccessible(page, 'rollouts of an environment, wrong');
  await bar.getByRole('button', { name: 'Discard' }).click();
  await expect(people).toHaveValue('');
  await expect(prod.getByRole('checkbox', { name: 'Project owner' })).not.toBeChecked();
  await prod.getByRole('checkbox', { name: 'Stages start by themselves' }).check();
  await prod.getByRole('checkbox', { name: 'Project owner' }).check();
  await people.fill('dba@demo.basalt, dev@demo.basalt');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await page.reload();
  await expect(prod).toContainText(
    'starts by itself · Project owner · emergencies: dba@demo.basalt, dev@demo.basalt',
  );
  await expectAccessible(page, 'rollouts of environments');
  // The other pages of the demo find it as it was.
  await prod.getByText('starts by itself').click();
  await expect(people).toHaveValue('dba@demo.basalt, dev@demo.basalt');
  await prod.getByRole('checkbox', { name: 'Stages start by themselves' }).uncheck();
  await prod.getByRole('checkbox', { name: 'Project owner' }).uncheck();
  await people.fill('');
  await bar.getByRole('button', { name: 'Save' }).click();
  await expect(bar).toBeHidden();
  await expect(prod).toContainText('somebody starts it');
});

test('mail about approvals is switched off in the account', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/account');
  const mail = page.getByRole('checkbox', { name: 'Mail about approvals' });
  await expect(mail).toBeChecked();
  for (const wanted of [false, true]) {
    await mail.setChecked(wanted);
    await c.region('Unsaved changes in Mail').getByRole('button', { name: 'Save' }).click();
    await expect(c.region('Unsaved changes in Mail')).toBeHidden();
    await page.reload();
    await expect(mail).toBeChecked({ checked: wanted });
  }
  await expectAccessible(page, 'account with mail');
});

test('an instance that was archived comes back', async ({ page }) => {
  const c = new Console(page);
  await page.goto('/instances/shop-test');
  await c.button('Archive').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).click();
  await expect(c.heading('Instances')).toBeVisible();
  await expect(c.table('Instances').getByRole('row')).toHaveCount(2);
  await page.goto('/instances?q=state:archived');
  await expect(c.table('Instances').getByRole('row').nth(1)).toContainText('Archived');
  await c.table('Instances').getByRole('link').first().click();
  await expectAccessible(page, 'archived instance');
  await c.button('Restore').click();
  await expect(c.button('Restore')).toHaveCount(0);
  await expect(c.button('Sync now')).toBeVisible();
});
