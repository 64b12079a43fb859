/** One state of a page as pictures: both themes, and the size of a phone where the layout is another. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { paintIn, type Theme } from './paint.ts';

const OUT = resolve(import.meta.dirname, '../../screenshots');
/** Those that the README shows. */
const IMAGES = resolve(import.meta.dirname, '../../docs/images');

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

interface Options {
  phone?: boolean;
  /** All of a page that is longer than the screen. */
  full?: boolean;
  /** Also kept as docs/images/NAME.png. */
  image?: string;
  /** The theme of that. */
  imageTheme?: Theme;
}

export async function shoot(
  page: Page,
  name: string,
  { phone = false, full = false, image, imageTheme = 'light' }: Options = {},
): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  for (const size of phone ? [PHONE, DESKTOP] : [DESKTOP]) {
    await page.setViewportSize(size);
    for (const theme of ['dark', 'light'] as const) {
      await paintIn(page, theme);
      await page.screenshot({ path: `${OUT}/${name}-${theme}-${size.width}.png`, fullPage: full });
    }
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(beyond, `${name} scrolls sideways at ${size.width} px`).toBeLessThanOrEqual(0);
  }
  if (!image) return;
  mkdirSync(IMAGES, { recursive: true });
  await paintIn(page, imageTheme);
  await page.screenshot({ path: `${IMAGES}/${image}.png` });
}
