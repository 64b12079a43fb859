/** A real OpenID Connect provider (the npm package oidc-provider), in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';

export const CLIENT = { id: 'basalt', secret: 'the-secret-of-the-client' };

export class OidcProvider {
  readonly issuer: string;
  readonly #process: ChildProcess;

  private constructor(issuer: string, process: ChildProcess) {
    this.issuer = issuer;
    this.#process = process;
  }

  /** One that sends people back to `redirect`. */
  static async start(redirect: string): Promise<OidcProvider> {
    const port = await freePort();
    const script = resolve(import.meta.dirname, 'oidc-provider.mjs');
    const child = spawn('node', [script, String(port), redirect], { stdio: ['ignore', 'pipe', 'ignore'] });
    // It says that it listens, and things that nobody needs afterwards.
    const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!String(said).includes('up')) throw new Error(`the provider did not start: ${said}`);
    child.stdout.resume();
    return new OidcProvider(`http://127.0.0.1:${port}`, child);
  }

  stop(): void {
    this.#process.kill();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Signs in on the provider's own pages and agrees there, once the browser has come to them. */
export async function enterAtProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('x');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
