import { describe, expect, it } from 'vitest';
import type { LogEntry, Stage, Task } from '@/api/types';
import { EMPTY_LOG, extendLog, failureMark, type LogWords, logLines, logText } from './logLines';
import { canReplaceRest, cutScript } from './rest';
import { nextStep, summarize } from './steps';

const stage = (name: string, ...statuses: NonNullable<Task['status']>[]): Stage => ({
  name,
  tasks: statuses.map((status, i) => ({ name: `${name}/tasks/${i}`, status })),
});

describe('nextStep', () => {
  it('is the first stage that is not finished', () => {
    const step = nextStep([stage('test', 'DONE', 'SKIPPED'), stage('prod', 'NOT_STARTED')]);
    expect(step).toMatchObject({ kind: 'run', stage: { name: 'prod' } });
  });

  it('waits while something runs, and asks to run failed tasks again before new ones', () => {
    expect(nextStep([stage('test', 'RUNNING', 'FAILED')])?.kind).toBe('running');
    const step = nextStep([stage('test', 'FAILED', 'NOT_STARTED')]);
    expect(step?.kind).toBe('failed');
    expect(step?.tasks).toHaveLength(1);
  });

  it('knows a scheduled task from a waiting one', () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(nextStep([{ name: 's', tasks: [{ name: 't', status: 'PENDING', runTime: later }] }])?.kind).toBe(
      'scheduled',
    );
    expect(nextStep([stage('s', 'PENDING')])?.kind).toBe('running');
  });

  it('is nothing when all is done', () => {
    expect(nextStep([stage('test', 'DONE')])).toBeUndefined();
  });

  it('counts skipped tasks as done', () => {
    expect(summarize(stage('s', 'DONE', 'SKIPPED', 'FAILED', 'PENDING'))).toEqual({
      done: 2,
      failed: 1,
      running: 1,
      total: 4,
    });
  });
});

const words: LogWords = {
  schemaDump: 'dump',
  databaseSync: 'sync',
  begin: 'begin',
  commit: 'commit',
  rollback: 'rollback',
  backup: 'backup',
  running: 'running',
  statement: (i, n) => `statement ${i}/${n}`,
  rows: (n) => `${n} rows`,
  at: (l, c) => `at ${l}:${c}`,
  retry: (i, n) => `retry ${i}/${n}`,
  other: (type) => type,
};
const command = (more: object): LogEntry => ({
  type: 'COMMAND_EXECUTE',
  commandExecute: { statement: 'UPDATE a\nSET b = 1;', statementCount: 2, ...more },
});

