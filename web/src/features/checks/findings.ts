/** Check results as findings (the same one on many databases is one finding) and a summary by target. Pure. */
import type { CheckResult } from '@/api/types';

export interface Finding {
  key: string;
  level: 'ERROR' | 'WARNING';
  title: string;
  content: string;
  /** 1-based; absent when the finding is about the whole text. */
  line?: number | undefined;
  targets: string[];
}

const RANK = { ERROR: 0, WARNING: 1 };

/** Errors first, then by line. */
export function findingsOf(results: readonly CheckResult[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const { status, title = '', content = '', target = '', sqlReviewReport } of results) {
    if (status !== 'ERROR' && status !== 'WARNING') continue;
    const line = sqlReviewReport?.startPosition?.line || undefined;
    const key = [status, title, content, line].join('\n');
    const finding = found.get(key) ?? { key, level: status, title, content, line, targets: [] };
    if (!finding.targets.includes(target)) finding.targets.push(target);
    found.set(key, finding);
  }
  return [...found.values()].sort((a, b) => RANK[a.level] - RANK[b.level] || (a.line ?? 0) - (b.line ?? 0));
}

export interface TargetSummary {
  target: string;
  errors: number;
  warnings: number;
  /** Statement types, each once. */
  types: string[];
  /** Estimate over all statements that have one; undefined when no check told. */
  affectedRows?: bigint | undefined;
  /** Statements that change rows and have no estimate. */
  unestimated: number;
  objects: string[];
}

/** What the wire has no name for (a SELECT, a SET) says nothing to a reader. */
const UNNAMED = 'STATEMENT_TYPE_UNSPECIFIED';

/** One row a database, the failing ones first. */
export function byTarget(results: readonly CheckResult[]): TargetSummary[] {
  const rows = new Map<string, TargetSummary>();
  for (const result of results) {
    const target = result.target ?? '';
    const row = rows.get(target) ?? {
      target,
      errors: 0,
      warnings: 0,
      types: [],
      objects: [],
      unestimated: 0,
    };
    if (result.status === 'ERROR') row.errors += 1;
    if (result.status === 'WARNING') row.warnings += 1;
    const report = result.sqlSummaryReport;
    if (report) {
      const named = (report.statementTypes ?? []).filter((type) => type !== UNNAMED);
      row.types = [...new Set([...row.types, ...named])];
      row.objects = [...new Set([...row.objects, ...(report.changedObjects ?? [])])];
      row.affectedRows = (row.affectedRows ?? 0n) + BigInt(report.affectedRows || '0');
      row.unestimated += report.unestimatedStatements ?? 0;
    }
    rows.set(target, row);
  }
  return [...rows.values()].sort(
    (a, b) => b.errors - a.errors || b.warnings - a.warnings || a.target.localeCompare(b.target),
  );
}
