/** A plan's changes as the editor holds them: text and targets. Pure. */
import type { Plan, PlanSpec } from '@/api/types';
import { newId } from '@/lib/id';

export interface Change {
  /** The spec's id. */
  id: string;
  /** Names of databases. */
  targets: string[];
  statement: string;
}

export interface PlanText {
  title: string;
  description: string;
  changes: Change[];
}

export type PlanBlocker = 'title' | 'targets' | 'sql';

export const newChange = (targets: string[] = []): Change => ({ id: newId(), targets, statement: '' });

/** Everything that stands in the way of creating or saving, each once, in the order of the page. */
export function planBlockers(text: PlanText): PlanBlocker[] {
  const found: PlanBlocker[] = [];
  if (!text.title.trim()) found.push('title');
  if (text.changes.some((change) => change.targets.length === 0)) found.push('targets');
  if (text.changes.some((change) => !change.statement.trim())) found.push('sql');
  return found;
}

export const sheetOf = (spec: PlanSpec | undefined) => spec?.changeDatabaseConfig?.sheet ?? '';

/** Sheets named by the plan's specs. */
export const sheetsOf = (plan: Plan): string[] => (plan.specs ?? []).map(sheetOf).filter(Boolean);

/** The plan with its statements read from `sheets`; other kinds of spec (release, create database) are left out. */
export function fromPlan(plan: Plan, sheets: ReadonlyMap<string, string>): PlanText {
  return {
    title: plan.title ?? '',
    description: plan.description ?? '',
    changes: (plan.specs ?? [])
      .filter((spec) => sheetOf(spec))
      .map((spec) => ({
        id: spec.id ?? '',
        targets: [...(spec.changeDatabaseConfig?.targets ?? [])],
        statement: sheets.get(sheetOf(spec)) ?? '',
      })),
  };
}

/** The specs to send: those of the text, with what the old spec of the same id had besides. */
export function toSpecs(
  text: PlanText,
  sheets: ReadonlyMap<string, string>,
  old: readonly PlanSpec[] = [],
): PlanSpec[] {
  return text.changes.map(({ id, targets }) => {
    const before = old.find((spec) => spec.id === id)?.changeDatabaseConfig;
    return { id, changeDatabaseConfig: { ...before, targets, sheet: sheets.get(id) } };
  });
}

export const sameText = (a: PlanText, b: PlanText) => JSON.stringify(a) === JSON.stringify(b);
export const sameChanges = (a: PlanText, b: PlanText) =>
  JSON.stringify(a.changes) === JSON.stringify(b.changes);
