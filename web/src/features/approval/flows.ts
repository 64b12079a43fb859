/** The approval rules as the page edits them: in order, by what they are about, fallback last. Pure. */
import type { ApprovalRule, ApprovalSource } from '@/api/types';
import type { FieldType } from '@/features/condition/clauses';
import { type ConditionField, isUnfinished } from '@/features/condition/fields';
import { move } from '@/features/environments/order';
import { newId } from '@/lib/id';

export type Source = ApprovalSource;

/** In the order in which they stand on the page and in the setting; the fallback is asked last. */
export const SOURCES = [
  'CHANGE_DATABASE',
  'CREATE_DATABASE',
  'REQUEST_ROLE',
  'REQUEST_ACCESS',
  'SOURCE_UNSPECIFIED',
] as const satisfies readonly Source[];

export const FALLBACK: Source = 'SOURCE_UNSPECIFIED';

export interface RuleDraft {
  /** Of this page; the setting knows rules by their place. */
  key: string;
  source: Source;
  title: string;
  description: string;
  condition: string;
  roles: string[];
}

export const DEFAULT_ROLES = ['roles/projectOwner'];

export const newRule = (source: Source, part: Partial<RuleDraft> = {}): RuleDraft => ({
  key: newId(),
  source,
  title: '',
  description: '',
  condition: source === FALLBACK ? 'true' : '',
  roles: [],
  ...part,
});

/** By source in our order; within one as the setting has them. Places give keys, so that reading again changes nothing. */
export function draftsOf(rules: readonly ApprovalRule[]): RuleDraft[] {
  const all = rules.map(({ source = FALLBACK, condition, template }, place) => ({
    key: String(place),
    source,
    title: template?.title ?? '',
    description: template?.description ?? '',
    condition: condition?.expression ?? '',
    roles: template?.flow?.roles ?? [],
  }));
  return inOrder(all);
}

const inOrder = (rules: readonly RuleDraft[]): RuleDraft[] =>
  SOURCES.flatMap((source) => rules.filter((rule) => rule.source === source));

export const rulesOf = (drafts: readonly RuleDraft[]): ApprovalRule[] =>
  drafts.map(({ source, title, description, condition, roles }) => ({
    source,
    condition: { expression: condition.trim() },
    template: { title: title.trim(), description: description.trim(), flow: { roles } },
  }));

/** With the rule behind the others of its source. */
export const withRule = (drafts: readonly RuleDraft[], rule: RuleDraft): RuleDraft[] =>
  inOrder([...drafts, rule]);

export const changed = (drafts: readonly RuleDraft[], rule: RuleDraft): RuleDraft[] =>
  drafts.map((old) => (old.key === rule.key ? rule : old));

/** Moved among the rules of its source; unchanged at the ends. */
export function moved(drafts: readonly RuleDraft[], key: string, to: number): RuleDraft[] {
  const source = drafts.find((rule) => rule.key === key)?.source;
  const same = drafts.filter((rule) => rule.source === source);
  const from = same.findIndex((rule) => rule.key === key);
  return inOrder([...drafts.filter((rule) => rule.source !== source), ...move(same, from, to)]);
}

export const isSame = (a: readonly RuleDraft[], b: readonly RuleDraft[]) =>
  JSON.stringify(rulesOf(a)) === JSON.stringify(rulesOf(b));

export type RuleProblem = 'title' | 'condition' | 'role';

/** What is missing in a rule before it can be saved. */
export function problemsOf(rule: RuleDraft, fields: readonly ConditionField[]): RuleProblem[] {
  return [
    !rule.title.trim() && ('title' as const),
    isUnfinished(rule.condition, fields) && ('condition' as const),
    rule.roles.some((role) => !role) && ('role' as const),
  ].filter((problem) => problem !== false);
}

/** The rule before it of the same source that takes every change, if there is one: then this one is never asked. */
export function hiddenBy(drafts: readonly RuleDraft[], rule: RuleDraft): RuleDraft | undefined {
  const same = drafts.filter(({ source }) => source === rule.source);
  return same.slice(0, same.indexOf(rule)).find(({ condition }) => condition.trim() === 'true');
}

interface Variable {
  type: FieldType;
  sources: readonly Source[];
}

const CHANGE: Source[] = ['CHANGE_DATABASE'];
const ACCESS: Source[] = ['REQUEST_ACCESS'];
const REQUEST: Source[] = ['REQUEST_ROLE', ...ACCESS];
const TABLE: Source[] = [...CHANGE, ...REQUEST];
const PLACED: Source[] = [...TABLE, 'CREATE_DATABASE'];

/** What conditions may read, the most asked for first. A fallback knows only the project: it is there for everything. */
export const VARIABLES = {
  'resource.environment_id': { type: 'text', sources: PLACED },
  'risk.level': { type: 'text', sources: PLACED },
  'statement.sql_type': { type: 'text', sources: CHANGE },
  'statement.affected_rows': { type: 'number', sources: CHANGE },
  'statement.table_rows': { type: 'number', sources: CHANGE },
  'statement.text': { type: 'text', sources: [...CHANGE, ...ACCESS] },
  'request.role': { type: 'text', sources: ['REQUEST_ROLE'] },
  'request.expiration_days': { type: 'number', sources: REQUEST },
  'request.unmask': { type: 'flag', sources: ACCESS },
  'request.data_export': { type: 'flag', sources: ACCESS },
  'resource.project_id': { type: 'text', sources: SOURCES },
  'resource.instance_id': { type: 'text', sources: PLACED },
  'resource.db_engine': { type: 'text', sources: PLACED },
  'resource.database_name': { type: 'text', sources: PLACED },
  'resource.schema_name': { type: 'text', sources: TABLE },
  'resource.table_name': { type: 'text', sources: TABLE },
  'issue.labels': { type: 'list', sources: CHANGE },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

export const variablesOf = (source: Source): VariableName[] =>
  (Object.keys(VARIABLES) as VariableName[]).filter((name) =>
    (VARIABLES[name].sources as readonly Source[]).includes(source),
  );

/** The place of a rule that the server names in a field, `…rules[3].condition`. */
export const ruleAt = (field: string): number | undefined => {
  const place = /\brules\[(\d+)\]/.exec(field)?.[1];
  return place === undefined ? undefined : Number(place);
};
