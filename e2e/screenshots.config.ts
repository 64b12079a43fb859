/** `npm run screenshots`: pictures of the console's states in ../screenshots, to be looked at by a person. */
import { defineConfig } from '@playwright/test';
import { browserOptions } from './support/browser.ts';
import { files } from './support/files.ts';
import type { ServerOptions } from './support/fixtures.ts';

export default defineConfig<object, ServerOptions>({
  testDir: 'screenshots',
  projects: files('screenshots'),
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: { ...browserOptions, actionTimeout: 15_000, navigationTimeout: 15_000 },
});
