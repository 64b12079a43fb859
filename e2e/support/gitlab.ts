/** Answers as GitLab does, and tells of pushes as GitLab does: with its secret token, or signed with its signing token. */
import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Host, sha1 } from './host.ts';

export class GitLab extends Host {
  token = 'glpat_good';
  scopes = ['api'];
  /** Of the token's account: 20 is Reporter, 30 Developer. */
  level = 30;

  static async start(path: string): Promise<GitLab> {
    return new GitLab(await Host.listen(), path);
  }

  /** Tells a receiver of the newest commit. @returns the status of its answer */
  async push(to: string, secret: string, by: 'secret token' | 'signing token'): Promise<number> {
    const body = JSON.stringify({ object_kind: 'push', ref: 'refs/heads/main', after: this.head });
    const response = await fetch(to, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-gitlab-event': 'Push Hook',
        'x-gitlab-event-uuid': randomUUID(),
        ...(by === 'secret token' ? { 'x-gitlab-token': secret } : signed(secret, body)),
      },
    });
    return response.status;
  }

  protected opens(request: IncomingMessage): boolean {
    return request.headers['private-token'] === this.token;
  }

  protected answer(url: URL, response: ServerResponse): boolean {
    const say = (body: object, headers: Record<string, string> = {}) => {
      this.say(response, 200, body, headers);
      return true;
    };
    const [, about = ''] = url.pathname.split('/api/v4/');
    if (about === 'personal_access_tokens/self') return say({ scopes: this.scopes });
    const here = `projects/${encodeURIComponent(this.path)}`;
    const access = { access_level: this.level };
    if (about === here) return say({ permissions: { project_access: access, group_access: null } });
    if (about === `${here}/repository/branches/main`) return say({ commit: { id: this.head } });
    if (about === `${here}/repository/tree`) {
      const folder = url.searchParams.get('path');
      const paths = Object.keys(this.files).filter((path) => !folder || path.startsWith(`${folder}/`));
      const nodes = paths.map((path) => ({
        path,
        id: sha1(this.files[path] ?? ''),
        type: 'blob',
        mode: '100644',
      }));
      return nodes.length > 0 && say(nodes, { 'x-next-page': '' });
    }
    const blob = about.split(`${here}/repository/blobs/`)[1]?.replace('/raw', '');
    const text = Object.values(this.files).find((one) => sha1(one) === blob);
    if (text === undefined) return false;
    response.writeHead(200, { 'content-type': 'text/plain' }).end(text);
    return true;
  }
}

/** As "Standard Webhooks" has it. */
function signed(secret: string, body: string): Record<string, string> {
  const id = randomUUID();
  const at = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
}
