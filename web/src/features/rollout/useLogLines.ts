import { useRef } from 'react';
import type { LogEntry } from '@/api/types';
import { EMPTY_LOG, extendLog, type FoldedLog, type LogLine, type LogWords } from './logLines';

/** The lines of a growing log. Only what came since the last time is worked on. */
export function useLogLines(entries: readonly LogEntry[], words: LogWords): LogLine[] {
  const kept = useRef<{ first: LogEntry | undefined; words: LogWords; log: FoldedLog }>(null);
  const before = kept.current;
  const grown =
    before !== null &&
    before.words === words &&
    before.first === entries[0] &&
    before.log.taken <= entries.length;
  const log = extendLog(grown ? before.log : EMPTY_LOG, entries, words);
  kept.current = { first: entries[0], words, log };
  return log.lines;
}
