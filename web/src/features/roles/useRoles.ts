import { useMemo } from 'react';
import { useRpc } from '@/api/query';
import type { Role } from '@/api/types';

const FRESH_MS = 300_000;
const NONE: Role[] = [];

/** All roles, and what each is called. */
export function useRoles() {
  const query = useRpc('RoleService/ListRoles', {}, { topics: ['roles'], staleTime: FRESH_MS });
  const roles = query.data?.roles ?? NONE;
  const titles = useMemo(() => new Map(roles.map(({ name = '', title = '' }) => [name, title])), [roles]);
  return { roles, titleOf: (name: string | undefined) => titleIn(titles, name) };
}

const titleIn = (titles: ReadonlyMap<string, string>, name = '') =>
  titles.get(name) || name.replace(/^roles\//, '');
