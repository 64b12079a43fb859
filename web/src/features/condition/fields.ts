/** Names that conditions may use, with what the builder needs to know of them. */
import type { Option } from '@/ui/Select';
import { type Clause, type FieldType, isWhole, readClauses } from './clauses';

export interface ConditionField {
  name: string;
  type: FieldType;
  /** What it is, for people. */
  text: string;
  /** All that it can be, when that is known. */
  values?: readonly Option[] | undefined;
  /** A database by its name: searched for, since there may be thousands. */
  database?: boolean | undefined;
}

export const typeIn =
  (fields: readonly ConditionField[]) =>
  (name: string): FieldType | undefined =>
    fields.find((field) => field.name === name)?.type;

export const clausesOf = (text: string, fields: readonly ConditionField[]): Clause[] | undefined =>
  readClauses(text, typeIn(fields));

/** What is missing before the server is asked; what it then finds is its own to say. */
export function isUnfinished(text: string, fields: readonly ConditionField[]): boolean {
  if (!text.trim()) return true;
  const typeOf = typeIn(fields);
  return clausesOf(text, fields)?.some((clause) => !isWhole(clause, typeOf(clause.field) ?? 'text')) ?? false;
}

/** Where in a condition the mistake is: its line, and the columns before it. */
export function caretOf(text: string, offset: number): { line: string; before: string } {
  const at = Math.max(0, Math.min(offset, text.length));
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const to = text.indexOf('\n', at);
  const line = text.slice(from, to < 0 ? undefined : to);
  // Tabs stay tabs, so that the mark stands under its place.
  return { line, before: text.slice(from, at).replace(/[^\t]/g, ' ') };
}

/** What is wrong with a condition, and where when that is known (characters from 0). */
export interface ConditionProblem {
  text: string;
  offset?: number | undefined;
}

/** `column 12: …` of the server, which counts characters from 1, as a place in the text. */
export function problemOf(description: string, expression: string): ConditionProblem {
  const first = description.split('\n', 1)[0] ?? '';
  const [, line = '1', column, text] = /^(?:line (\d+), )?column (\d+): (.*)$/.exec(first) ?? [];
  if (!column || !text) return { text: description };
  const lines = expression.split('\n');
  const before = lines.slice(0, Number(line) - 1).reduce((sum, one) => sum + one.length + 1, 0);
  // A character beyond the basic plane is two units of the text.
  const units = [...(lines[Number(line) - 1] ?? '')].slice(0, Number(column) - 1).join('').length;
  return { text, offset: before + units };
}
