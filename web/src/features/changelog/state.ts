import type { Changelog } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

export function changelogState(changelog: Changelog): StatusKind {
  if (changelog.status === 'FAILED') return 'failed';
  return changelog.status === 'PENDING' ? 'pending' : 'done';
}
