/** A task run's log entries as numbered lines of text. Pure, so that a line's number never changes. */
import type { LogEntry } from '@/api/types';
import { formatCount } from '@/lib/format';
import { between, durationMs, formatMs } from '@/lib/time';

export type LineKind = 'section' | 'sql' | 'result' | 'error';

export interface LogLine {
  /** 1-based. */
  number: number;
  kind: LineKind;
  text: string;
  time?: string | undefined;
}

/** Sentences that the log needs; handed in, so that this stays free of the language. */
export interface LogWords {
  schemaDump: string;
  databaseSync: string;
  begin: string;
  commit: string;
  rollback: string;
  statement: (index: number, count: number) => string;
  rows: (count: string) => string;
  at: (line: number, column: number) => string;
  backup: string;
  retry: (count: number, max: number) => string;
  running: string;
  other: (type: string) => string;
}

type Draft = Omit<LogLine, 'number'>;

const CUT_AT = 400;

export function logLines(entries: readonly LogEntry[], words: LogWords): LogLine[] {
  return merge(entries)
    .flatMap((entry) => linesOf(entry, words))
    .map((line, i) => ({ ...line, number: i + 1 }));
}

/** A statement is told twice, at its start and with its result: the second takes the first one's place. */
export function merge(entries: readonly LogEntry[]): LogEntry[] {
  const merged: LogEntry[] = [];
  for (const entry of entries) {
    const last = merged.at(-1);
    const [now, before] = [entry.commandExecute, last?.commandExecute];
    const sameStatement =
      now && before && !before.response && (now.statementIndex ?? 0) === (before.statementIndex ?? 0);
    if (sameStatement) merged[merged.length - 1] = entry;
    else merged.push(entry);
  }
  return merged;
}

function linesOf(entry: LogEntry, words: LogWords): Draft[] {
  const time = entry.logTime;
  const timed = (
    text: string,
    part: { startTime?: string | undefined; endTime?: string | undefined; error?: string | undefined },
  ) => {
    const ms = between(part.startTime, part.endTime);
    const head: Draft = {
      kind: 'section',
      time,
      text: ms === undefined ? text : `${text} · ${formatMs(ms)}`,
    };
    return part.error ? [head, ...errorLines(part.error, time)] : [head];
  };
  if (entry.schemaDump) return timed(words.schemaDump, entry.schemaDump);
  if (entry.databaseSync) return timed(words.databaseSync, entry.databaseSync);
  if (entry.priorBackup) return timed(words.backup, entry.priorBackup);
  if (entry.transactionControl) {
    const { type, error } = entry.transactionControl;
    const text = type === 'COMMIT' ? words.commit : type === 'ROLLBACK' ? words.rollback : words.begin;
    return [{ kind: 'section', time, text }, ...(error ? errorLines(error, time) : [])];
  }
  if (entry.retryInfo) {
    const { retryCount = 0, maximumRetries = 0, error } = entry.retryInfo;
    return [
      { kind: 'section', time, text: words.retry(retryCount, maximumRetries) },
      ...(error ? errorLines(error, time) : []),
    ];
  }
  if (entry.commandExecute) return commandLines(entry.commandExecute, time, words);
  return [{ kind: 'section', time, text: words.other(entry.type ?? '') }];
}

type Command = NonNullable<LogEntry['commandExecute']>;

function commandLines(command: Command, time: string | undefined, words: LogWords): Draft[] {
  const { statement = '', statementIndex = 0, statementCount = 1, response, errorPosition } = command;
  const source = statement.trimEnd().split('\n');
  const lines: Draft[] = [
    { kind: 'section', time, text: words.statement(statementIndex + 1, statementCount) },
    ...source.slice(0, CUT_AT).map((text): Draft => ({ kind: 'sql', text })),
  ];
  if (source.length > CUT_AT) lines.push({ kind: 'sql', text: '…' });
  if (!response) return [...lines, { kind: 'result', text: words.running }];
  const ms = durationMs(command.duration) ?? between(command.logTime, response.logTime);
  if (response.error) {
    const place = errorPosition?.line ? words.at(errorPosition.line, errorPosition.column ?? 1) : '';
    return [
      ...lines,
      ...errorLines(response.error, response.logTime),
      ...(place ? [{ kind: 'error' as const, text: place }] : []),
    ];
  }
  const result = [words.rows(formatCount(response.affectedRows)), ms === undefined ? '' : formatMs(ms)];
  return [...lines, { kind: 'result', time: response.logTime, text: result.filter(Boolean).join(' · ') }];
}

const errorLines = (error: string, time: string | undefined): Draft[] =>
  error.split('\n').map((text, i) => ({ kind: 'error', text, time: i === 0 ? time : undefined }));
