/** Edits of an IAM policy. Pure; bindings with a condition are kept as they are. */
import type { Binding, IamPolicy } from '@/api/types';

export interface Member {
  member: string;
  roles: string[];
}

/** People and programs have addresses; which of both it is shows in the domain. */
export const memberOf = (email: string) =>
  /[@.]service\.bytebase\.com$/.test(email) ? `serviceAccount:${email}` : `user:${email}`;

export function byMember(policy: IamPolicy): Member[] {
  const members = new Map<string, string[]>();
  for (const { role = '', members: list = [] } of policy.bindings ?? []) {
    for (const member of list) members.set(member, [...(members.get(member) ?? []), role]);
  }
  return [...members]
    .map(([member, roles]) => ({ member, roles }))
    .sort((a, b) => a.member.localeCompare(b.member));
}

const isPlain = (binding: Binding) => !binding.condition?.expression;

export function withMember(policy: IamPolicy, role: string, member: string): IamPolicy {
  const bindings = policy.bindings ?? [];
  const at = bindings.findIndex((b) => b.role === role && isPlain(b));
  if (at < 0) return { ...policy, bindings: [...bindings, { role, members: [member] }] };
  return {
    ...policy,
    bindings: bindings.map((b, i) =>
      i === at ? { ...b, members: [...new Set([...(b.members ?? []), member])] } : b,
    ),
  };
}

/** Without that role of that member; bindings left without members go. */
export function withoutMember(policy: IamPolicy, role: string, member: string): IamPolicy {
  return {
    ...policy,
    bindings: (policy.bindings ?? [])
      .map((b) => (b.role === role ? { ...b, members: (b.members ?? []).filter((m) => m !== member) } : b))
      .filter((b) => (b.members ?? []).length > 0),
  };
}
