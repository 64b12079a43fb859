/** axe-core on what the page shows now, in both themes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import type axe from 'axe-core';
import { paintIn } from './paint.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Only colours differ between the themes, so the second is asked for colours alone: half the time. */
const THEMES = [
  { theme: 'dark', options: { runOnly: ['color-contrast'] as string[] } },
  { theme: 'light', options: {} },
] as const;

/** Nothing serious or critical, light and dark. `where` names the page in the report. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await test.step(`accessible: ${where}`, async () => {
    // Evaluated, not added as a script: the content security policy stays in force.
    await page.evaluate(source);
    for (const { theme, options } of THEMES) {
      await paintIn(page, theme);
      expect.soft(await violations(page, options), `axe: ${where}, ${theme}`).toEqual([]);
    }
  });
}

async function violations(page: Page, options: axe.RunOptions): Promise<string[]> {
  const results = await page.evaluate(
    (run) => (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'], ...run }),
    options,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((n) => `${n.target.join(' ')} (${n.failureSummary})`).join('; ')}`,
    );
}
