/** What an entry of the audit log says, in words of the page. */
import type { AuditLog } from '@/api/types';
import type { StatusKind } from '@/ui/Status';

/** The gate's verdict, as the wire's severity. */
export const OUTCOMES = ['INFO', 'WARNING', 'ERROR', 'NOTICE'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_KIND: Record<Outcome, StatusKind> = {
  INFO: 'done',
  WARNING: 'rejected',
  ERROR: 'failed',
  NOTICE: 'running',
};

export const outcomeOf = ({ severity }: AuditLog): Outcome =>
  OUTCOMES.find((outcome) => outcome === severity) ?? 'NOTICE';

/** `/bytebase.v1.PlanService/CreatePlan` → what was called, and on which service. */
export function methodOf(path = ''): { method: string; service: string } {
  const [, service = '', method = path] = /([^./]+)\/([^/]+)$/.exec(path) ?? [];
  return { method, service };
}

/** The request as people read it; what is no JSON (a request that was cut) as it stands. */
export function readable(request = ''): string {
  try {
    return JSON.stringify(JSON.parse(request), null, 2);
  } catch {
    return request;
  }
}
