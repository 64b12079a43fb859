/** Limits and hours of an environment. Pure. */
import type { Environment } from '@/api/types';

export type Window = NonNullable<Environment['windows']>[number];

export const WEEKDAYS = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;

/** Week nights, in the zone of who makes it. */
export const newWindow = (): Window => ({
  weekdays: WEEKDAYS.slice(0, 5),
  start: '22:00',
  end: '05:00',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

interface Part {
  key: 'lock' | 'statement' | 'windows' | 'drift';
  text?: string;
  count?: number;
}

/** What holds in it, in the order in which it is told. */
export function summary({ lockTimeout, statementTimeout, windows = [], stopOnDrift }: Environment): Part[] {
  const parts: Part[] = [];
  if (lockTimeout) parts.push({ key: 'lock', text: lockTimeout.replace(/s$/, ' s') });
  if (statementTimeout) parts.push({ key: 'statement', text: statementTimeout.replace(/s$/, ' s') });
  if (windows.length > 0) parts.push({ key: 'windows', count: windows.length });
  if (stopOnDrift) parts.push({ key: 'drift' });
  return parts;
}
