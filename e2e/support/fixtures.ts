/**
 * What a journey starts with: a running server of the file's mode, a guarded page, and the session that the journey
 * before it left behind. Servers and sessions live as long as the worker, so a retry begins with new ones.
 */
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { Basalt, type Mode } from './basalt.ts';
import { Guard } from './guard.ts';

export interface ServerOptions {
  mode: Mode;
  /** More of what `basalt serve` takes. */
  serve: readonly string[];
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

interface WorkerFixtures extends ServerOptions {
  basalt: Basalt;
  /** Cookies and local storage, handed from one test of the worker to the next. */
  session: { state: StorageState | undefined };
}

interface TestFixtures {
  guard: Guard;
  /** Another browser window of the same person, guarded like the first. */
  secondPage: () => Promise<Page>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  mode: ['fresh', { option: true, scope: 'worker' }],
  serve: [[], { option: true, scope: 'worker' }],
  basalt: [
    async ({ mode, serve }, use) => {
      const basalt = await Basalt.start(mode, serve);
      await use(basalt);
      await basalt.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  session: [async ({}, use) => use({ state: undefined }), { scope: 'worker' }],

  baseURL: async ({ basalt }, use) => use(basalt.url),
  storageState: async ({ session }, use) => use(session.state),
  context: async ({ context, session, basalt }, use, info) => {
    await use(context);
    session.state = await context.storageState();
    if (info.status !== info.expectedStatus) {
      await info.attach('server log', { body: basalt.tail(), contentType: 'text/plain' });
    }
  },
  guard: async ({}, use, info) => {
    const guard = new Guard();
    await use(guard);
    if (info.status === info.expectedStatus) await guard.check();
  },
  page: async ({ page, guard }, use) => {
    guard.watch(page);
    await use(page);
  },
  secondPage: async ({ browser, context, contextOptions, baseURL, guard, viewport }, use) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const storageState = await context.storageState();
      const other = await browser.newContext({ ...contextOptions, storageState, baseURL, viewport });
      opened.push(other);
      const page = await other.newPage();
      guard.watch(page);
      return page;
    });
    for (const other of opened) await other.close();
  },
});

export { expect } from '@playwright/test';
