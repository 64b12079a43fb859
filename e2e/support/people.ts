/** Several people at once. */
import type { Browser, Page } from '@playwright/test';
import { Console } from './console.ts';
import type { Guard } from './guard.ts';

/** Another person of the demo in another browser, watched like the first. */
export async function another(browser: Browser, baseURL: string, guard: Guard, name: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  guard.watch(page);
  await new Console(page).enterAs(name);
  return page;
}
