/** How far a run is, and what of its script is in the database: told from its checkpoint. Pure. */
import type { LogEntry, TaskRun } from '@/api/types';

export type Checkpoint = NonNullable<TaskRun['checkpoint']>;
/** `ran` is what a transaction did that is not committed yet. */
export type PartKind = 'applied' | 'ran' | 'running' | 'open' | 'rest';

/** Statements in a row that share a fate; both ends count, from 1. */
export interface Part {
  kind: PartKind;
  first: number;
  last: number;
}

export const isOver = (run: TaskRun) => run.status !== 'RUNNING' && run.status !== 'PENDING';

/** The script cut by what became of its statements; nothing before it was read. */
export function partsOf(run: TaskRun, entries: readonly LogEntry[] = []): Part[] {
  const at = run.checkpoint;
  const count = at?.count ?? 0;
  if (!at || count === 0) return [];
  const applied = Math.min(at.applied ?? 0, count);
  const parts: Part[] = [];
  const add = (kind: PartKind, first: number, last: number) => {
    if (last >= first) parts.push({ kind, first, last });
  };
  add('applied', 1, applied);
  const next = applied + 1;
  let last = applied;
  if (at.unknown) {
    last = Math.min(count, Math.max(next, at.openLast ?? 0));
    add('open', next, last);
  } else if (run.status === 'RUNNING' && next <= count) {
    const place = placeOf(run, entries);
    const now = Math.max(next, place?.statement ?? next);
    last = Math.max(now, place?.last ?? now);
    add('ran', next, now - 1);
    add('running', now, last);
  }
  add('rest', last + 1, count);
  return parts;
}

/** "3" or "3–5". */
export const rangeText = ({ first, last }: { first: number; last: number }) =>
  first === last ? String(first) : `${first}–${last}`;

/** The statements whose effect nobody can prove. */
export function inQuestion(at: Checkpoint): { first: number; last: number } {
  const first = at.openFirst || (at.applied ?? 0) + 1;
  return { first, last: Math.max(first, at.openLast ?? 0) };
}

export interface Place {
  /** Statement that runs, or the last that ran. */
  statement: number;
  /** Later than `statement` when only the group is known: one transaction of several. */
  last: number;
  count: number;
}

/** Where a run is. The log knows the statement; the checkpoint alone only what commits together. */
export function placeOf(run: TaskRun, entries: readonly LogEntry[] = []): Place | undefined {
  const count = run.checkpoint?.count ?? 0;
  if (count === 0) return undefined;
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const command = entries[i]?.commandExecute;
    if (command) {
      const statement = (command.statementIndex ?? 0) + 1;
      return { statement, last: statement, count };
    }
  }
  const statement = Math.min(count, (run.checkpoint?.applied ?? 0) + 1);
  return { statement, last: Math.min(count, Math.max(statement, run.checkpoint?.openLast ?? 0)), count };
}

/** A part of the script is in the database, or may be: the next run has to know where to begin. */
export const isTouched = (at: Checkpoint | undefined): at is Checkpoint =>
  at !== undefined &&
  ((at.applied ?? 0) > 0 || Number(at.chunks ?? 0) > 0 || at.unknown === true || Boolean(at.version));
