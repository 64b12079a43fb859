import { describe, expect, it } from 'vitest';
import type { CheckResult } from '@/api/types';
import { byTarget, findingsOf, placed } from './findings';
import { liveFindings, marksOf, withFixes } from './live';
import { isLong, locksOf, reasonOf } from './locks';

const advice = (target: string, status: CheckResult['status'], line: number): CheckResult => ({
  target,
  status,
  type: 'STATEMENT_ADVISE',
  title: 'where',
  content: 'no where',
  code: 202,
  details: { rule: 'STATEMENT_WHERE_REQUIRE_UPDATE_DELETE' },
  sqlReviewReport: { startPosition: { line, column: 1 } },
});
const summary = (target: string, report: CheckResult['sqlSummaryReport'] = {}): CheckResult => ({
  target,
  status: 'SUCCESS',
  type: 'STATEMENT_SUMMARY_REPORT',
  sqlSummaryReport: report,
  details: { run: 'in one transaction' },
});
const lock = (target: string, line: number, details: Record<string, string>): CheckResult => ({
  target,
  status: 'SUCCESS',
  type: 'STATEMENT_ADVISE',
  title: 'Lock forecast',
  details: {
    lock: 'SHARE',
    table: 'public.customer',
    blocks_reads: 'false',
    blocks_writes: 'true',
    ...details,
  },
  sqlReviewReport: { startPosition: { line, column: 1 } },
});
const RESULTS: CheckResult[] = [
  advice('b', 'WARNING', 1),
  advice('a', 'ERROR', 3),
  advice('b', 'ERROR', 3),
  summary('c', { statementTypes: ['UPDATE'], affectedRows: '9007199254740993' }),
  summary('c', { statementTypes: ['UPDATE', 'DELETE'], affectedRows: '1' }),
  summary('d', { statementTypes: ['DELETE'], unestimatedStatements: 2 }),
];

it('shows the same finding on several databases once, errors first', () => {
  expect(findingsOf(placed(RESULTS))).toMatchObject([
    { level: 'ERROR', line: 3, targets: ['a', 'b'] },
    { level: 'WARNING', line: 1, targets: ['b'] },
  ]);
});

it('sums up by database and check, failing ones first, without rounding', () => {
  expect(byTarget([...RESULTS, { ...advice('a', 'WARNING', 2), code: 1, details: {} }])).toMatchObject([
    { target: 'a', errors: 1, warnings: 1, by: { review: { errors: 1 }, connection: { warnings: 1 } } },
    { target: 'b', errors: 1, warnings: 1, reviewed: true, by: { syntax: { errors: 0 } } },
    { target: 'c', errors: 0, types: ['UPDATE', 'DELETE'], affectedRows: 9007199254740994n, unestimated: 0 },
    { target: 'd', affectedRows: 0n, unestimated: 2, reviewed: false, runs: ['in one transaction'] },
  ]);
});

it('tells which change a finding is in', () => {
  const of = (specId?: string) => ({ ...advice('a', 'ERROR', 1), specId });
  const changesOf = (results: CheckResult[], ...ids: string[]) =>
    placed(
      results,
      ids.map((id) => ({ id })),
    ).map(({ change }) => change);
  expect(changesOf([of('two'), of('one')], 'one', 'two')).toEqual(['two', 'one']);
  expect(changesOf([of()], 'one')).toEqual(['one']);
  expect(changesOf([of()], 'one', 'two')).toEqual(['']);
});

it('forecasts each lock once, the worst first, with the most rows', () => {
  const locks = locksOf(
    placed([
      lock('a', 2, { work: 'ROWS', blocks_writes: 'false' }),
      lock('a', 1, { work: 'INDEX', rows: '10' }),
      lock('b', 1, { work: 'INDEX', rows: '9007199254740993' }),
      lock('a', 3, { work: 'BRIEF', lock: 'ACCESS EXCLUSIVE', blocks_reads: 'true' }),
      lock('a', 4, { work: 'SOMETHING NEW' }),
    ]),
  );
  expect(locks.map(({ line, rows, targets }) => [line, rows, targets])).toEqual([
    [1, 9007199254740993n, ['a', 'b']],
    [3, undefined, ['a']],
    [2, undefined, ['a']],
  ]);
  expect(locks.map(isLong)).toEqual([true, false, false]);
});

it('tells of a lock what is not shown beside it', () => {
  const [shown] = locksOf(
    placed([
      {
        ...lock('a', 1, { work: 'INDEX', safer: 'CREATE INDEX CONCURRENTLY' }),
        content:
          'SHARE lock on public.customer: who writes to it waits; an index is built. Blocks less: CREATE INDEX CONCURRENTLY.',
      },
    ]),
  );
  expect(shown && reasonOf(shown)).toBe('Who writes to it waits; an index is built.');
});

describe('a review of what is being written', () => {
  const edit = { start: { line: 3, column: 1 }, end: { line: 3, column: 2 }, text: '' };
  const found = liveFindings(
    {
      advices: [
        {
          status: 'ERROR',
          title: 'where',
          content: 'no where',
          rule: 'STATEMENT_WHERE_REQUIRE_UPDATE_DELETE',
          start: { line: 3, column: 1 },
          end: { line: 3, column: 9 },
          fixes: [
            { title: 'Empty', edits: [] },
            { title: 'Take it out', edits: [edit] },
          ],
        },
        { status: 'ERROR', title: 'Syntax error', content: 'near x', rule: 'TYPE_UNSPECIFIED' },
        { status: 'WARNING', title: 'ignored', suppression: { reason: 'known' } },
        { status: 'SUCCESS', title: 'fine' },
      ],
    },
    'one',
    'a',
  );

  it('gives findings without those that a comment takes away', () => {
    expect(found).toMatchObject([
      { level: 'ERROR', line: 3, end: { line: 3, column: 9 }, fix: { title: 'Take it out', edits: [edit] } },
      { title: 'Syntax error', rule: '', line: undefined, fix: undefined },
    ]);
  });

  it('marks those that have a place, and mends them', () => {
    const mended: string[] = [];
    const marks = marksOf(found, ({ title }) => mended.push(title));
    expect(marks).toMatchObject([{ line: 3, level: 'error', message: 'no where' }]);
    marks[0]?.fix?.apply();
    expect(mended).toEqual(['where']);
  });

  it('lends its repairs to the same finding of the checks', () => {
    const checked = findingsOf(
      placed(
        [advice('a', 'ERROR', 3), advice('a', 'ERROR', 4)],
        [{ id: 'one', changeDatabaseConfig: { targets: ['a'] } }],
      ),
    );
    expect(withFixes(checked, found).map(({ line, fix }) => [line, fix?.title])).toEqual([
      [3, 'Take it out'],
      [4, undefined],
    ]);
  });
});
