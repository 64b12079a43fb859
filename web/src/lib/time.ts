/** Times for people: relative where it helps, exact with the zone beside it. Result data never passes through here. */
import i18n from 'i18next';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [HOUR, MINUTE, 'minute'],
  [DAY, HOUR, 'hour'],
  [30 * DAY, DAY, 'day'],
  [365 * DAY, 30 * DAY, 'month'],
  [Number.POSITIVE_INFINITY, 365 * DAY, 'year'],
];

const locale = () => i18n.language || 'en';

/** "3 minutes ago", "in 2 hours", "now". */
export function relativeTime(value: string | Date, now: number = Date.now()): string {
  const seconds = (new Date(value).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' });
  const size = Math.abs(seconds);
  if (size < 45) return format.format(0, 'second');
  for (const [limit, unitSize, unit] of STEPS) {
    if (size < limit) return format.format(Math.round(seconds / unitSize), unit);
  }
  return exactTime(value);
}

/** Local date and time with the zone. */
export const exactTime = (value: string | Date) =>
  new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'long' }).format(new Date(value));

/** Local time of day with seconds. */
export const clockTime = (value: string | Date) =>
  new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(value));

/** Date and time to the minute in the given zone (default: local). */
export const minuteTime = (value: string | Date, timeZone?: string) =>
  new Intl.DateTimeFormat(locale(), {
    year: 'numeric',
    month: 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'short',
  }).format(new Date(value));

/** A protobuf duration ("1.250s") in milliseconds, or undefined. */
export function durationMs(value: string | undefined): number | undefined {
  const match = /^(-?\d+(?:\.\d+)?)s$/.exec(value ?? '');
  return match ? Number(match[1]) * 1000 : undefined;
}

/** "850 ms", "12.3 s", "4 min 05 s". */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')} s`;
}

/** Milliseconds between two timestamps, or undefined when one is missing. */
export function between(start: string | undefined, end: string | undefined): number | undefined {
  if (!start || !end) return undefined;
  return new Date(end).getTime() - new Date(start).getTime();
}

/** The value of a datetime-local input for an instant, in local time. */
export function toLocalInput(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
