/** An emergency run, its review, and a hotfix. */
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { another } from '../support/people.ts';
import { call, makePlan } from '../support/shop.ts';
import { shoot } from '../support/shots.ts';

test.use({ mode: 'demo' });

const SHOPS = ['test', 'prod'].map((where) => `instances/shop-${where}/databases/shop`);
const REASON = 'Prices are wrong in the shop since the feed of the wholesaler changed its currency.';

test('an emergency run', async ({ page, browser, baseURL, guard }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop', requireIssueApproval: true },
    updateMask: 'requireIssueApproval',
  });
  const sql = 'ALTER TABLE product ADD COLUMN net integer;';
  const plan = await makePlan(page, 'shop', 'Prices without tax', sql, SHOPS);
  await page.goto(`/${plan}`);
  await c.menu('More actions', 'Emergency run…');
  await c.pick('Stage', 'Prod');
  await c.box('Why it cannot wait').fill(REASON);
  await c.box('Link to the incident').fill('https://incidents.example.com/2026/11/27/prices-without-tax');
  await c.box('Who is told').fill('dba@demo.basalt, dev@demo.basalt');
  await shoot(page, 'emergency-run', { phone: true });
  await page.getByRole('checkbox', { name: 'I understand this changes production' }).check();
  await c.button('Run as emergency').click();
  await expect(page.getByRole('note').filter({ hasText: 'a review is due' })).toBeVisible();
  await expect(c.region('Rollout').getByRole('status').filter({ hasText: 'Done' })).toBeVisible();
  await shoot(page, 'emergency-due', { phone: true });
  await page.goto(`/${plan}?tab=rollout`);
  await shoot(page, 'emergency-rollout');
  const other = await another(browser, baseURL ?? '', guard, 'Dana DBA');
  const d = new Console(other);
  await d.loaded();
  await shoot(other, 'emergency-home', { phone: true });
  await other.goto(`/${plan}`);
  await d.button('Review emergency run').click();
  await d.radio('Justified').check();
  await d.box('What was found').fill('The feed was broken; it is mended now, and its currency is checked.');
  await shoot(other, 'emergency-review', { phone: true });
  await d.button('Submit review').click();
  await expect(other.getByRole('note').filter({ hasText: 'Emergency run: justified' })).toBeVisible();
  await shoot(other, 'emergency-reviewed');
});

test('a hotfix', async ({ page }) => {
  const c = new Console(page);
  await c.enterAs('Ada Admin');
  await call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop' },
    updateMask: 'requireIssueApproval',
  });
  await page.goto(`/projects/shop/plans/new?databases=${SHOPS.join(',')}`);
  await c.box('Title').fill('Index for the checkout');
  await page.getByRole('checkbox', { name: 'Hotfix: production first' }).check();
  await c.box('Why it cannot wait for the earlier environments').fill('The checkout takes a minute');
  await c.write(c.box('SQL statement'), 'CREATE INDEX checkout ON product (id);');
  await shoot(page, 'hotfix-new', { phone: true });
  await c.button('Create plan').click();
  await c.button('Submit for review').click();
  await c.button('Start rollout').click();
  await c.button('Run Prod stage').click();
  await page.getByRole('checkbox', { name: 'I understand this changes production' }).check();
  await c.button('Run now').click();
  await expect(page.getByRole('list', { name: 'Hotfix: these still have to get it' })).toBeVisible();
  await shoot(page, 'hotfix-left', { phone: true });
});