describe('logLines', () => {
  it('tells a statement once, whether it came in one piece or two', () => {
    const done = command({ duration: '0.412s', response: { affectedRows: '9007199254740993' } });
    const lines = logLines([command({}), done], words);
    expect(lines.map((l) => l.text)).toEqual([
      'statement 1/2',
      'UPDATE a',
      'SET b = 1;',
      '9,007,199,254,740,993 rows · 412 ms',
    ]);
    expect(lines.map((l) => l.number)).toEqual([1, 2, 3, 4]);
    expect(logLines([done], words)).toEqual(lines);
    const end: LogEntry = {
      type: 'COMMAND_EXECUTE',
      commandExecute: { duration: '0.412s', response: { affectedRows: '9007199254740993' } },
    };
    expect(logLines([command({}), end], words)).toEqual(lines);
  });

  it('shows the running statement, and the place of an error', () => {
    expect(logLines([command({})], words).at(-1)?.text).toBe('running');
    const failed = command({ response: { error: 'no such table' }, errorPosition: { line: 2, column: 5 } });
    expect(logLines([failed], words).slice(-2)).toMatchObject([
      { kind: 'error', text: 'no such table' },
      { kind: 'error', text: 'at 2:5' },
    ]);
  });

  it('joins the start and the end of a sync, and shows notes', () => {
    const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
    const lines = logLines(
      [
        { note: 'Connected.' },
        { type: 'DATABASE_SYNC', databaseSync: { startTime: at(1) } },
        { type: 'DATABASE_SYNC', databaseSync: { endTime: at(3) } },
        { type: 'DATABASE_SYNC', databaseSync: { startTime: at(4) } },
      ],
      words,
    );
    expect(lines.map((l) => l.text)).toEqual(['Connected.', 'sync · 2.00 s', 'sync']);
  });

  it('keeps two runs of equal statements apart', () => {
    const first = command({ response: { affectedRows: '1' } });
    expect(logLines([first, first], words)).toHaveLength(8);
  });

  it('grows by what is new, also when that ends what was there', () => {
    const end: LogEntry = { commandExecute: { statementCount: 2, response: { affectedRows: '1' } } };
    const entries = [{ note: 'Connected.' }, command({}), end, { note: 'Done.' }];
    let log = EMPTY_LOG;
    for (let count = 1; count <= entries.length; count += 1) {
      log = extendLog(log, entries.slice(0, count), words);
      expect(log.lines).toEqual(logLines(entries.slice(0, count), words));
    }
    expect(extendLog(log, entries, words)).toBe(log);
  });

  it('takes a long log in without looking at it all again', () => {
    const entries: LogEntry[] = Array.from({ length: 50_000 }, (_, i) => ({ note: `Note ${i}.` }));
    const start = performance.now();
    let log = EMPTY_LOG;
    for (let count = 500; count <= entries.length; count += 500) {
      log = extendLog(log, entries.slice(0, count), words);
    }
    expect(log.lines).toHaveLength(50_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('becomes a file with the times', () => {
    const time = '2026-01-01T00:00:00.123456Z';
    expect(logText(logLines([{ note: 'Connected.', logTime: time }, { note: 'x' }], words))).toBe(
      `${time} Connected.\n${' '.repeat(28)}x`,
    );
  });

  it('marks the last error, as those before it were tried again', () => {
    const failing = (line: number, error: string) =>
      command({ response: { error }, errorPosition: { line } });
    const entries = [failing(1, 'deadlock'), failing(2, 'no such table')];
    expect(failureMark(entries)).toEqual([{ line: 2, level: 'error', message: 'no such table' }]);
    expect(failureMark([command({ response: {} })])).toEqual([]);
  });
});

describe('the rest of a script', () => {
  const script = '-- txn-mode = off\n-- Über\nCREATE TABLE a (x int);\nCREATE TABLE b (y nonsense);\n';
  const task: Task = { status: 'FAILED', databaseUpdate: { sheet: 'projects/shop/sheets/1' } };
  const start = new TextEncoder().encode(script.slice(0, script.indexOf('CREATE TABLE b'))).length;
  const log: LogEntry[] = [{ commandExecute: { statementIndex: 1, range: { start, end: start + 30 } } }];

  it('may be replaced when a part is applied for certain and a part is not', () => {
    expect(canReplaceRest(task, { checkpoint: { applied: 1, count: 2 } })).toBe(true);
    expect(canReplaceRest(task, { checkpoint: { chunks: '3', count: 2 } })).toBe(true);
    expect(canReplaceRest(task, { checkpoint: { count: 2 } })).toBe(false);
    expect(canReplaceRest(task, { checkpoint: { applied: 2, count: 2 } })).toBe(false);
    expect(canReplaceRest(task, { checkpoint: { applied: 1, count: 2, unknown: true } })).toBe(false);
    expect(canReplaceRest({ ...task, status: 'RUNNING' }, { checkpoint: { applied: 1, count: 2 } })).toBe(
      false,
    );
    expect(canReplaceRest({ status: 'FAILED' }, { checkpoint: { applied: 1, count: 2 } })).toBe(false);
  });

  it('begins where the log saw its first statement, and runs as the script does', () => {
    expect(cutScript(script, { checkpoint: { applied: 1, count: 2 } }, log)).toEqual({
      applied: '-- txn-mode = off\n-- Über\nCREATE TABLE a (x int);',
      rest: '-- txn-mode = off\nCREATE TABLE b (y nonsense);\n',
    });
    expect(cutScript(script, { checkpoint: { applied: 1, count: 2 } }, [])).toBeUndefined();
  });

  it('keeps what stands right above its first statement, and not what stands before it in a line', () => {
    const at = (text: string, sql: string, applied: number) =>
      cutScript(text, { checkpoint: { applied, count: 2 } }, [
        { commandExecute: { statementIndex: applied, range: { start: text.indexOf(sql) } } },
      ]);
    const batch = '-- batch = {"key":"id"}\nUPDATE a SET x = 1;';
    expect(at(batch, 'UPDATE', 0)).toEqual({ applied: '', rest: `${batch}\n` });
    expect(at(`SELECT 1;\n\n${batch}`, 'UPDATE', 1)).toEqual({ applied: 'SELECT 1;', rest: `${batch}\n` });
    expect(at('SELECT 1; SELECT 2;', 'SELECT 2', 1)).toEqual({ applied: 'SELECT 1;', rest: 'SELECT 2;\n' });
  });
});
