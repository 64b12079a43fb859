/**
 * How every run starts Chromium: Debian's, without a sandbox (CI is a container, and root), and without the calls
 * home that a closed network refuses many at a time. Nothing is downloaded.
 */
import type { PlaywrightTestConfig } from '@playwright/test';

export const browserOptions: NonNullable<PlaywrightTestConfig['use']> = {
  browserName: 'chromium',
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
  viewport: { width: 1440, height: 900 },
  colorScheme: 'light',
  locale: 'en-GB',
  timezoneId: 'Europe/Lisbon',
  // Half-faded text has no contrast to measure, and a moving button is waited for.
  contextOptions: { reducedMotion: 'reduce' },
};
