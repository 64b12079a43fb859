/** How syncs, and the repositories that have them, look. Pure. */
import type { Repository, RepositorySync } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

export const SYNC_STATES = ['PENDING', 'RETRYING', 'DONE', 'NOTHING_NEW', 'WAITING', 'FAILED'] as const;
export type SyncState = (typeof SYNC_STATES)[number];

export const KIND: Readonly<Record<SyncState, StatusKind>> = {
  PENDING: 'syncing',
  RETRYING: 'warning',
  DONE: 'done',
  NOTHING_NEW: 'closed',
  WAITING: 'waiting',
  FAILED: 'failed',
};

export const stateOf = ({ status }: RepositorySync): SyncState =>
  SYNC_STATES.find((state) => state === status) ?? 'PENDING';

const TOLD = ['PENDING', 'SUCCESS', 'FAILURE', 'ERROR', 'CANCELED'] as const;

/** What the host shows beside the commit. */
export const toldOf = (status: string) => TOLD.find((one) => one === status) ?? 'PENDING';

/** Nothing is over yet. */
export const isOpen = (sync: RepositorySync | undefined) =>
  sync !== undefined && ['PENDING', 'RETRYING'].includes(stateOf(sync));

/** What stands beside the name of a repository: that nothing is looked at any more weighs more than what was. */
export function lookOf({ stopped, lastSync }: Repository): {
  kind: StatusKind;
  word: SyncState | 'stopped' | 'never';
} {
  if (stopped) return { kind: 'failed', word: 'stopped' };
  if (!lastSync) return { kind: 'notStarted', word: 'never' };
  const state = stateOf(lastSync);
  return { kind: KIND[state], word: state };
}
