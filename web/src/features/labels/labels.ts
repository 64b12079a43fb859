/** Labels as they are edited: rows of key and value. Pure. */
export interface LabelRow {
  key: string;
  value: string;
}

/** What the server takes. */
const KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const VALUE = /^[A-Za-z0-9_-]{0,63}$/;

export type LabelProblem = 'key' | 'duplicate' | 'value';

export const rowsOf = (labels: Record<string, string> = {}): LabelRow[] =>
  Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => ({ key, value }));

/** What is wrong with each row; undefined where all is well. A row with nothing in it is no label. */
export function labelProblems(rows: readonly LabelRow[]): (LabelProblem | undefined)[] {
  return rows.map(({ key, value }, at) => {
    if (!key && !value) return undefined;
    if (!KEY.test(key)) return 'key';
    if (!VALUE.test(value.trim())) return 'value';
    return rows.some((other, i) => i < at && other.key === key) ? 'duplicate' : undefined;
  });
}

export const labelsOf = (rows: readonly LabelRow[]): Record<string, string> =>
  Object.fromEntries(rows.filter(({ key }) => key).map(({ key, value }) => [key, value.trim()]));

/** The labels that all of them have, with the same value. */
export function commonLabels(all: readonly (Record<string, string> | undefined)[]): Record<string, string> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((labels) => labels?.[key] === value)),
  );
}

/** One thing's labels after an edit of those that it shares with others: its own stay. */
export function relabelled(
  own: Record<string, string> = {},
  before: Record<string, string>,
  after: Record<string, string>,
): Record<string, string> {
  const kept = Object.entries(own).filter(([key]) => !(key in before));
  return { ...Object.fromEntries(kept), ...after };
}
