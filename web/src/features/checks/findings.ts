/** Check results for people: findings (the same one on many databases is one finding) and a summary by target. Pure. */
import type { CheckResult, PlanSpec } from '@/api/types';
import type { Edit } from '@/features/editor/positions';

export interface Finding {
  key: string;
  level: 'ERROR' | 'WARNING';
  title: string;
  content: string;
  /** The rule of the review that says it; '' for what is no rule. */
  rule: string;
  /** The change it is in: the id of its spec; '' when the plan is not known. */
  change: string;
  /** 1-based; absent when the finding is about the whole text. */
  line?: number | undefined;
  column?: number | undefined;
  /** The place behind its last character, where somebody told it. */
  end?: { line: number; column: number } | undefined;
  /** Edits of the text that take it away, and what they do. */
  fix?: { title: string; edits: Edit[] } | undefined;
  targets: string[];
}

/** A result with the change that it is about. */
export interface Placed {
  change: string;
  result: CheckResult;
}

/** The results by change. Those of an older server do not say it: they are of the one change there is. */
export function placed(results: readonly CheckResult[], specs: readonly PlanSpec[] = []): Placed[] {
  const only = specs.length === 1 ? specs[0]?.id : undefined;
  return results.map((result) => ({ change: result.specId || only || '', result }));
}

const RANK = { ERROR: 0, WARNING: 1 };

/** Errors first, then by change and line. */
export function findingsOf(results: readonly Placed[]): Finding[] {
  const found = new Map<string, Finding>();
  const order: string[] = [];
  for (const { change, result } of results) {
    if (!order.includes(change)) order.push(change);
    const { status, title = '', content = '', target = '', sqlReviewReport, details } = result;
    if (status !== 'ERROR' && status !== 'WARNING') continue;
    const { line, column } = sqlReviewReport?.startPosition ?? {};
    const key = [change, status, title, content, line].join('\n');
    const finding = found.get(key) ?? {
      key,
      level: status,
      title,
      content,
      rule: details?.rule ?? '',
      change,
      line: line || undefined,
      column: column || undefined,
      targets: [],
    };
    if (!finding.targets.includes(target)) finding.targets.push(target);
    found.set(key, finding);
  }
  return [...found.values()].sort(
    (a, b) =>
      RANK[a.level] - RANK[b.level] ||
      order.indexOf(a.change) - order.indexOf(b.change) ||
      (a.line ?? 0) - (b.line ?? 0),
  );
}

/** What a database was checked for, in the order of the columns. */
export const CHECKS = ['syntax', 'review', 'connection'] as const;
export type Check = (typeof CHECKS)[number];
type Levels = Record<'errors' | 'warnings', number>;

/** "This is not the language", and "this could not be checked", as the server numbers them. */
const SYNTAX = 201;
const UNCHECKED = 1;

/** A finding of a rule is the review's; what has no rule is told by its code. */
function checkOf({ code, details }: CheckResult): Check {
  if (details?.rule) return 'review';
  if (code === SYNTAX) return 'syntax';
  return code === UNCHECKED ? 'connection' : 'review';
}

export interface TargetSummary extends Levels {
  target: string;
  by: Record<Check, Levels>;
  /** A review configuration was in force: it said something, if only which locks the statements take. */
  reviewed: boolean;
  /** Statement types, each once. */
  types: string[];
  /** Estimate over all statements that have one; undefined when no check told. */
  affectedRows?: bigint | undefined;
  /** Statements that change rows and have no estimate. */
  unestimated: number;
  objects: string[];
  /** How each change would be run there, in the server's words. */
  runs: string[];
}

/** What the wire has no name for (a SELECT, a SET) says nothing to a reader. */
const UNNAMED = 'STATEMENT_TYPE_UNSPECIFIED';

const none = (): Levels => ({ errors: 0, warnings: 0 });

/** One row a database, the failing ones first. */
export function byTarget(results: readonly CheckResult[]): TargetSummary[] {
  const rows = new Map<string, TargetSummary>();
  for (const result of results) {
    const target = result.target ?? '';
    const row = rows.get(target) ?? {
      target,
      ...none(),
      by: { syntax: none(), review: none(), connection: none() },
      reviewed: false,
      types: [],
      objects: [],
      runs: [],
      unestimated: 0,
    };
    const of = row.by[checkOf(result)];
    const count = result.status === 'ERROR' ? 'errors' : result.status === 'WARNING' ? 'warnings' : undefined;
    if (count) {
      row[count] += 1;
      of[count] += 1;
    }
    row.reviewed ||= Boolean(result.details?.lock || result.details?.rule);
    const report = result.sqlSummaryReport;
    if (result.type === 'STATEMENT_SUMMARY_REPORT' || report) {
      const named = (report?.statementTypes ?? []).filter((type) => type !== UNNAMED);
      row.types = [...new Set([...row.types, ...named])];
      row.objects = [...new Set([...row.objects, ...(report?.changedObjects ?? [])])];
      row.affectedRows = (row.affectedRows ?? 0n) + BigInt(report?.affectedRows || '0');
      row.unestimated += report?.unestimatedStatements ?? 0;
      if (result.details?.run) row.runs = [...new Set([...row.runs, result.details.run])];
    }
    rows.set(target, row);
  }
  return [...rows.values()].sort(
    (a, b) => b.errors - a.errors || b.warnings - a.warnings || a.target.localeCompare(b.target),
  );
}
