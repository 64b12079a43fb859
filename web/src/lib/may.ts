/**
 * What the signed-in person may do, as the server judges it. Lists that would be refused are not asked for; the
 * server refuses all the same, so this decides only what is shown.
 */
import { rpcKey, useRpc } from '@/api/query';
import type { User } from '@/api/types';

const ME = {};
/** Roles change while pages stay open. */
const FRESH_MS = 60_000;

export const grantsKey = rpcKey('UserService/GetCurrentUser', ME);

export interface May {
  /** On every resource. */
  everywhere: (permission: string) => boolean;
  /** On something at least: a list shows what that is. */
  somewhere: (permission: string) => boolean;
}

export function mayOf(user: User | undefined): May {
  const everywhere = (permission: string) => user?.workspacePermissions?.includes(permission) ?? false;
  return {
    everywhere,
    somewhere: (permission) =>
      everywhere(permission) || (user?.projectPermissions?.includes(permission) ?? false),
  };
}

export function useMay(): May {
  return mayOf(useRpc('UserService/GetCurrentUser', ME, { staleTime: FRESH_MS }).data);
}
