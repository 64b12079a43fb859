/**
 * The rules of a configuration while they are edited: what is saved, and what was changed about it. An edit holds one rule,
 * so what somebody else saves meanwhile about other rules stays. Pure.
 */
import type { RuleConfig } from '@/api/types';
import { type PayloadProblem, payloadOf, payloadProblem, samePayload } from './payload';
import type { RuleDoc } from './service';

export type Level = 'ERROR' | 'WARNING' | 'OFF';
export const LEVELS: readonly Level[] = ['ERROR', 'WARNING', 'OFF'];

/** By key; null turns a rule off. */
export type Edits = Record<string, RuleConfig | null>;

/** A rule of an engine: at most one in a configuration. */
export const keyOf = ({ engine, type }: Pick<RuleConfig, 'engine' | 'type'>) => `${engine}/${type}`;

export const levelOf = (rule: RuleConfig | null | undefined): Level =>
  rule?.level === 'ERROR' || rule?.level === 'WARNING' ? rule.level : 'OFF';

/** The saved rules with the edits put in; new ones come last. */
export function withEdits(saved: readonly RuleConfig[], edits: Edits = {}): RuleConfig[] {
  const known = new Set(saved.map(keyOf));
  const kept = saved.map((rule) => {
    const edit = edits[keyOf(rule)];
    return edit === undefined ? rule : edit;
  });
  const added = Object.entries(edits).map(([key, edit]) => (known.has(key) ? null : edit));
  return [...kept, ...added].filter((rule) => rule !== null);
}

const isSame = (a: RuleConfig | null, b: RuleConfig | null) =>
  levelOf(a) === levelOf(b) && (a === null || b === null || samePayload(payloadOf(a), payloadOf(b)));

/** The edits with one more; one that says what is saved anyway is none. */
export function edited(
  saved: readonly RuleConfig[],
  edits: Edits,
  key: string,
  to: RuleConfig | null,
): Edits {
  const { [key]: _, ...rest } = edits;
  const before = saved.find((rule) => keyOf(rule) === key) ?? null;
  return isSame(before, to) ? rest : { ...rest, [key]: to };
}

/** A rule at a level; `remembered` is what it was told when it was last on. */
export function atLevel(
  doc: RuleDoc,
  level: Level,
  remembered: RuleConfig | null | undefined,
): RuleConfig | null {
  if (level === 'OFF') return null;
  const payload = payloadOf(remembered ?? doc.preset);
  return { type: doc.type, engine: doc.engine, level, ...payload };
}

/** Rules that this server does not evaluate: of another version, or of an engine without rules. They are kept as they are. */
export function unknownRules(rules: readonly RuleConfig[], docs: readonly RuleDoc[]): RuleConfig[] {
  const known = new Set(docs.map(keyOf));
  return rules.filter((rule) => !known.has(keyOf(rule)));
}

/** How many rules there are of each level. */
export function countLevels(rules: readonly RuleConfig[]): Record<'ERROR' | 'WARNING', number> {
  const count = (level: Level) => rules.filter((rule) => levelOf(rule) === level).length;
  return { ERROR: count('ERROR'), WARNING: count('WARNING') };
}

/** A rule that cannot be saved as it is. */
export interface WrongRule {
  rule: RuleConfig;
  problem: PayloadProblem;
}

export const wrongRules = (rules: readonly RuleConfig[]): WrongRule[] =>
  rules.flatMap((rule) => {
    const problem = payloadProblem(payloadOf(rule));
    return problem ? [{ rule, problem }] : [];
  });

/** What the server found wrong with the rules that were sent, by key; the rest is about the configuration. */
export function violationsByRule(
  sent: readonly RuleConfig[],
  violations: readonly { field: string; description: string }[],
): { rules: Record<string, string>; others: string[] } {
  const rules: Record<string, string> = {};
  const others: string[] = [];
  for (const { field, description } of violations) {
    const at = /^review_config\.rules\[(\d+)\]/.exec(field)?.[1];
    const rule = at === undefined ? undefined : sent[Number(at)];
    if (rule) rules[keyOf(rule)] = description;
    else others.push(description);
  }
  return { rules, others };
}

export interface RuleFilter {
  text: string;
  category?: string | undefined;
  level?: string | undefined;
}

const words = (text: string) => text.toLowerCase().replace(/[_.-]+/g, ' ');

/** The rules that a filter leaves, by category in the order of the list. */
export function byCategory(
  docs: readonly RuleDoc[],
  { text, category, level }: RuleFilter,
  levelNow: (doc: RuleDoc) => Level,
): [category: string, rules: RuleDoc[]][] {
  const wanted = words(text).split(/\s+/).filter(Boolean);
  // A rule's whole name means that rule, not all whose names begin so.
  const named = docs.some(({ type }) => type === text.trim()) ? text.trim() : undefined;
  const fits = (doc: RuleDoc) => {
    const about = words(`${doc.type} ${doc.title} ${doc.what}`);
    return (
      (!category || doc.category === category) &&
      (!level || levelNow(doc) === level) &&
      (named ? doc.type === named : wanted.every((word) => about.includes(word)))
    );
  };
  const groups = new Map<string, RuleDoc[]>();
  for (const doc of docs.filter(fits)) groups.set(doc.category, [...(groups.get(doc.category) ?? []), doc]);
  return [...groups];
}
