/** A task run's log entries as numbered lines of text. Pure, so that a line's number never changes. */
import type { LogEntry } from '@/api/types';
import { formatCount } from '@/lib/format';
import { between, durationMs, formatMs } from '@/lib/time';

export type LineKind = 'section' | 'sql' | 'result' | 'error';

/** Where the script failed, for a mark beside the SQL: the last error, as those before were tried again. */
export function failureMark(
  entries: readonly LogEntry[],
): { line: number; level: 'error'; message: string }[] {
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    const command = entries[i]?.commandExecute;
    const line = command?.errorPosition?.line;
    const message = command?.response?.error;
    if (line && message) return [{ line, level: 'error', message }];
  }
  return [];
}

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
/** Of a time as the server writes it, to the microsecond. */
const TIME_WIDTH = 27;

export function logLines(entries: readonly LogEntry[], words: LogWords): LogLine[] {
  return extendLog(EMPTY_LOG, entries, words).lines;
}

/** A log so far. A growing one takes the new entries alone, however long it is. */
export interface FoldedLog {
  /** Entries in it, as the stream counts them. */
  taken: number;
  /** The last entry with what was joined to it, and the lines before it. */
  last: LogEntry | undefined;
  before: number;
  lines: LogLine[];
}

export const EMPTY_LOG: FoldedLog = { taken: 0, last: undefined, before: 0, lines: [] };

/** `entries` is all of the log; those that `log` has are not looked at again. */
export function extendLog(log: FoldedLog, entries: readonly LogEntry[], words: LogWords): FoldedLog {
  if (entries.length === log.taken) return log;
  let { last, before } = log;
  const lines = log.lines.slice();
  for (const entry of entries.slice(log.taken)) {
    const joined = last && join(last, entry);
    if (joined) lines.length = before;
    else before = lines.length;
    last = joined ?? entry;
    for (const line of linesOf(last, words)) lines.push({ ...line, number: lines.length + 1 });
  }
  return { taken: entries.length, last, before, lines };
}

/** As a file: each line with its time. */
export const logText = (lines: readonly LogLine[]): string =>
  lines.map(({ time, text }) => `${(time ?? '').padEnd(TIME_WIDTH)} ${text}`.trimEnd()).join('\n');

/**
 * The stream tells a statement or a sync twice, at its start and at its end; the end alone lacks what the
 * start said. Both become one entry, as the whole log has it.
 */
function join(before: LogEntry, after: LogEntry): LogEntry | undefined {
  const [began, ended] = [before.commandExecute, after.commandExecute];
  if (began && ended && !began.response && (began.statementIndex ?? 0) === (ended.statementIndex ?? 0)) {
    const logTime = began.logTime ?? ended.logTime;
    return { ...before, commandExecute: { ...began, ...ended, logTime } };
  }
  for (const part of ['databaseSync', 'schemaDump', 'priorBackup'] as const) {
    const [start, end] = [before[part], after[part]];
    if (start?.startTime && !start.endTime && end && !end.startTime) {
      return { ...before, [part]: { ...start, ...end } };
    }
  }
  return undefined;
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
  if (entry.note) return [{ kind: 'section', time, text: entry.note }];
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
  for (const notice of response?.notices ?? []) lines.push({ kind: 'sql', text: notice });
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
