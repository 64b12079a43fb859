/** What a person has asked the system for: its own colours, no motion, everything twice as large. */
import type { Locator } from '@playwright/test';
import { Console } from '../support/console.ts';
import { expect, test } from '../support/fixtures.ts';
import { PAGES } from '../support/pages.ts';

test.use({ mode: 'demo' });

test.beforeEach(async ({ page, guard }) => {
  guard.allow(/UserService\/GetCurrentUser$|AuthService\/Refresh$/, 401);
  await new Console(page).enterAs('Ada Admin');
});

const look = (of: Locator) =>
  of.evaluate((element) => {
    const { backgroundColor, outlineStyle, outlineWidth, borderTopStyle, borderTopWidth } =
      getComputedStyle(element);
    return {
      ground: backgroundColor,
      ring: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      edge: borderTopStyle !== 'none' && Number.parseFloat(borderTopWidth) >= 1,
    };
  });

test('in the colours of the system what is chosen, what has the focus and what can be pressed is told', async ({
  page,
}) => {
  const c = new Console(page);
  await page.emulateMedia({ forcedColors: 'active' });
  const differ = async (chosen: Locator, other: Locator, what: string) => {
    expect.soft((await look(chosen)).ground, what).not.toBe((await look(other)).ground);
  };
  const marked = async (control: Locator) => {
    await control.focus();
    const { ring, edge } = await look(control);
    expect.soft({ ring, edge }, `${control}`).toEqual({ ring: true, edge: true });
  };
  await page.goto('/projects/shop/plans');
  await expect(c.table('Plans')).toBeVisible();
  await differ(c.nav('Plans', 'Project'), c.nav('Issues', 'Project'), 'the page in the menu');
  const shown = page.locator('label').filter({ has: page.getByRole('radio') });
  await differ(shown.filter({ hasText: 'All' }), shown.filter({ hasText: 'Closed' }), 'the chosen view');
  for (const control of [c.button('New plan'), c.button('Filter')]) await marked(control);
  await c.button('View').press('Enter');
  const items = page.getByRole('menuitemcheckbox');
  await items.nth(1).hover();
  await expect(items.nth(1)).toBeFocused();
  await differ(items.nth(1), items.first(), 'the item of a menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  const options = c.dialog('Search or jump to').getByRole('option');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await differ(options.first(), options.nth(1), 'the hit of the palette');
  await page.keyboard.press('Escape');

  await page.goto('/instances/shop-test?tab=settings');
  await differ(
    page.getByRole('tab', { name: 'Settings' }),
    page.getByRole('tab', { name: 'Databases' }),
    'the tab',
  );
  await marked(c.box('Link'));
  await page.goto('/projects/shop/plans/2?tab=rollout');
  const parts = page.getByRole('navigation', { name: 'Plan sections' });
  await differ(
    parts.getByRole('link', { name: 'Rollout' }),
    parts.getByRole('link', { name: 'Activity' }),
    'part',
  );
  await c.button('Run Prod stage').click();
  const ask = c.alertDialog('Run 1 task in Prod?');
  expect.soft((await look(ask)).edge, 'the edge of a dialog').toBe(true);
});

test('who wants no motion sees none', async ({ page }) => {
  const c = new Console(page);
  const moving = () =>
    page.evaluate(() => document.getAnimations().filter(({ playState }) => playState === 'running').length);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.goto('/dev/ui');
  await expect(c.heading('Components')).toBeVisible();
  expect(await moving(), 'what turns while something runs').toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
  await page.goto('/projects/shop/plans/2?tab=rollout');
  await c.button('Run Prod stage').click();
  await expect(c.alertDialog('Run 1 task in Prod?')).toBeVisible();
  await expect.poll(moving).toBe(0);
});

test('at 200 % nothing scrolls sideways, editors and diagrams neither', async ({ page }) => {
  test.setTimeout(120_000);
  const c = new Console(page);
  // 1280 pixels at twice the size.
  await page.setViewportSize({ width: 640, height: 450 });
  for (const { path, heading } of PAGES) {
    await page.goto(path);
    await expect(c.heading(heading).first(), path).toBeVisible();
    await c.loaded();
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(beyond, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
  }
});
