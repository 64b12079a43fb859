// A real OpenID Connect provider for tests: `node oidc-provider.mjs PORT REDIRECT…`. Client basalt/secret, PKCE required; any name signs in,
// as NAME@example.com in the group dba@example.com. Prints `up` when it listens.
import { Provider } from 'oidc-provider';

const [port, ...redirects] = process.argv.slice(2);
const account = (id) => ({
  sub: id,
  email: `${id}@example.com`,
  email_verified: id !== 'unverified',
  name: `${id} of the provider`,
  groups: ['dba@example.com'],
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'basalt',
      client_secret: 'the-secret-of-the-client',
      redirect_uris: redirects,
      grant_types: ['authorization_code'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => account(id) }),
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ['for tests only'] },
});
provider.listen(Number(port), '127.0.0.1', () => process.stdout.write('up\n'));
