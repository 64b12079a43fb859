/** Answers as GitHub Enterprise does, and tells of pushes as GitHub does. */
import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Host, sha1 } from './host.ts';

interface Node {
  path: string;
  mode: string;
  type: 'tree' | 'blob';
  sha: string;
}

export class GitHub extends Host {
  token = 'ghp_good';
  /** Of a classic token. */
  scopes = 'repo';

  static async start(path: string): Promise<GitHub> {
    return new GitHub(await Host.listen(), path);
  }

  /** Tells a receiver of the newest commit. @returns the status of its answer */
  async push(to: string, secret: string): Promise<number> {
    const body = JSON.stringify({ ref: 'refs/heads/main', after: this.head });
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

  protected opens(request: IncomingMessage): boolean {
    return request.headers.authorization === `Bearer ${this.token}`;
  }

  protected answer(url: URL, response: ServerResponse): boolean {
    const say = (body: object) => {
      this.say(response, 200, body, { 'x-oauth-scopes': this.scopes });
      return true;
    };
    const [, about] = url.pathname.split('/api/v3/');
    const here = `repos/${this.path}`;
    if (about === 'rate_limit' || about === here) return say({});
    if (about === `${here}/git/ref/heads/main`) return say({ object: { sha: this.head } });
    const tree = this.#tree(about?.split(`${here}/git/trees/`)[1], url.searchParams.has('recursive'));
    if (tree) return say({ truncated: false, tree });
    const blob = about?.split(`${here}/git/blobs/`)[1];
    const text = Object.values(this.files).find((one) => sha1(one) === blob);
    if (text === undefined) return false;
    response.writeHead(200, { 'content-type': 'application/vnd.github.raw+json' }).end(text);
    return true;
  }

  /** What lies in a folder, which is called by a hash of its name. */
  #tree(sha: string | undefined, deep: boolean): Node[] | undefined {
    if (!sha) return undefined;
    const paths = Object.keys(this.files);
    const folders = new Set(
      paths.flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
    );
    const folder = sha === this.head ? '' : [...folders].find((one) => one !== '' && sha1(one) === sha);
    if (folder === undefined) return undefined;
    const inside = (path: string) => (folder ? path.startsWith(`${folder}/`) : path !== '');
    const below = (path: string) => (folder ? path.slice(folder.length + 1) : path);
    const all: Node[] = [
      ...[...folders].map((path) => ({ path, mode: '040000', type: 'tree' as const, sha: sha1(path) })),
      ...paths.map((path) => ({
        path,
        mode: '100644',
        type: 'blob' as const,
        sha: sha1(this.files[path] ?? ''),
      })),
    ].filter(({ path }) => inside(path));
    return all
      .map((node) => ({ ...node, path: below(node.path) }))
      .filter(({ path }) => deep || !path.includes('/'));
  }
}
