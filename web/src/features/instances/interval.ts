/** How often an instance is synced, in minutes; 0 for never by itself. Pure. */
import { durationMs } from '@/lib/time';

export const INTERVALS = [0, 5, 15, 30, 60, 360, 720, 1440] as const;

export const intervalOf = (duration: string | undefined): number =>
  Math.round((durationMs(duration) ?? 0) / 60_000);

export const durationOf = (minutes: number): string => `${minutes * 60}s`;
