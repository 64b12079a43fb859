/**
 * Session settings that a change can have, under one name for all engines. What an engine calls them, and why it may
 * have none, stands here and nowhere else in the console.
 */

interface Seconds {
  /** The engine's settings that are set together. */
  names: readonly string[];
  write: (seconds: number) => string;
}

interface EngineOptions {
  lockTimeout: Seconds;
  statementTimeout: Seconds;
  /** The setting that makes a session act as another role. */
  role?: string;
  /** Transactions can have another isolation than the engine's own. */
  isolation: boolean;
}

const whole = (seconds: number) => String(Math.max(1, Math.ceil(seconds)));
const millis = (seconds: number) => String(Math.round(seconds * 1000));

const POSTGRES: EngineOptions = {
  lockTimeout: { names: ['lock_timeout'], write: (seconds) => `${millis(seconds)}ms` },
  statementTimeout: { names: ['statement_timeout'], write: (seconds) => `${millis(seconds)}ms` },
  role: 'role',
  isolation: true,
};
const MYSQL: EngineOptions = {
  lockTimeout: { names: ['lock_wait_timeout', 'innodb_lock_wait_timeout'], write: whole },
  statementTimeout: { names: ['max_statement_time'], write: String },
  isolation: true,
};
const SQLITE: EngineOptions = {
  lockTimeout: { names: ['busy_timeout'], write: millis },
  statementTimeout: { names: ['statement_timeout'], write: millis },
  isolation: false,
};

const ENGINES: Readonly<Record<string, EngineOptions>> = {
  POSTGRES,
  MYSQL,
  MARIADB: MYSQL,
  SQLITE,
};

export const optionsOf = (engine: string | undefined): EngineOptions | undefined => ENGINES[engine ?? ''];

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

/** Seconds of a value as an engine has it; undefined when it is written in a way of its own. */
export function readSeconds(of: Seconds, settings: Record<string, string> | undefined): number | undefined {
  const value = settings?.[of.names[0] ?? ''];
  const [, number, unit] = /^([\d.]+)\s*(ms|s|min|h|d)?$/.exec(value?.trim() ?? '') ?? [];
  if (number === undefined) return undefined;
  // A bare number counts what this engine counts in.
  const scale = unit ? (UNITS[unit] ?? 1) : of.write(1).startsWith('1000') ? 0.001 : 1;
  return Number(number) * scale;
}

/** The settings with these names set, or taken out. */
export function withSettings(
  settings: Record<string, string> | undefined,
  names: readonly string[],
  value: string | undefined,
): Record<string, string> | undefined {
  const next = { ...settings };
  for (const name of names) {
    if (value) next[name] = value;
    else delete next[name];
  }
  return Object.keys(next).length > 0 ? next : undefined;
}
