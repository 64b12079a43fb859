/** A member asks for a role, an owner agrees, it shows with its end, and when that comes it is gone. */
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { another } from '../support/people.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });

const PROJECT = 'projects/shop';
const DEVI = 'user:dev@demo.basalt';
const SOON_MS = 4_000;

interface Policy {
  bindings: { role: string; members: string[]; condition?: { expression: string } }[];
  etag: string;
}

test('a role is asked for, granted and ends by itself', async ({ page, browser, baseURL, guard }) => {
  test.setTimeout(120_000);
  const other = await another(browser, baseURL ?? '', guard, 'Ada Admin');
  const ada = new Console(other);
  const c = new Console(page);
  await test.step('an owner lets members ask', async () => {
    await c.enterAs('Devi Developer');
    await page.goto('/projects/shop/webhooks');
    await expect(page.getByText('bb.projects.update')).toBeVisible();
    await expect(c.button('Request role')).toHaveCount(0);
    await other.goto('/projects/shop/settings');
    await ada.region('Access').getByRole('checkbox', { name: 'Members may ask for roles' }).check();
    await ada.region('Access').getByRole('button', { name: 'Save' }).click();
    await expect(ada.status('Saved').first()).toBeVisible();
  });
  await test.step('a member who is refused asks', async () => {
    await page.reload();
    await c.button('Request role').click();
    const dialog = c.dialog('Request a role');
    await expect(dialog.getByText('It has bb.projects.update.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Send request' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await c.pick('Ends', 'After 7 days');
    await c.box('Reason').fill('To tell our channel of releases');
    await expectAccessible(page, 'role request');
    await dialog.getByRole('button', { name: 'Send request' }).click();
    await expect(c.region('Request')).toContainText('After 7 days');
    await expect(c.region('Request')).toContainText('To tell our channel of releases');
    await expect(c.button('Review changes')).toHaveCount(0);
    await expectAccessible(page, 'a role request');
  });
  await test.step('an owner agrees, and it holds at once', async () => {
    await other.goto(page.url());
    await ada.button('Review changes').click();
    const review = ada.dialog('Submit review');
    await review.getByRole('radio', { name: 'Approve' }).check();
    await review.getByRole('button', { name: 'Submit review' }).click();
    await expect(page.getByText('Done', { exact: true }).first()).toBeVisible();
    await page.goto('/projects/shop/webhooks');
    await expect(c.button('Add webhook')).toBeVisible();
  });
  await other.goto('/projects/shop/members');
  const row = ada.table('Members').getByRole('row', { name: /dev@demo.basalt/ });
  await expect(row).toContainText('ends');
  await test.step('when its end comes, it is gone', async () => {
    const policy = await call<Policy>(other, 'ProjectService/GetIamPolicy', { resource: PROJECT });
    const end = new Date(Date.now() + SOON_MS).toISOString();
    const asked = policy.bindings.find(
      ({ members, condition }) => members.includes(DEVI) && condition?.expression.includes('request.time'),
    );
    if (!asked) throw new Error('the role that was asked for is not in the policy');
    asked.condition = { expression: `request.time < timestamp("${end}")` };
    await call(other, 'ProjectService/SetIamPolicy', { resource: PROJECT, policy, etag: policy.etag });
    await expect(async () => {
      await page.reload();
      await expect(page.getByText('bb.projects.update')).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    await expect(c.button('Request role')).toBeVisible();
  });
  await other.context().close();
});
