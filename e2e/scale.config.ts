/** `npm run scale`: thousands of databases and tables. Minutes long, so not one of the tests that every push runs. */
import { defineConfig } from '@playwright/test';
import { browserOptions } from './support/browser.ts';
import type { ServerOptions } from './support/fixtures.ts';

export default defineConfig<object, ServerOptions>({
  testDir: 'scale',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { ...browserOptions, actionTimeout: 15_000, navigationTimeout: 15_000 },
});
