/** Every menu and dialog, by keyboard: focus goes in, nothing serious for axe in both themes, Esc closes, focus comes back. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/a11y.ts';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { OVERLAYS, OVERLAYS_ELSEWHERE, type Overlay } from '../support/overlays.ts';
import { call } from '../support/shop.ts';

test.use({ mode: 'demo' });

const SOON = 3_000;
const ALWAYS_LOADING = '/dev/ui';
const SHOP = 'instances/shop-test/databases/shop';

test('every component that opens something is opened by a test', () => {
  const source = resolve(import.meta.dirname, '../../web/src');
  const opens = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.tsx') &&
      !file.startsWith('ui/') &&
      /<((Form)?Dialog|(Typed|Action)?Confirm|Menu|(Dialog|Popover)\.Root)\b/.test(
        readFileSync(resolve(source, file), 'utf8'),
      ),
  );
  expect(opens.length).toBeGreaterThan(40);
  const opened = new Set([...OVERLAYS.map(({ of }) => of), ...Object.keys(OVERLAYS_ELSEWHERE)]);
  expect(opens.filter((file) => !opened.has(file))).toEqual([]);
});

/** With a worker a failure takes its server away; a new one begins here again. */
let prepared = false;

test.beforeEach(async ({ page, guard }) => {
  if (prepared) return;
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
  await prepare(page);
  prepared = true;
});

/** Something of everything that has a menu or a dialog of its own. */
async function prepare(page: Page): Promise<void> {
  await call(page, 'GroupService/CreateGroup', {
    groupEmail: 'crew@demo.basalt',
    group: { title: 'Release crew' },
  });
  await call(page, 'RoleService/CreateRole', {
    roleId: 'release-manager',
    role: { title: 'Release manager', permissions: ['bb.releases.create'] },
  });
  await call(page, 'ServiceAccountService/CreateServiceAccount', {
    parent: 'workspaces/default',
    serviceAccountId: 'nightly',
    serviceAccount: { title: 'Nightly' },
  });
  await call(page, 'ReviewConfigService/CreateReviewConfig', {
    reviewConfig: { name: 'reviewConfigs/house-rules', title: 'House rules', enabled: true, rules: [] },
  });
  await call(page, 'ProjectService/UpdateProject', {
    project: { name: 'projects/shop', issueLabels: [{ value: 'urgent' }] },
    updateMask: 'issueLabels',
  });
  await call(page, 'ProjectService/AddWebhook', {
    project: 'projects/shop',
    webhook: {
      type: 'SLACK',
      title: 'Release channel',
      url: 'https://hooks.slack.com/services/T0/B0/none',
      notificationTypes: ['RELEASE_CREATED'],
    },
  });
  await call(page, 'RevisionService/BatchCreateRevisions', {
    parent: SHOP,
    requests: [{ parent: SHOP, revision: { version: '0.9', type: 'VERSIONED' } }],
  });
  const { dataSources = [] } = await call<{ dataSources?: { host: string }[] }>(
    page,
    'InstanceService/GetInstance',
    { name: 'instances/shop-test' },
  );
  await call(page, 'InstanceService/AddDataSource', {
    name: 'instances/shop-test',
    dataSource: { ...dataSources[0], id: 'reader', type: 'READ_ONLY' },
  });
}

for (const path of new Set(OVERLAYS.map(({ path }) => path))) {
  const overlays = OVERLAYS.filter((overlay) => overlay.path === path);
  test(`what ${path} opens`, async ({ page, guard }) => {
    test.setTimeout(20_000 + overlays.length * 20_000);
    guard.allow(/InstanceService\/CreateInstance$/, 400);
    const c = new Console(page);
    for (const overlay of overlays) {
      await test.step(`${overlay.of}: ${overlay.name}`, () => openAndClose(c, overlay));
    }
  });
}

async function openAndClose(c: Console, overlay: Overlay): Promise<void> {
  const { page } = c;
  const { path, opener, keys = 'Enter', item, is, name, first, phone } = overlay;
  if (phone) await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
  // Components in all their states are never done with loading.
  if (path !== ALWAYS_LOADING) await c.loaded();
  await first?.(c);
  const from = opener(c).first();
  await expect(from).toBeVisible();
  await from.focus();
  await page.keyboard.press(keys);
  if (item) {
    const choice = page.getByRole('menuitem', { name: item, exact: true });
    await expect(choice).toBeVisible();
    while (!(await choice.evaluate((element) => element === document.activeElement)))
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  }
  const over = page.getByRole(is, { name, exact: true });
  await expect(over).toBeVisible();
  if (path !== ALWAYS_LOADING) await c.loaded();
  await expect
    .soft(over.locator('*:focus').or(over.locator(':scope:focus')), 'the focus goes in')
    .toBeAttached({ timeout: SOON });
  await expectAccessible(page, `${name}`);
  await page.keyboard.press('Escape');
  await expect(over).toBeHidden();
  // A column's menu gives it to its own button in the column's head.
  await expect
    .poll(
      () =>
        opener(c)
          .first()
          .evaluate((element) => element.contains(document.activeElement)),
      {
        message: `${name}: the focus comes back`,
        timeout: SOON,
      },
    )
    .toBe(true);
}

test('a dialog that a link opens gives the focus to the page', async ({ page }) => {
  const c = new Console(page);
  for (const [path, name] of [
    ['/projects?dialog=new', 'New project'],
    ['/service-accounts?dialog=new', 'New service account'],
  ] as const) {
    await page.goto(path);
    await expect(c.dialog(name)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(c.dialog(name)).toBeHidden();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  }
});
