/**
 * Watches a page for what a person does not see but an engineer would: errors in the console, exceptions, requests
 * that fail. A journey that provokes a refusal says so with `allow`.
 */
import { expect, type Page, type Response } from '@playwright/test';

/** The browser's own report of a refused request; the response itself is judged, with its address. */
const REFUSED = /Failed to load resource: the server responded with a status of/;
/** What a browser reports while nobody answers. */
const UNREACHABLE =
  /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|INTERNET_DISCONNECTED)/;
/** Characters of a refusal that the report shows. */
const BODY = 300;

export class Guard {
  readonly #found: string[] = [];
  readonly #allowed: { path: RegExp; status: number }[] = [];
  readonly #expected: RegExp[] = [];
  readonly #reading: Promise<void>[] = [];
  #outage = false;

  watch(page: Page): void {
    // Nobody waits: it counts from the next document on.
    void page.addInitScript(nameRefusedElements).catch(() => {});
    page.on('console', (message) => {
      if (message.type() !== 'error' || REFUSED.test(message.text())) return;
      if (this.#outage && UNREACHABLE.test(message.text())) return;
      if (this.#expected.some((text) => text.test(message.text()))) return;
      this.#found.push(`console: ${message.text()} (${message.location().url})`);
    });
    // What is thrown without being an error has no stack.
    page.on('pageerror', ({ stack, name, message }) =>
      this.#found.push(`exception: ${stack || `${name} ${message}`}`),
    );
    page.on('requestfailed', (request) => {
      // A page that is left takes its open requests and streams along.
      const reason = request.failure()?.errorText ?? '';
      if (reason === 'net::ERR_ABORTED' || (this.#outage && UNREACHABLE.test(reason))) return;
      this.#found.push(`request: ${request.url()} ${reason}`);
    });
    page.on('response', (response) => {
      const [status, url] = [response.status(), response.url()];
      if (status < 400 || this.#allowed.some((a) => a.status === status && a.path.test(url))) return;
      this.#reading.push(this.#report(response));
    });
  }

  async #report(response: Response): Promise<void> {
    // A body is gone when its page is.
    const body = await response.text().catch(() => '');
    this.#found.push(`response: ${response.status()} ${response.url()} ${body.slice(0, BODY)}`);
  }

  /** From now on this refusal is an answer the journey asks for. */
  allow(path: RegExp, status: number): void {
    this.#allowed.push({ path, status });
  }

  /** From now on this error in the console is one that the journey provokes. */
  expectError(text: RegExp): void {
    this.#expected.push(text);
  }

  /** From now on the server is, or is not, out of reach on purpose. */
  outage(begins: boolean): void {
    this.#outage = begins;
  }

  async check(): Promise<void> {
    await Promise.all(this.#reading);
    expect(this.#found, 'errors in the console and failed requests').toEqual([]);
  }
}

/** In the page: the browser's report of what its policy refused does not say which element it was. */
function nameRefusedElements(): void {
  document.addEventListener('securitypolicyviolation', ({ target, violatedDirective }) => {
    const element = target instanceof Element ? target.outerHTML.slice(0, 300) : '';
    // biome-ignore lint/suspicious/noConsole: the guard hears of it by the console.
    console.error(`${violatedDirective} refused: ${element}`);
  });
}
