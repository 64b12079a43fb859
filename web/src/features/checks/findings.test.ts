import { expect, it } from 'vitest';
import type { CheckResult } from '@/api/types';
import { byTarget, findingsOf } from './findings';

const advice = (target: string, status: CheckResult['status'], line: number): CheckResult => ({
  target,
  status,
  type: 'STATEMENT_ADVISE',
  title: 'where',
  content: 'no where',
  sqlReviewReport: { startPosition: { line, column: 1 } },
});
const RESULTS: CheckResult[] = [
  advice('b', 'WARNING', 1),
  advice('a', 'ERROR', 3),
  advice('b', 'ERROR', 3),
  {
    target: 'c',
    status: 'SUCCESS',
    sqlSummaryReport: { statementTypes: ['UPDATE'], affectedRows: '9007199254740993' },
  },
  {
    target: 'c',
    status: 'SUCCESS',
    sqlSummaryReport: { statementTypes: ['UPDATE', 'DELETE'], affectedRows: '1' },
  },
  {
    target: 'd',
    status: 'SUCCESS',
    sqlSummaryReport: { statementTypes: ['DELETE'], unestimatedStatements: 2 },
  },
];

it('shows the same finding on several databases once, errors first', () => {
  expect(findingsOf(RESULTS)).toMatchObject([
    { level: 'ERROR', line: 3, targets: ['a', 'b'] },
    { level: 'WARNING', line: 1, targets: ['b'] },
  ]);
});

it('sums up by database, failing ones first, without rounding', () => {
  expect(byTarget(RESULTS)).toMatchObject([
    { target: 'b', errors: 1, warnings: 1 },
    { target: 'a', errors: 1, warnings: 0 },
    { target: 'c', errors: 0, types: ['UPDATE', 'DELETE'], affectedRows: 9007199254740994n, unestimated: 0 },
    { target: 'd', affectedRows: 0n, unestimated: 2 },
  ]);
});
