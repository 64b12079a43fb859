/** A plan's changes as the editor holds them: text, targets and how they are run. Pure. */
import type { SheetText } from '@/api/sheets';
import type { Plan, PlanSpec } from '@/api/types';
import type { Finding } from '@/features/checks/findings';
import { applyEdits } from '@/features/editor/positions';
import { newId } from '@/lib/id';

/** SQL that stays on the server because it is too large for an editor. */
export interface LargeFile {
  sheet: string;
  bytes: number;
  /** The file that was uploaded; absent when it was read back from a plan. */
  name?: string | undefined;
}

export interface Change {
  /** The spec's id. */
  id: string;
  /** Names of databases. */
  targets: string[];
  /** Of a large file its beginning, to be looked at. */
  statement: string;
  file?: LargeFile | undefined;
  /** Session settings for the run, over those of the environment. */
  settings?: Record<string, string> | undefined;
}

export interface PlanText {
  title: string;
  description: string;
  changes: Change[];
  /** Why production runs first; only of a plan that is not saved yet. */
  hotfix?: string | undefined;
}

/** What a plan lacks. Labels are those of its issue. */
export type PlanBlocker = 'title' | 'targets' | 'sql' | 'labels' | 'hotfix';

export const newChange = (targets: string[] = []): Change => ({ id: newId(), targets, statement: '' });

export const hasSql = (change: Change) => change.file !== undefined || change.statement.trim() !== '';

/** Everything that stands in the way of creating or saving, each once, in the order of the page. */
export function planBlockers(text: PlanText): PlanBlocker[] {
  const found: PlanBlocker[] = [];
  if (!text.title.trim()) found.push('title');
  if (text.hotfix !== undefined && !text.hotfix.trim()) found.push('hotfix');
  if (text.changes.some((change) => change.targets.length === 0)) found.push('targets');
  if (!text.changes.every(hasSql)) found.push('sql');
  return found;
}

export const sheetOf = (spec: PlanSpec | undefined) => spec?.changeDatabaseConfig?.sheet ?? '';

/** Sheets named by the plan's specs. */
export const sheetsOf = (plan: Plan): string[] => (plan.specs ?? []).map(sheetOf).filter(Boolean);

/** The plan with its statements read from `sheets`; other kinds of spec (release, create database) are left out. */
export function fromPlan(plan: Plan, sheets: ReadonlyMap<string, SheetText>): PlanText {
  return {
    title: plan.title ?? '',
    description: plan.description ?? '',
    changes: (plan.specs ?? []).filter((spec) => sheetOf(spec)).map((spec) => fromSpec(spec, sheets)),
  };
}

function fromSpec(spec: PlanSpec, sheets: ReadonlyMap<string, SheetText>): Change {
  const sheet = sheetOf(spec);
  const { text = '', bytes = 0, complete = true } = sheets.get(sheet) ?? {};
  const settings = spec.changeDatabaseConfig?.sessionSettings ?? {};
  return {
    id: spec.id ?? '',
    targets: [...(spec.changeDatabaseConfig?.targets ?? [])],
    statement: text,
    ...(complete ? {} : { file: { sheet, bytes } }),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  };
}

/** The specs to send: those of the text, with what the old spec of the same id had besides. */
export function toSpecs(
  text: PlanText,
  sheets: ReadonlyMap<string, string>,
  old: readonly PlanSpec[] = [],
): PlanSpec[] {
  return text.changes.map(({ id, targets, settings }) => {
    const before = old.find((spec) => spec.id === id)?.changeDatabaseConfig;
    return {
      id,
      changeDatabaseConfig: { ...before, targets, sheet: sheets.get(id), sessionSettings: settings ?? {} },
    };
  });
}

/** The change one place further up (-1) or down (1). */
export function moveChange(changes: readonly Change[], place: number, by: -1 | 1): Change[] {
  const moved = [...changes];
  const [change] = moved.splice(place, 1);
  if (change) moved.splice(place + by, 0, change);
  return moved;
}

const sameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item, i) => item === b[i]);

const sameSettings = (a: Record<string, string> = {}, b: Record<string, string> = {}) => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};

const sameChange = (a: Change, b: Change | undefined) =>
  b !== undefined &&
  a.id === b.id &&
  a.file?.sheet === b.file?.sheet &&
  sameList(a.targets, b.targets) &&
  sameSettings(a.settings, b.settings) &&
  a.statement === b.statement;

/** Whether the change is the same as that of the text with its id. */
export const isSame = (change: Change, text: PlanText | undefined) =>
  sameChange(
    change,
    text?.changes.find(({ id }) => id === change.id),
  );

/** The SQL without what the finding complains about; undefined when it is not the SQL that the finding speaks of. */
export const mended = (change: Change, { fix }: Finding): string | undefined =>
  fix && applyEdits(change.statement, fix.edits);

/** Compared part by part: making one string of megabytes of SQL at each key would be felt. */
export const sameChanges = (a: PlanText, b: PlanText) =>
  a.changes.length === b.changes.length && a.changes.every((change, i) => sameChange(change, b.changes[i]));

export const sameText = (a: PlanText, b: PlanText) =>
  a.title === b.title && a.description === b.description && sameChanges(a, b);

/**
 * Both edits of `from` in one text; undefined when they touch the same part, so that a person has to choose. The
 * changes are one part: two edits of SQL that each are right alone may be wrong together.
 */
export function mergeText(from: PlanText, mine: PlanText, theirs: PlanText): PlanText | undefined {
  const merged = { ...mine };
  for (const part of ['title', 'description'] as const) {
    if (theirs[part] === from[part] || theirs[part] === mine[part]) continue;
    if (mine[part] !== from[part]) return undefined;
    merged[part] = theirs[part];
  }
  if (!sameChanges(theirs, from) && !sameChanges(theirs, mine)) {
    if (!sameChanges(mine, from)) return undefined;
    merged.changes = theirs.changes;
  }
  return merged;
}
