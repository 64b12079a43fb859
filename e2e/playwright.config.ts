/** One browser against one real server a file, fresh or with the demo's data: the journeys of a file build on each other. */
import { defineConfig } from '@playwright/test';
import { browserOptions } from './support/browser.ts';
import { files } from './support/files.ts';
import type { ServerOptions } from './support/fixtures.ts';

const ci = process.env.CI === 'true';

export default defineConfig<object, ServerOptions>({
  testDir: 'tests',
  projects: files('tests'),
  // Two are quicker, but on two cores what is timed (frames, what is live) is not what a person would see.
  workers: 1,
  retries: ci ? 1 : 0,
  forbidOnly: ci,
  timeout: 60_000,
  globalTimeout: 30 * 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    ...browserOptions,
    actionTimeout: 15_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
