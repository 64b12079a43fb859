/** Which roles one may ask for in a project. Pure. */
import type { Role } from '@/api/types';

/** Roles of the workspace are given by its administrators, not asked for in a project. */
const isOfProject = ({ name = '' }: Role) => !name.startsWith('roles/workspace');

const hasAll = ({ permissions = [] }: Role, needed: readonly string[]) =>
  needed.every((permission) => permissions.includes(permission));

/** Those that would do come first, the smallest of them at the top: nobody needs more than the least. */
export function rolesToAsk(
  roles: readonly Role[],
  needed: readonly string[],
): { enough: Role[]; others: Role[] } {
  const all = roles.filter(isOfProject);
  const size = ({ permissions = [] }: Role) => permissions.length;
  const enough = needed.length > 0 ? all.filter((role) => hasAll(role, needed)) : [];
  return {
    enough: enough.sort((a, b) => size(a) - size(b)),
    others: all.filter((role) => !enough.includes(role)),
  };
}
