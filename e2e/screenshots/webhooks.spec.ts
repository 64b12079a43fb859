/** Webhooks of a project: none, one that is made, several, what became of their messages. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { Receiver } from '../support/receiver.ts';
import { call, makePlan } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo', serve: ['--allow-private-outbound'] });

test('webhooks', async ({ page }) => {
  const receiver = await Receiver.start();
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  const webhook = (title: string, type: string, url: string) =>
    call(page, 'ProjectService/AddWebhook', {
      project: 'projects/shop',
      webhook: {
        title,
        type,
        url,
        notificationTypes: ['ISSUE_CREATED', 'ISSUE_APPROVAL_REQUESTED', 'ISSUE_APPROVED', 'PIPELINE_FAILED'],
      },
    });
  await page.goto('/projects/shop/webhooks');
  await expect(c.heading('Nobody is told yet')).toBeVisible();
  await shoot(page, 'webhooks-none', { phone: true });
  await c.button('Add webhook').click();
  await c.pick('Service', 'Your own receiver (signed)');
  await c.box('Name').fill('Deploy board of the platform team, in the hall of the second floor');
  await c.box('Address').fill(receiver.url);
  await c.button('Send test message').click();
  await expect(c.status('The receiver took the message')).toBeVisible();
  await shoot(page, 'webhook-new', { phone: true });
  await c.button('Create webhook').click();
  await expect(page.getByRole('dialog')).toContainText('whsec_');
  await shoot(page, 'webhook-secret', { phone: true });
  await page.getByRole('checkbox', { name: 'I have kept the secret' }).check();
  await c.button('Close').click();
  await webhook('Deploy wall', 'GENERIC', receiver.url);
  await webhook('#releases', 'SLACK', 'https://hooks.slack.com/services/T0/B0/none');
  await shoot(page, 'webhooks', { phone: true });
  const shops = ['instances/shop-test/databases/shop'];
  await makePlan(page, 'shop', 'Coupons for Easter, Pentecost and all the other feasts', 'SELECT 1;', shops);
  await c.link('Deploy wall').click();
  await expect(c.table('Deliveries').getByText('Delivered').first()).toBeVisible();
  receiver.answers = 503;
  await makePlan(page, 'shop', 'Loyalty points expire', 'SELECT 1;', shops);
  await expect(c.table('Deliveries').getByText('503').first()).toBeVisible();
  await shoot(page, 'webhook-deliveries', { phone: true, full: true });
  await page.goto('/projects/shop/settings');
  await expect(c.region('Access')).toBeVisible();
  await shoot(page, 'project-settings', { phone: true, full: true });
  await receiver.stop();
});
