/** Which locks the statements of a plan would take, and who would wait for how long. Pure. */
import type { ForecastLock } from '@/api/types';
import type { Placed } from './findings';

/** How long a lock is held, the shortest first. */
export const WORK = ['BRIEF', 'ROWS', 'SCAN', 'INDEX', 'REWRITE'] as const;
export type Work = (typeof WORK)[number];

export interface Lock {
  key: string;
  /** The spec's id. */
  change: string;
  line: number;
  table: string;
  /** The engine's name of the lock: `ACCESS EXCLUSIVE`. */
  mode: string;
  blocksReads: boolean;
  blocksWrites: boolean;
  work: Work;
  /** Rows of the table, the most of all targets, when somebody counted. */
  rows?: bigint | undefined;
  /** What blocks less. */
  safer: string;
  /** The server's sentence, with its reason. */
  content: string;
  targets: string[];
}

const isWork = (text: string | undefined): text is Work => WORK.some((work) => work === text);

/** A lock that others feel: they wait longer than for a moment. */
export const isLong = ({ blocksReads, blocksWrites, work }: Lock) =>
  (blocksReads || blocksWrites) && work !== 'BRIEF';

/** What a reader looks for first: who waits long, then who waits at all. */
const weight = (lock: Lock): number =>
  (isLong(lock) ? 100 : 0) + (lock.blocksReads ? 20 : lock.blocksWrites ? 10 : 0) + WORK.indexOf(lock.work);

/** The server's sentence without what stands beside it: lock, table, and what blocks less. */
export function reasonOf({ mode, table, safer, content }: Lock): string {
  const text = content.replace(`${mode} lock on ${table}: `, '').replace(` Blocks less: ${safer}.`, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The same lock on several databases is one, with the most rows; the worst stand first. */
export function locksOf(results: readonly Placed[]): Lock[] {
  const found = new Map<string, Lock>();
  for (const { change, result } of results) {
    const { details = {}, content = '', target = '', sqlReviewReport } = result;
    if (!details.lock || !isWork(details.work)) continue;
    const line = sqlReviewReport?.startPosition?.line ?? 0;
    const key = [change, line, details.table, details.lock, details.work].join('\n');
    const rows = details.rows ? BigInt(details.rows) : undefined;
    const lock = found.get(key) ?? {
      key,
      change,
      line,
      table: details.table ?? '',
      mode: details.lock,
      blocksReads: details.blocks_reads === 'true',
      blocksWrites: details.blocks_writes === 'true',
      work: details.work,
      rows,
      safer: details.safer ?? '',
      content,
      targets: [],
    };
    if (rows !== undefined && (lock.rows === undefined || rows > lock.rows)) lock.rows = rows;
    if (!lock.targets.includes(target)) lock.targets.push(target);
    found.set(key, lock);
  }
  return worstFirst([...found.values()]);
}

const worstFirst = (locks: Lock[]) => locks.sort((a, b) => weight(b) - weight(a) || a.line - b.line);

/** Those of a script that is only tried. */
export function locksOfTrial(forecast: readonly ForecastLock[]): Lock[] {
  const locks = forecast.flatMap((lock, at): Lock[] =>
    isWork(lock.work)
      ? [
          {
            key: String(at),
            change: '',
            line: lock.start?.line ?? 0,
            table: lock.table ?? '',
            mode: lock.mode ?? '',
            blocksReads: lock.blocksReads ?? false,
            blocksWrites: lock.blocksWrites ?? false,
            work: lock.work,
            rows: lock.rows === undefined ? undefined : BigInt(lock.rows),
            safer: lock.safer ?? '',
            content: lock.because ?? '',
            targets: [],
          },
        ]
      : [],
  );
  return worstFirst(locks);
}
