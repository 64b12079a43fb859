/** The people of a group while it is edited. */
import type { Group, GroupMember } from '@/api/types';
import { emailOf } from '@/lib/names';
import { isEmail } from '@/lib/password';

export interface Draft {
  title: string;
  email: string;
  description: string;
  members: readonly GroupMember[];
}

export const draftOf = (group: Group | undefined, owner: string | undefined): Draft => ({
  title: group?.title ?? '',
  email: group?.email ?? '',
  description: group?.description ?? '',
  members: group ? (group.members ?? []) : owner ? [{ member: owner, role: 'OWNER' }] : [],
});

/** Adds the addresses in a text with commas, blanks or lines between; gives those that are none back. */
export function withPeople(members: readonly GroupMember[], text: string) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const there = new Set(members.map(({ member }) => emailOf(member)));
  const fresh = new Set(words.filter(isEmail).map((word) => word.toLowerCase()));
  const added = [...fresh].filter((email) => !there.has(email));
  return {
    members: [...members, ...added.map((email) => ({ member: `users/${email}`, role: 'MEMBER' as const }))],
    left: words.filter((word) => !isEmail(word)).join(' '),
  };
}
