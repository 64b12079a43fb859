/**
 * Running queries and their results, one a sheet. They live outside of the page, so that a query goes on while another
 * sheet or page shows. Stopping one aborts its request, and the server then stops the statement.
 */
import { useSyncExternalStore } from 'react';
import { callBytes } from '@/api/client';
import { ApiError, isApiError } from '@/api/error';
import { invalidateMethods, queryClient } from '@/api/query';
import { newId } from '@/lib/id';
import type { Result } from '../result/answer';
import { Reader } from '../result/reader';

/** What is sent, and where it stands in its sheet. */
export interface Asked {
  database: string;
  project: string;
  schema: string;
  limit: number;
  text: string;
  /** 1-based line and column of the text's beginning in the sheet. */
  line: number;
  column: number;
}

export interface Run {
  id: string;
  asked: Asked;
  state: 'running' | 'done' | 'failed' | 'canceled';
  startedAt: number;
  /** Bytes of the answer that are here. */
  received: number;
  /** From the press to the rows. */
  tookMs: number;
  results: readonly Result[];
  error: ApiError | undefined;
  reader: Reader | undefined;
  /** The results before, shown as such until there are new ones. */
  before: Run | undefined;
}

/** The page says anew how much has come after so much more. */
const TELL_BYTES = 2_000_000;

const runs = new Map<string, Run>();
const stops = new Map<string, AbortController>();
const listeners = new Set<() => void>();

function set(sheet: string, run: Run): void {
  runs.set(sheet, run);
  for (const listener of listeners) listener();
}

/** Sends a text; a query of the same sheet that still runs is stopped. */
export async function startRun(sheet: string, asked: Asked): Promise<void> {
  stops.get(sheet)?.abort();
  const stop = new AbortController();
  stops.set(sheet, stop);
  const last = runs.get(sheet);
  const before = last?.state === 'running' ? last.before : last;
  const run: Run = {
    id: newId(),
    asked,
    state: 'running',
    startedAt: Date.now(),
    received: 0,
    tookMs: 0,
    results: [],
    error: undefined,
    reader: undefined,
    before,
  };
  set(sheet, run);
  const end = (patch: Partial<Run>) => {
    if (runs.get(sheet)?.id !== run.id) return;
    before?.reader?.close();
    stops.delete(sheet);
    set(sheet, { ...run, before: undefined, tookMs: Date.now() - run.startedAt, ...patch });
    void invalidateMethods(queryClient, ['QueryHistoryService']);
  };
  let reader: Reader | undefined;
  try {
    const { database: name, text: statement, schema, limit } = asked;
    const request = { name, statement, limit, schema: schema || undefined };
    reader = new Reader();
    let [received, told] = [0, 0];
    for await (const piece of callBytes('SQLService/Query', request, { signal: stop.signal })) {
      received += piece.length;
      void reader.take(piece);
      if (received < told + TELL_BYTES) continue;
      told = received;
      if (runs.get(sheet)?.id === run.id) set(sheet, { ...run, received });
    }
    const results = await reader.read();
    if (runs.get(sheet)?.id !== run.id) reader.close();
    end({ state: 'done', results, reader });
  } catch (cause) {
    reader?.close();
    if (stop.signal.aborted) end({ state: 'canceled' });
    else end({ state: 'failed', error: isApiError(cause) ? cause : unread(cause) });
  }
}

const unread = (cause: unknown) =>
  new ApiError({
    code: 'unknown',
    reason: 'BAD_RESPONSE',
    message: cause instanceof Error ? cause.message : String(cause),
    method: 'SQLService/Query',
  });

export function cancelRun(sheet: string): void {
  stops.get(sheet)?.abort();
}

/** The sheet is closed: its query stops and its results go. */
export function dropRun(sheet: string): void {
  stops.get(sheet)?.abort();
  stops.delete(sheet);
  const run = runs.get(sheet);
  run?.reader?.close();
  run?.before?.reader?.close();
  runs.delete(sheet);
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useRun = (sheet: string): Run | undefined =>
  useSyncExternalStore(subscribe, () => runs.get(sheet));
