/** Permissions of roles: `bb.plans.create` is about plans. Pure. */
import type { Role } from '@/api/types';

/** All that any role has: what can be given. */
export const allPermissions = (roles: readonly Role[]): string[] =>
  [...new Set(roles.flatMap((role) => role.permissions ?? []))].sort();

/** In groups by what they are about. */
export function byKind(permissions: readonly string[]): [kind: string, permissions: string[]][] {
  const groups = new Map<string, string[]>();
  for (const permission of permissions) {
    const kind = permission.split('.').at(-2) ?? permission;
    groups.set(kind, [...(groups.get(kind) ?? []), permission]);
  }
  return [...groups];
}

/** Those that a search finds. */
export function matching(permissions: readonly string[], text: string): string[] {
  const wanted = text.trim().toLowerCase();
  return permissions.filter((permission) => permission.toLowerCase().includes(wanted));
}
