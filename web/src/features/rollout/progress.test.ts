import { describe, expect, it } from 'vitest';
import type { TaskRun } from '@/api/types';
import { type Checkpoint, partsOf, placeOf, rangeText } from './progress';
import { type Choice, firstAnswer, firstToRun, needsReason, startOf } from './resume';

const run = (status: TaskRun['status'], checkpoint: Checkpoint): TaskRun => ({ status, checkpoint });
const told = (of: TaskRun) => partsOf(of).map((part) => `${rangeText(part)} ${part.kind}`);

describe('partsOf', () => {
  it('cuts the script by what became of it', () => {
    expect(told(run('FAILED', { applied: 2, count: 5 }))).toEqual(['1–2 applied', '3–5 rest']);
    expect(told(run('RUNNING', { applied: 2, count: 5 }))).toEqual(['1–2 applied', '3 running', '4–5 rest']);
    expect(told(run('RUNNING', { count: 3, openFirst: 1, openLast: 3 }))).toEqual(['1–3 running']);
    expect(told(run('DONE', { applied: 3, count: 3 }))).toEqual(['1–3 applied']);
    expect(told(run('PENDING', {}))).toEqual([]);
  });

  it('tells within a transaction what ran from what runs, when the log says so', () => {
    const of = run('RUNNING', { count: 4, openFirst: 1, openLast: 4 });
    const parts = partsOf(of, [{ commandExecute: { statementIndex: 2 } }]);
    expect(parts.map((part) => `${rangeText(part)} ${part.kind}`)).toEqual([
      '1–2 ran',
      '3 running',
      '4 rest',
    ]);
    const late = partsOf(run('RUNNING', { applied: 3, count: 4 }), [
      { commandExecute: { statementIndex: 1 } },
    ]);
    expect(late.map((part) => part.kind)).toEqual(['applied', 'running']);
  });

  it('keeps what nobody can tell apart from what is not applied', () => {
    const at = { applied: 1, count: 4, unknown: true, openFirst: 2, openLast: 3 };
    expect(told(run('FAILED', at))).toEqual(['1 applied', '2–3 open', '4 rest']);
    expect(told(run('FAILED', { applied: 1, count: 2, unknown: true }))).toEqual(['1 applied', '2 open']);
  });
});

describe('placeOf', () => {
  it('trusts the log, which is finer than the checkpoint', () => {
    const of = run('RUNNING', { applied: 0, count: 5, openFirst: 1, openLast: 5 });
    expect(placeOf(of)).toEqual({ statement: 1, last: 5, count: 5 });
    const entries = [{ commandExecute: { statementIndex: 2 } }, { note: 'Resting.' }];
    expect(placeOf(of, entries)).toEqual({ statement: 3, last: 3, count: 5 });
    expect(placeOf(run('RUNNING', {}))).toBeUndefined();
  });
});

describe('where the next run begins', () => {
  const at: Checkpoint = { applied: 2, count: 5 };
  const chosen = (choice: Choice, statement = '3') => ({ choice, statement });

  it('is after what is applied, without a word', () => {
    expect(firstAnswer(at)).toEqual(chosen('checkpoint'));
    expect(needsReason(at, chosen('checkpoint'))).toBe(false);
    expect(startOf(at, chosen('checkpoint'))).toEqual({});
    expect(startOf(undefined, chosen('checkpoint'))).toEqual({});
  });

  it('is elsewhere only for a reason', () => {
    expect(needsReason(at, chosen('start'))).toBe(true);
    expect(startOf(at, chosen('start'))).toEqual({ resume: 'FROM_START' });
    expect(needsReason(at, chosen('statement'))).toBe(false);
    expect(needsReason(at, chosen('statement', '5'))).toBe(true);
    expect(startOf(at, chosen('statement', '6'))).toEqual({
      resume: 'FROM_STATEMENT',
      resumeStatement: 6,
    });
    for (const wrong of ['', '0', '7', '1.5', 'x']) {
      expect(firstToRun(at, chosen('statement', wrong)), wrong).toBeUndefined();
    }
  });

  it('is what a person found, where the record does not know', () => {
    const open: Checkpoint = { ...at, unknown: true, openFirst: 3, openLast: 4 };
    expect(firstAnswer(open).choice).toBeUndefined();
    expect(firstToRun(open, firstAnswer(open))).toBeUndefined();
    expect(startOf(open, chosen('notApplied')).resumeStatement).toBe(3);
    expect(startOf(open, chosen('applied')).resumeStatement).toBe(5);
    expect(needsReason(open, chosen('notApplied'))).toBe(true);
  });
});
