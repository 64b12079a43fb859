/** Measurements: printed beside their goal, and a failure above their limit. */
import { expect, type Page } from '@playwright/test';

/** The smallest value that at least `share` percent of all do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil((ordered.length * share) / 100) - 1)] ?? Number.NaN;
}

interface Bound {
  /** What it should be on a quiet machine. */
  goal: number;
  /** What fails; where machines are shared, above the goal. */
  limit?: number;
  unit?: string;
}

export function figure(what: string, value: number, { goal, limit = goal, unit = 'ms' }: Bound): void {
  const shown = Number(value.toFixed(unit === 'ms' ? 0 : 3));
  process.stdout.write(`    figure: ${what}: ${shown} ${unit} (goal ${goal}, fails above ${limit})\n`);
  expect.soft(value, what).toBeLessThanOrEqual(limit);
}

/** Waits, in the page, until it shows `text`. @returns the time of that, as Date.now() has it. */
export function seenAt(page: Page, text: string, patience: number): Promise<number> {
  return page.evaluate(
    ([wanted, ms]) =>
      new Promise<number>((found) => {
        const look = () => {
          if (!document.body.textContent?.includes(wanted)) return;
          watch.disconnect();
          clearTimeout(timer);
          found(Date.now());
        };
        const watch = new MutationObserver(look);
        const timer = setTimeout(() => {
          watch.disconnect();
          found(Number.POSITIVE_INFINITY);
        }, ms);
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    [text, patience] as const,
  );
}
