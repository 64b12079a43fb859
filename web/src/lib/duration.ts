/** Protobuf durations ("5400s") as a number of the largest unit that fits whole. Pure. */
import { durationMs } from './time';

export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

export interface Amount {
  number: string;
  unit: Unit;
}

export function amountOf(duration: string | undefined, units: readonly Unit[]): Amount {
  const smallest = units[0] ?? 'seconds';
  const ms = durationMs(duration);
  if (!ms) return { number: '', unit: smallest };
  const seconds = ms / 1000;
  const unit = [...units].reverse().find((u) => seconds % UNITS[u] === 0) ?? smallest;
  return { number: String(seconds / UNITS[unit]), unit };
}

/** undefined for an empty field; null for what is no amount. */
export function durationOf({ number, unit }: Amount): string | undefined | null {
  if (number.trim() === '') return undefined;
  const value = Number(number);
  return Number.isFinite(value) && value > 0 ? `${value * UNITS[unit]}s` : null;
}
