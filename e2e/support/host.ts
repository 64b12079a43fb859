/**
 * A host of repositories: a server of the test's own, for one repository with one branch. What it answers, and how it tells of
 * pushes, is each host's own.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

/** What was said of a commit, in the words of the host. */
export interface Told {
  commit: string;
  state: string;
  description: string;
}

export abstract class Host {
  readonly url: string;
  readonly path: string;
  /** The one that opens the repository. */
  abstract token: string;
  /** Status of every answer that reads, instead of the answer. */
  fails: number | undefined;
  /** Status of the answer to every commit status. */
  refuses: number | undefined;
  /** Commit statuses that were taken. */
  readonly told: Told[] = [];
  protected files: Readonly<Record<string, string>> = {};
  protected head = sha1('nothing');
  readonly #server: Server;

  constructor(server: Server, path: string) {
    this.#server = server;
    this.path = path;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#take(request, response));
  }

  protected static async listen(): Promise<Server> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return server;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  /** All files of the branch main, by their path. @returns the commit */
  commit(files: Readonly<Record<string, string>>): string {
    this.files = files;
    this.head = sha1(JSON.stringify(files));
    return this.head;
  }

  protected abstract opens(request: IncomingMessage): boolean;
  /** @returns false when there is no such thing */
  protected abstract answer(url: URL, response: ServerResponse): boolean;

  protected say(
    response: ServerResponse,
    status: number,
    body: object,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    if (!this.opens(request)) return this.say(response, 401, { message: 'Bad credentials' });
    const commit = url.pathname.split('/statuses/')[1];
    if (request.method === 'POST' && commit) {
      if (this.refuses) return this.say(response, this.refuses, { message: 'No' });
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const { state, description } = JSON.parse(Buffer.concat(pieces).toString());
      this.told.push({ commit, state, description });
      return this.say(response, 201, {});
    }
    if (this.fails) return this.say(response, this.fails, { message: 'No' });
    if (!this.answer(url, response)) this.say(response, 404, { message: 'Not Found' });
  }
}
