/** A receiver is told what happens in a project, proves who tells it, and what it refuses is seen and sent again. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { isSignedBy, Receiver } from '../support/receiver.ts';
import { call, makeDraft } from '../support/shop.ts';

test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });
test.describe.configure({ mode: 'serial' });

const receiver = await Receiver.start();
test.afterAll(() => receiver.stop());

const SHOP = 'instances/shop-test/databases/shop';

let secret = '';

test('a webhook is added, and its secret shows once', async ({ page, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/webhooks');
  await expect(c.heading('Nobody is told yet')).toBeVisible();
  await c.button('Add webhook').click();
  const dialog = c.dialog('Add webhook');
  await test.step('what is missing is said', async () => {
    for (const event of ['Approval requested', 'Rollout failed']) {
      await dialog.getByRole('checkbox', { name: event }).uncheck();
    }
    await dialog.getByRole('button', { name: 'Create webhook' }).click();
    await expect(dialog.getByRole('alert')).toHaveText([
      'Enter a name.',
      'Enter the address that the service gave you.',
      'Choose at least one.',
    ]);
    await expectAccessible(page, 'a webhook with mistakes');
  });
  await test.step('an address of another service is refused beside its field', async () => {
    await c.box('Address').fill(receiver.url);
    guard.allow(/ProjectService\/TestWebhook$/, 400);
    await dialog.getByRole('button', { name: 'Send test message' }).click();
    await expect(dialog.getByRole('alert').filter({ hasText: 'hooks.slack.com' })).toBeVisible();
  });
  await c.pick('Service', 'Your own receiver (signed)');
  await c.box('Name').fill('Deploy board');
  await dialog.getByRole('checkbox', { name: 'Issue created' }).check();
  await test.step('a test is answered where it is asked for', async () => {
    receiver.answers = 503;
    await dialog.getByRole('button', { name: 'Send test message' }).click();
    await expect(dialog.getByRole('alert').filter({ hasText: '503' })).toBeVisible();
    receiver.answers = 200;
    await dialog.getByRole('button', { name: 'Send test message' }).click();
    await expect(c.status('The receiver took the message')).toBeVisible();
    await expectAccessible(page, 'a tested webhook');
  });
  await dialog.getByRole('button', { name: 'Create webhook' }).click();
  const shown = c.dialog('Signing secret of Deploy board');
  secret = ((await shown.getByRole('region', { name: 'Signing secret' }).textContent()) ?? '').trim();
  expect(secret).toMatch(/^whsec_/);
  await expectAccessible(page, 'the secret of a webhook');
  await shown.getByRole('button', { name: 'Close' }).click();
  await expect(shown.getByRole('alert')).toBeVisible();
  await shown.getByRole('checkbox', { name: 'I have kept the secret' }).check();
  await shown.getByRole('button', { name: 'Close' }).click();
  await expect(c.table('Webhooks').getByRole('row', { name: /Deploy board/ })).toContainText('Issue created');
  await expect(page.getByText(secret)).toHaveCount(0);
});

test('what happens arrives signed, and what is refused is sent again', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  receiver.messages.length = 0;
  receiver.answers = 500;
  await call(page, 'IssueService/CreateIssue', {
    parent: 'projects/shop',
    issue: {
      title: 'Coupons for Easter',
      type: 'DATABASE_CHANGE',
      plan: await makeDraft(page, 'shop', 'Coupons for Easter', 'SELECT 1;', [SHOP]),
    },
  });
  await page.goto('/projects/shop/webhooks');
  await c.link('Deploy board').click();
  await expect(c.heading('Deploy board')).toBeVisible();
  const row = c.table('Deliveries').getByRole('row', { name: /Coupons for Easter/ });
  await expect(row).toContainText('Waiting');
  await expect(row).toContainText('500');
  await expect(row.getByRole('cell').nth(2)).toHaveText('1');
  await expectAccessible(page, 'deliveries of a webhook');
  receiver.answers = 204;
  await row.getByRole('button', { name: 'Send again' }).click();
  await expect(row).toContainText('Delivered');
  await expect(row.getByRole('button', { name: 'Send again' })).toHaveCount(0);
  const [first, second] = receiver.messages;
  expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
  expect(second && isSignedBy(secret, second)).toBe(true);
  expect(second && JSON.parse(second.body)).toMatchObject({ type: 'issue.created' });
  await expect(c.region('How a receiver verifies')).toContainText('webhook-signature');
});

test('a new secret takes the place of the old one; an edit keeps the address; a deleted one is gone', async ({
  page,
}) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await page.goto('/projects/shop/webhooks');
  await c.link('Deploy board').click();
  await c.menu('Actions for Deploy board', 'New secret');
  await c.alertDialog('New secret for Deploy board?').getByRole('button', { name: 'New secret' }).click();
  const shown = c.dialog('Signing secret of Deploy board');
  const fresh = ((await shown.getByRole('region', { name: 'Signing secret' }).textContent()) ?? '').trim();
  expect(fresh).not.toBe(secret);
  await shown.getByRole('checkbox', { name: 'I have kept the secret' }).check();
  await shown.getByRole('button', { name: 'Close' }).click();

  await c.menu('Actions for Deploy board', 'Edit');
  await c.box('Name').fill('Deploy wall');
  await c.dialog('Edit Deploy board').getByRole('checkbox', { name: 'Release created' }).check();
  await c.dialog('Edit Deploy board').getByRole('button', { name: 'Save' }).click();
  await expect(c.heading('Deploy wall')).toBeVisible();
  await expect(c.region('Told of')).toContainText('Release created');
  receiver.messages.length = 0;
  await c.button('Send test message').click();
  await expect(c.status('The receiver took the message')).toBeVisible();
  const [message] = receiver.messages;
  expect(message && isSignedBy(fresh, message)).toBe(true);

  await c.menu('Actions for Deploy wall', 'Delete webhook');
  await c.alertDialog('Delete Deploy wall?').getByRole('button', { name: 'Delete webhook' }).click();
  await expect(c.heading('Nobody is told yet')).toBeVisible();
});
