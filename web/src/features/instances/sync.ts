import type { Instance } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

/** How the last sync went. A new instance has none yet: its first one is running. */
export function syncState(instance: Instance): StatusKind {
  if (instance.syncStatus === 'FAILED') return 'syncFailed';
  if (instance.lastSyncTime) return 'synced';
  return 'syncing';
}
