/** What every page keeps to: its size, its speed, its policy, its structure, and where the focus goes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { Console } from '../support/console.ts';
import { figure } from '../support/figures.ts';
import { expect, test } from '../support/fixtures.ts';
import { ELSEWHERE, PAGES } from '../support/pages.ts';

const PAINT_MS = 1_200;
const TRIES = 4;
/** The network that the budget is for. */
const NETWORK = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };

test.use({ mode: 'demo' });
test.beforeEach(async ({ page, guard }) => {
  // A browser without a session asks whether it has one.
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
});

test('every route is walked by a test', () => {
  const source = readFileSync(resolve(import.meta.dirname, '../../web/src/lib/paths.ts'), 'utf8');
  const table = source.slice(source.indexOf('patterns = {'), source.indexOf('} as const'));
  const patterns = [...table.matchAll(/: '(\/[^']*)'/g)].map(([, pattern]) => pattern ?? '');
  expect(patterns.length).toBeGreaterThan(20);
  const walked = (pattern: string) => {
    const parts = pattern.split('/');
    return PAGES.some(({ path }) => {
      const of = (path.split('?')[0] ?? '').split('/');
      return of.length === parts.length && parts.every((part, i) => part.startsWith('$') || part === of[i]);
    });
  };
  expect(patterns.filter((pattern) => !walked(pattern) && !(pattern in ELSEWHERE))).toEqual([]);
});

/** What the page weighs, when it had its largest paint, and how much it jumped. */
async function measure(page: Page, path: string) {
  await page.goto(path, { waitUntil: 'load' });
  await new Console(page).loaded();
  return page.evaluate(async () => {
    const collect = <T>(type: string, of: (entry: PerformanceEntry) => T) =>
      new Promise<T[]>((done) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect();
          done(list.getEntries().map(of));
        });
        observer.observe({ type, buffered: true });
        setTimeout(() => done([]), type === 'layout-shift' ? 500 : 5_000);
      });
    const paints = await collect('largest-contentful-paint', (entry) => entry.startTime);
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
    const shifts = await collect('layout-shift', (e) =>
      (e as Shift).hadRecentInput ? 0 : (e as Shift).value,
    );
    const scripts = performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname.endsWith('.js')) as PerformanceResourceTiming[];
    return {
      lcp: Math.max(...paints),
      cls: shifts.reduce((sum, value) => sum + value, 0),
      js: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024,
    };
  });
}

test('the first page is there within its budget', async ({ page, browser, basalt, guard }) => {
  test.setTimeout(120_000);
  const storageState = await page.context().storageState();
  const once = async (path: string) => {
    // Nothing is in the cache of a new context.
    const fresh = await browser.newContext({ baseURL: basalt.url, storageState, reducedMotion: 'reduce' });
    const first = await fresh.newPage();
    guard.watch(first);
    await (await fresh.newCDPSession(first)).send('Network.emulateNetworkConditions', NETWORK);
    const found = await measure(first, path);
    await fresh.close();
    return found;
  };
  for (const [what, path] of [
    ['Home', '/'],
    ['a plan', '/projects/shop/plans/2'],
  ] as const) {
    let { lcp, cls, js } = await once(path);
    // The page is judged, not what else the machine did meanwhile: a slower page is slow every time.
    for (let again = 1; again < TRIES && lcp > PAINT_MS; again += 1) {
      const next = await once(path);
      lcp = Math.min(lcp, next.lcp);
      cls = Math.max(cls, next.cls);
    }
    // On a machine that does other work it is later, and nobody's fault.
    figure(`largest paint of ${what}`, lcp, { goal: PAINT_MS, limit: 1.5 * PAINT_MS });
    figure(`layout shift of ${what}`, cls, { goal: 0.05, unit: '' });
    if (what === 'Home') figure('JavaScript of the first page', js, { goal: 200, limit: 250, unit: 'kB' });
  }
});

test('nothing inline may run, and nothing tries', async ({ page }) => {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { violations: seen });
    document.addEventListener('securitypolicyviolation', (e) =>
      seen.push(`${e.violatedDirective} ${e.blockedURI}`),
    );
  });
  const answer = await page.goto('/projects/shop/plans/2');
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/unsafe-(inline|eval)/);
  const c = new Console(page);
  await expect(c.heading('Loyalty points for customers')).toBeVisible();
  await c.loaded();
  await page.keyboard.press('Control+k');
  await expect(c.dialog('Search or jump to')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goto('/instances/shop-test/databases/shop?tab=diagram');
  await expect(c.region('Diagram').getByRole('button').first()).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
});

test('pages have one heading, a title, landmarks, and no sideways scrolling at 320 pixels', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const c = new Console(page);
  // As 1280 pixels at four times the size.
  await page.setViewportSize({ width: 320, height: 640 });
  for (const { path, heading, wide } of PAGES) {
    await page.goto(path);
    await expect(c.heading(heading).first(), path).toBeVisible();
    await c.loaded();
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
    await expect(page.getByRole('main'), path).toHaveCount(1);
    await expect(page.getByRole('banner'), path).toHaveCount(1);
    expect.soft(await page.title(), path).toMatch(/^\S.* · Basalt$/);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (!wide) expect.soft(beyond, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

test('a change of page moves the focus to its heading', async ({ page }) => {
  const c = new Console(page);
  for (const [start, of] of [
    ['/', 'Workspace'],
    ['/projects/shop', 'Project'],
  ] as const) {
    await page.goto(start);
    const menu = page.getByRole('navigation', { name: of });
    await expect(menu.getByRole('link').nth(4)).toBeVisible();
    const names = await menu.getByRole('link').allTextContents();
    for (const name of [...names.slice(1), ...names.slice(0, 1)]) {
      await menu.getByRole('link', { name, exact: true }).click();
      await expect(page.getByRole('heading', { level: 1 }), name).toBeFocused();
      await expect(menu.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
    }
  }
  await c.loaded();
});
