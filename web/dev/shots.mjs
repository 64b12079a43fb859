/**
 * Takes pictures of pages in both themes and two sizes, to be looked at: `node dev/shots.mjs OUT [NAME…]`.
 * Wants a running `npm run dev` (mock) on $URL, default http://127.0.0.1:5173. Prints console errors.
 */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const say = (text) => process.stdout.write(`${text}\n`);
const [out = '/tmp/shots', ...only] = process.argv.slice(2);
const base = process.env.URL ?? 'http://127.0.0.1:5173';
const themes = (process.env.THEMES ?? 'light,dark').split(',');
const sizes = (process.env.SIZES ?? '1440x900').split(',');
mkdirSync(out, { recursive: true });

const click = (role, name) => (page) => page.getByRole(role, { name }).first().click();
const PAGES = [
  ['sign-in', '/auth/signin'],
  ['home', '/'],
  ['projects', '/projects'],
  ['project-new', '/projects?dialog=new'],
  ['project', '/projects/shop'],
  ['instances', '/instances'],
  ['instance-new', '/instances/new'],
  ['instance', '/instances/pg-prod'],
  ['databases', '/databases'],
  [
    'project-databases',
    '/projects/shop/databases',
    async (page) => {
      await page.getByRole('checkbox', { name: 'shop_test' }).check();
      await page.getByRole('checkbox', { name: 'shop_prod' }).check();
    },
  ],
  ['add-databases', '/projects/hr/databases', click('button', 'Add databases')],
  ['database', '/instances/pg-test/databases/shop_test'],
  ['database-table', '/instances/pg-test/databases/shop_test?object=table:public.purchase_order'],
  ['changelogs', '/instances/pg-test/databases/shop_test?tab=changelog'],
  ['changelog', '/instances/pg-test/databases/shop_test/changelogs/c2?compare=previous'],
  ['changelog-split', '/instances/pg-test/databases/shop_test/changelogs/c2?compare=previous&diff=split'],
  ['environments', '/environments'],
  ['plans', '/projects/shop/plans'],
  [
    'plan-new',
    '/projects/shop/plans/new?databases=instances/pg-test/databases/shop_test,instances/pg-prod/databases/shop_prod',
    click('button', 'Create plan'),
  ],
  ['plan-failing', '/projects/shop/plans/15'],
  ['plan-rollout', '/projects/shop/plans/12'],
  ['plan-rollout-bottom', '/projects/shop/plans/12?tab=rollout'],
  ['plan-failed', '/projects/shop/plans/13?tab=rollout'],
  ['task-log', '/projects/shop/plans/13?tab=rollout&task=1'],
  ['review-configs', '/sql-review'],
  ['review-new', '/sql-review?dialog=new'],
  [
    'review-config',
    '/sql-review/prod',
    (page) => page.getByRole('listitem', { name: 'NAMING_INDEX_IDX' }).getByRole('button').click(),
  ],
  ['review-docs', '/sql-review/prod?panel=NAMING_TABLE'],
  [
    'review-try',
    '/sql-review/prod?panel=try',
    async (page) => {
      await page.getByRole('textbox', { name: 'SQL to review' }).click();
      await page.keyboard.insertText(
        'ALTER TABLE book ADD CHECK (pages > 0);\nUPDATE book SET title = \'x\';\nCREATE TABLE "A" ();\n',
      );
      await page.getByRole('list', { name: 'Findings' }).waitFor();
    },
  ],
  ['review-attach', '/sql-review/prod', click('button', 'Attach')],
  ['review-rule', '/sql-review/rules/NAMING_TABLE'],
  ['project-settings', '/projects/shop/settings'],
  ['issues', '/projects/shop/issues'],
  ['my-issues', '/issues'],
  ['users', '/users'],
  ['members', '/members'],
  ['roles', '/roles'],
  ['settings', '/settings'],
  ['account', '/account'],
  ['palette', '/', (page) => page.keyboard.press('Control+k')],
  ['account-menu', '/', click('button', 'Account')],
  ['not-found', '/projects/shop/plans/9999'],
];

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
for (const size of sizes) {
  const [width, height] = size.split('x').map(Number);
  for (const theme of themes) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme });
    for (const [name, path, act] of PAGES) {
      if (only.length > 0 && !only.includes(name)) continue;
      const page = await context.newPage();
      page.on('console', (m) => m.type() === 'error' && say(`${name}: ${m.text()}`));
      page.on('pageerror', (e) => say(`${name}: ${e.message}`));
      await page.goto(base + path);
      try {
        await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 8000 });
        await page.waitForTimeout(500);
        if (act) await act(page);
        await page.waitForTimeout(400);
      } catch (error) {
        say(`${name}: ${error.message.split('\n')[0]}`);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) say(`${name} ${size}: scrolls sideways by ${overflow}px`);
      await page.screenshot({ path: `${out}/${name}-${theme}-${width}.png` });
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
