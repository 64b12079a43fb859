/** Who loses what when nobody but administrators signs in with a password any more. Pure. */
import type { Group, IamPolicy, IdentityProvider, User } from '@/api/types';

const ADMIN = 'roles/workspaceAdmin';

export interface Lockout {
  /** No provider takes their addresses: they stay outside. */
  outside: User[];
  /** They need an account at a provider, under the address that they have here. */
  byProvider: User[];
}

/** Names of users who hold the role of administrators whatever happens. */
function adminsOf(policy: IamPolicy, groups: readonly Group[]): ReadonlySet<string> {
  const admins = new Set<string>();
  for (const { role, members = [], condition } of policy.bindings ?? []) {
    // What holds under a condition only is nothing to rely on.
    if (role !== ADMIN || condition?.expression) continue;
    for (const member of members) {
      const [kind, name] = member.split(':');
      if (kind === 'user') admins.add(`users/${name}`);
      const group = groups.find(({ email }) => kind === 'group' && email === name);
      for (const { member: person = '' } of group?.members ?? []) admins.add(person);
    }
  }
  return admins;
}

/** `users` without those who were deactivated. */
export function lockoutOf(
  users: readonly User[],
  policy: IamPolicy,
  groups: readonly Group[],
  providers: readonly IdentityProvider[],
): Lockout {
  const admins = adminsOf(policy, groups);
  const takes = ({ email = '' }: User) =>
    providers.some(({ domain }) => !domain || email.toLowerCase().endsWith(`@${domain}`));
  const others = users.filter(({ name = '' }) => !admins.has(name));
  return { outside: others.filter((user) => !takes(user)), byProvider: others.filter(takes) };
}
