import { useEffect, useState } from 'react';
import { call } from '@/api/client';
import { ApiError } from '@/api/error';
import type { LogEntry } from '@/api/types';
import { takeStreamPlace } from '@/lib/streamPlace';

export type LogState = 'loading' | 'live' | 'polling' | 'reconnecting' | 'ended';

const RETRY_MS = 3_000;
/** Entries that come together are shown together: a long log comes in thousands. */
const BATCH_MS = 60;

/**
 * The log of one task run: an event stream of entries that ends with the run (`event: done`). A broken
 * stream goes on from the last entry it had. A tab that nobody sees lets its stream go; one that finds no place for a
 * stream (lib/streamPlace.ts) reads the log again and again until there is one.
 */
export function useTaskLog(run: string | undefined): {
  entries: LogEntry[];
  state: LogState;
  error: ApiError | null;
} {
  const [entries, setEntries] = useState<LogEntry[]>([]);
  const [state, setState] = useState<LogState>('loading');
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    setEntries([]);
    setState('loading');
    setError(null);
    if (!run) return;
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let count = 0;
    let failures = 0;
    let over = false;
    let waiting: LogEntry[] = [];
    let batch: ReturnType<typeof setTimeout> | undefined;
    let release = () => {};
    const close = () => {
      source?.close();
      source = null;
      release();
      release = () => {};
    };
    const flush = () => {
      clearTimeout(batch);
      batch = undefined;
      if (waiting.length === 0) return;
      const [more, whole] = [waiting, waiting.length === count];
      waiting = [];
      setEntries((old) => (whole ? more : [...old, ...more]));
    };
    const open = async () => {
      clearTimeout(retry);
      const place = await takeStreamPlace();
      if (over || source || document.hidden) {
        place?.();
        return;
      }
      if (!place) {
        setState('polling');
        await readWhole();
        return;
      }
      release = place;
      source = new EventSource(`/api/logs/${encodeURIComponent(run)}?from=${count}`);
      source.onopen = () => {
        failures = 0;
        setState('live');
      };
      const take = (event: MessageEvent<string>) => {
        count += 1;
        waiting.push(JSON.parse(event.data) as LogEntry);
        batch ??= setTimeout(flush, BATCH_MS);
      };
      source.onmessage = take;
      source.addEventListener('entry', take);
      source.addEventListener('done', () => {
        over = true;
        close();
        flush();
        setState('ended');
      });
      source.onerror = () => {
        // The browser would resume by Last-Event-ID; we ask by number, which is what we counted.
        close();
        if (over) return;
        failures += 1;
        setState('reconnecting');
        if (failures > 2) void readWhole();
        else retry = setTimeout(open, RETRY_MS);
      };
    };
    const seen = () => {
      if (over) return;
      if (!document.hidden) void open();
      else {
        clearTimeout(retry);
        close();
      }
    };
    document.addEventListener('visibilitychange', seen);
    /** Without a stream (a proxy that swallows it): the whole log by a plain call, again and again. */
    const readWhole = async () => {
      try {
        const log = await call('RolloutService/GetTaskRunLog', { parent: run });
        if (over) return;
        // The call joins each start with its end, so its entries are not counted like those of the stream.
        count = 0;
        waiting = [];
        setEntries(log.entries ?? []);
        setError(null);
      } catch (failure) {
        if (over) return;
        setError(failure instanceof ApiError ? failure : null);
      }
      retry = setTimeout(open, RETRY_MS);
    };
    void open();
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', seen);
      clearTimeout(retry);
      clearTimeout(batch);
      close();
    };
  }, [run]);
  return { entries, state, error };
}
