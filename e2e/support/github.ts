/**
 * A host of repositories: a server of the test's own that answers as GitHub Enterprise does, for one repository with one
 * branch, and tells of pushes as GitHub does.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

interface Node {
  path: string;
  mode: string;
  type: 'tree' | 'blob';
  sha: string;
}

export class GitHub {
  readonly url: string;
  readonly path: string;
  /** The one that opens the repository. */
  token = 'ghp_good';
  /** Of a classic token. */
  scopes = 'repo';
  #files: Readonly<Record<string, string>> = {};
  #head = sha1('nothing');
  readonly #server: Server;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.path = path;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  static async start(path: string): Promise<GitHub> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new GitHub(server, path);
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  /** All files of the branch main, by their path. @returns the commit */
  commit(files: Readonly<Record<string, string>>): string {
    this.#files = files;
    this.#head = sha1(JSON.stringify(files));
    return this.#head;
  }

  /** Tells a receiver of the newest commit. @returns the status of its answer */
  async push(to: string, secret: string): Promise<number> {
    const body = JSON.stringify({ ref: 'refs/heads/main', after: this.#head });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const response = await fetch(to, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
    });
    return response.status;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const say = (status: number, body: object) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'x-oauth-scopes': this.scopes })
        .end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return void say(401, { message: 'Bad credentials' });
    const [, about] = url.pathname.split('/api/v3/');
    const here = `repos/${this.path}`;
    if (about === 'rate_limit' || about === here) return void say(200, {});
    if (about === `${here}/git/ref/heads/main`) return void say(200, { object: { sha: this.#head } });
    const tree = this.#tree(about?.split(`${here}/git/trees/`)[1], url.searchParams.has('recursive'));
    if (tree) return void say(200, { truncated: false, tree });
    const blob = about?.split(`${here}/git/blobs/`)[1];
    const text = Object.values(this.#files).find((one) => sha1(one) === blob);
    if (text === undefined) return void say(404, { message: 'Not Found' });
    response.writeHead(200, { 'content-type': 'application/vnd.github.raw+json' }).end(text);
  }

  /** What lies in a folder, which is called by a hash of its name. */
  #tree(sha: string | undefined, deep: boolean): Node[] | undefined {
    if (!sha) return undefined;
    const paths = Object.keys(this.#files);
    const folders = new Set(
      paths.flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
    );
    const folder = sha === this.#head ? '' : [...folders].find((one) => one !== '' && sha1(one) === sha);
    if (folder === undefined) return undefined;
    const inside = (path: string) => (folder ? path.startsWith(`${folder}/`) : path !== '');
    const below = (path: string) => (folder ? path.slice(folder.length + 1) : path);
    const all: Node[] = [
      ...[...folders].map((path) => ({ path, mode: '040000', type: 'tree' as const, sha: sha1(path) })),
      ...paths.map((path) => ({
        path,
        mode: '100644',
        type: 'blob' as const,
        sha: sha1(this.#files[path] ?? ''),
      })),
    ].filter(({ path }) => inside(path));
    return all
      .map((node) => ({ ...node, path: below(node.path) }))
      .filter(({ path }) => deep || !path.includes('/'));
  }
}
