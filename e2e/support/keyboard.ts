/** A person without a mouse. */
import { expect, type Locator, type Page } from '@playwright/test';

/** More stops than any page has before its own content ends. */
const STOPS = 120;

/** Presses Tab until `target` has the focus, which must then be seen. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(target).toBeVisible();
  const focused = () => target.evaluate((element) => element === document.activeElement);
  for (let stop = 0; stop < STOPS && !(await focused()); stop += 1) await page.keyboard.press(key);
  expect(await focused(), `${key} leads to ${target}`).toBe(true);
  const seen = await target.evaluate((element) => {
    const ring = (of: Element) => {
      const style = getComputedStyle(of);
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
    };
    // An editor shows it on its frame.
    for (let of: Element | null = element, up = 0; of && up < 6; of = of.parentElement, up += 1) {
      if (ring(of)) return true;
    }
    return false;
  });
  expect(seen, `the focus on ${target} is seen`).toBe(true);
}

/** Tabs to `target` and presses a key there. */
export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}
