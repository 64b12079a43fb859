import { useRpc } from '@/api/query';

const ANY = {};

/** What the workspace offers to those who are not in yet, and how passwords must be. Nothing until it is known. */
export const useRestriction = () =>
  useRpc('AuthService/GetAuthenticationRestriction', ANY, {
    staleTime: 60_000,
    select: ({ restriction }) => restriction ?? {},
  }).data;
