/**
 * What a page that stays open all day goes through: other people change things, tabs multiply, the network goes, the
 * server dies, the session ends. It stays live or says that it is not, and nothing that was typed is lost.
 */
import type { Page, Request } from '@playwright/test';
import { Console } from '../support/console.ts';
import { figure, percentile, seenAt } from '../support/figures.ts';
import { expect, test } from '../support/fixtures.ts';
import { postgres, server } from '../support/servers.ts';
import { call, makePlan, makeProject, makeRollout, type Target } from '../support/shop.ts';

const MARK = Date.now().toString(36);
const pgServer = server('postgres');

test.use({ mode: 'demo' });
test.describe.configure({ mode: 'serial' });

test.beforeEach(({ guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
});

const SHOP = 'instances/shop-test/databases/shop';
const NEW_PLAN = `/projects/shop/plans/new?databases=${SHOP}`;
const TITLE = 'Nicknames';
/** A plan that nobody has run. */
let plan = '';

test('a plan to work on', async ({ page }) => {
  await new Console(page).enterAs('Ada Admin');
  const script = 'ALTER TABLE customer ADD COLUMN nickname text;\n';
  plan = await makePlan(page, 'shop', TITLE, script, [SHOP]);
});

const rename = (page: Page, title: string) =>
  call(page, 'PlanService/UpdatePlan', { plan: { name: plan, title }, updateMask: 'title' });

async function openPlan(c: Console): Promise<void> {
  await c.page.goto(`/${plan}`);
  await expect(c.live('Live')).toBeVisible();
  await c.loaded();
}

test('what one does, another sees within a second', async ({ page, browser, basalt, guard }) => {
  await page.goto('/account');
  const other = new Console(await (await browser.newContext({ baseURL: basalt.url })).newPage());
  guard.watch(other.page);
  await other.enterAs('Dana DBA');
  await openPlan(other);
  const { issue } = await call<{ issue: string }>(page, 'PlanService/GetPlan', { name: plan });
  const took: number[] = [];
  const shows = async (text: string, change: () => Promise<unknown>) => {
    const seen = seenAt(other.page, text, 5_000);
    const begin = Date.now();
    await change();
    took.push((await seen) - begin);
  };
  for (let i = 0; i < 8; i += 1) {
    await shows(`Renamed ${i}`, () => rename(page, `Renamed ${i}`));
    await shows(`Said ${i}`, () =>
      call(page, 'IssueService/CreateIssueComment', {
        parent: issue,
        issueComment: { comment: `Said ${i}` },
      }),
    );
  }
  await rename(page, TITLE);
  figure('a change of one shows to another, p50', percentile(took, 50), { goal: 1_000, limit: 2_000 });
  figure('a change of one shows to another, p95', percentile(took, 95), { goal: 1_000, limit: 2_000 });
  await other.page.context().close();
});

test('a reload in the middle of typing loses nothing', async ({ page }) => {
  const c = new Console(page);
  await test.step('a new plan', async () => {
    await page.goto(NEW_PLAN);
    await c.box('SQL statement').click();
    await page.keyboard.type('ALTER TABLE customer ADD COLUMN nick');
    await c.box('Title').pressSequentially('Nicknames, half wri');
    await page.reload();
    await expect(c.box('Title')).toHaveValue('Nicknames, half wri');
    await expect(c.box('SQL statement')).toHaveText('ALTER TABLE customer ADD COLUMN nick');
    await c.box('Title').fill('');
    await c.write(c.box('SQL statement'), '');
  });
  await test.step('a plan that is there, and a comment on it', async () => {
    await openPlan(c);
    await c.box('Comment').pressSequentially('Before we run this, let us');
    await c.box('SQL statement').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('-- not sent yet');
    await page.reload();
    await expect(c.box('SQL statement')).toContainText('-- not sent yet');
    await expect(c.button('Save')).toBeVisible();
    await expect(c.box('Comment')).toHaveValue('Before we run this, let us');
  });
  await test.step('what is sent, or thrown away, does not come back', async () => {
    await c.button('Send comment').click();
    await expect(c.box('Comment')).toHaveValue('');
    await expect(c.region('Activity').getByText('Before we run this, let us', { exact: true })).toBeVisible();
    await c.button('Discard').click();
    await page.reload();
    await expect(c.box('SQL statement')).not.toContainText('-- not sent yet');
    await expect(c.box('Comment')).toHaveValue('');
  });
});

test('a page outlives its server', async ({ page, secondPage, basalt, guard }) => {
  const c = new Console(page);
  await openPlan(c);
  await c.box('Comment').fill('Typed before the server died');
  const other = await secondPage();
  await other.goto('/account');
  await expect(new Console(other).heading('Profile')).toBeVisible();
  await new Console(other).loaded();
  guard.outage(true);
  await basalt.kill();
  await expect(c.live('Reconnecting')).toBeVisible();
  await c.box('Comment').pressSequentially(', and while it was dead');
  await c.button('Send comment').click();
  await expect(c.region('Activity').getByRole('alert')).toContainText('The server cannot be reached.');
  await basalt.restart();
  await rename(other, 'Changed before anybody was back');
  await expect(c.live('Live')).toBeVisible();
  guard.outage(false);
  await expect(c.heading('Changed before anybody was back')).toBeVisible();
  await expect(c.box('Comment')).toHaveValue('Typed before the server died, and while it was dead');
  await test.step('and is live as before', async () => {
    const seen = seenAt(page, TITLE, 5_000);
    await rename(other, TITLE);
    expect(await seen).not.toBe(Number.POSITIVE_INFINITY);
    await c.button('Send comment').click();
    const timeline = c.region('Activity').getByRole('list', { name: 'Timeline' });
    await expect(timeline.getByText(', and while it was dead')).toBeVisible();
    await expect(c.region('Activity').getByRole('alert')).toHaveCount(0);
  });
});

test('without a network the page says so, and goes on when it is back', async ({
  page,
  secondPage,
  guard,
}) => {
  const c = new Console(page);
  await openPlan(c);
  const other = await secondPage();
  await other.goto('/account');
  await c.box('Comment').fill('On the train');
  guard.outage(true);
  await page.context().setOffline(true);
  await expect(c.live('Paused')).toBeVisible();
  await rename(other, 'Changed while you were away');
  await page.context().setOffline(false);
  await expect(c.live('Live')).toBeVisible();
  guard.outage(false);
  await expect(c.heading('Changed while you were away')).toBeVisible();
  await expect(c.box('Comment')).toHaveValue('On the train');
  await c.box('Comment').fill('');
  await rename(other, TITLE);
});

test('tabs have one session: it ends, begins and changes hands in all of them', async ({ page, guard }) => {
  guard.allow(/./, 401);
  const c = new Console(page);
  await page.goto(NEW_PLAN);
  // What the test before has written may come back between the choice of the old text and the new one.
  await expect(async () => {
    await c.box('Title').fill('Of Ada');
    await expect(c.box('Title')).toHaveValue('Of Ada', { timeout: 500 });
  }).toPass();
  const second = new Console(await page.context().newPage());
  guard.watch(second.page);
  await openPlan(second);
  await second.box('Comment').fill('Also of Ada');
  await c.write(c.box('SQL statement'), 'SELECT 1');
  await page.context().clearCookies();
  const again = (of: Console) => of.dialog('Sign in again');
  // Each finds out with its next call: here the review of what is typed, there a comment. One that found out by itself is no worse.
  await page.keyboard.insertText(';');
  await second.button('Send comment').click();
  for (const tab of [c, second]) await expect(again(tab)).toBeVisible();
  await expect(again(c).getByRole('textbox', { name: 'Email' })).toHaveAttribute('readonly', '');
  await again(c).getByRole('textbox', { name: 'Password' }).fill('basalt-demo');
  await again(c).getByRole('button', { name: 'Sign in', exact: true }).click();
  for (const tab of [c, second]) await expect(again(tab)).toBeHidden();
  await expect(c.box('Title')).toHaveValue('Of Ada');
  await expect(second.box('Comment')).toHaveValue('Also of Ada');
  await expect(second.live('Live')).toBeVisible();

  await test.step('somebody else signs in: nobody acts by the name of another', async () => {
    await c.signOut();
    await expect(again(second)).toBeVisible();
    const anew = second.page.waitForEvent('load');
    await c.button('Continue as Devi Developer').click();
    await expect(c.heading('Home')).toBeVisible();
    await anew;
    await expect(again(second)).toBeHidden();
    await second.button('Account').click();
    await expect(second.page.getByText('Devi Developer')).toBeVisible();
    await expect(second.box('Comment')).toHaveValue('');
  });
  await test.step('what Ada wrote waits for her', async () => {
    await c.enterAs('Ada Admin');
    await page.goto(NEW_PLAN);
    await expect(c.box('Title')).toHaveValue('Of Ada');
    await c.box('Title').fill('');
    await c.write(c.box('SQL statement'), '');
  });
});

test('eight tabs at once are all live, over one stream', async ({ page, guard, context }) => {
  test.skip(!pgServer, 'SKIPPED: PostgreSQL is missing: cargo xtask servers up');
  if (!pgServer) return;
  test.setTimeout(120_000);
  await new Console(page).enterAs('Ada Admin');
  const query = postgres(pgServer);
  const target: Target = {
    instance: `tabs-${MARK}`,
    engine: 'POSTGRES',
    environment: 'test',
    server: pgServer,
    database: `tabs_${MARK}`,
  };
  await makeProject(page, `tabs-${MARK}`, 'Eight tabs', [{ ...target, query }]);
  // It waits for this test, not for a time.
  const script = `CREATE TABLE go (on_ boolean);
DO $$ BEGIN
  FOR i IN 1..600 LOOP
    EXIT WHEN EXISTS (SELECT FROM pg_database WHERE datname = 'go_${MARK}');
    PERFORM pg_sleep(0.1);
  END LOOP;
  RAISE NOTICE 'Everybody is there';
END $$;
`;
  const eight = await makeRollout(page, `tabs-${MARK}`, 'Eight tabs', script, [target]);

  const streams = { events: new Set<Request>(), logs: new Set<Request>() };
  let most = 0;
  const count = (of: Page) => {
    of.on('request', (request) => {
      const kind = /^\/api\/(events|logs)\b/.exec(
        new URL(request.url()).pathname,
      )?.[1] as keyof typeof streams;
      if (!kind) return;
      streams[kind].add(request);
      most = Math.max(most, streams.events.size + streams.logs.size);
    });
    const over = (request: Request) => Object.values(streams).some((open) => open.delete(request));
    of.on('requestfinished', over);
    of.on('requestfailed', over);
  };
  const tabs = [new Console(page)];
  while (tabs.length < 8) {
    const tab = await context.newPage();
    guard.watch(tab);
    tabs.push(new Console(tab));
  }
  for (const tab of tabs) count(tab.page);
  const [first, last] = [tabs[0] as Console, tabs[7] as Console];
  await first.page.goto(`/${eight}?tab=rollout`);
  await first.button('Run Test stage').click();
  await first.alertDialog('Run 1 task in Test?').getByRole('button', { name: 'Run now' }).click();
  await expect(first.taskStatus(target.database, 'Running')).toBeVisible();
  const task = await first.task(target.database).getByRole('link', { name: 'View log' }).getAttribute('href');
  await Promise.all(
    tabs.map(async (tab) => {
      await tab.page.goto(task ?? '');
      await expect(
        tab
          .region('Task log')
          .getByRole('status')
          .filter({ hasText: /^(Live|Polling)$/ }),
      ).toBeVisible();
      await expect(tab.live('Live')).toBeVisible();
    }),
  );
  const renamed = async (title: string, of: readonly Console[]) => {
    const seen = Promise.all(of.map((tab) => seenAt(tab.page, title, 10_000)));
    const begin = Date.now();
    await call(last.page, 'PlanService/UpdatePlan', { plan: { name: eight, title }, updateMask: 'title' });
    return Math.max(...(await seen)) - begin;
  };
  figure('a change shows in all of eight tabs', await renamed('All eight', tabs), {
    goal: 1_000,
    limit: 3_000,
  });
  await query(`CREATE DATABASE go_${MARK}`);
  for (const tab of tabs) {
    await expect(tab.taskStatus(target.database, 'Done')).toBeVisible();
    await expect(tab.region('Task log').getByText('NOTICE: Everybody is there')).toBeVisible();
    await expect(tab.region('Task log').getByRole('status').filter({ hasText: 'Ended' })).toBeVisible();
  }
  // A browser has six connections to a host, and calls need one. A new stream opens before the old one ends.
  expect(most, 'streams of eight tabs').toBeLessThanOrEqual(5);
  await expect.poll(() => [streams.events.size, streams.logs.size]).toEqual([1, 0]);

  await test.step('the tab that listened for the others is closed', async () => {
    await page.goto('about:blank');
    const rest = tabs.slice(1);
    await expect.poll(() => streams.events.size).toBe(1);
    await renamed('Seven left', rest);
    for (const tab of rest) await expect(tab.heading('Seven left')).toBeVisible();
  });
  for (const tab of tabs.slice(1)) await tab.page.close();
  for (const database of [target.database, `go_${MARK}`])
    await query(`DROP DATABASE ${database} WITH (FORCE)`);
});
