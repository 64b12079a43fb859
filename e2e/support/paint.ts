/** When the page is as it will stay: before that, a picture or a measurement is of what was there before. */
import { expect, type Page } from '@playwright/test';

export type Theme = 'light' | 'dark';

/** Switches the theme and waits until its colours are the computed ones. */
export async function paintIn(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  // A transition, however short, computes the old colour until a later frame, and may itself begin a frame late.
  await page.evaluate(async () => {
    const frame = () => new Promise<void>((done) => requestAnimationFrame(() => done()));
    const moving = () => document.getAnimations().some((a) => a.playState === 'running');
    await frame();
    await frame();
    for (const until = performance.now() + 2000; moving() && performance.now() < until; ) await frame();
  });
}
