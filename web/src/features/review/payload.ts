/**
 * What a rule is told besides its level: one of a few kinds of payload, each a field of the wire. Pure. What is said to be
 * wrong here is what the server would refuse; it judges again.
 */
import type { RuleConfig } from '@/api/types';
import { byteLength } from '@/lib/text';

type PayloadField = Exclude<keyof RuleConfig, 'type' | 'level' | 'engine'>;
export type Payload = Pick<RuleConfig, PayloadField>;

/** The fields of a rule that hold payloads; one of them at most is there. */
const FIELDS: readonly PayloadField[] = [
  'namingPayload',
  'numberPayload',
  'stringArrayPayload',
  'commentConventionPayload',
  'stringPayload',
  'namingCasePayload',
];

/** The payload of a rule and nothing else of it. */
export function payloadOf(rule: RuleConfig | undefined): Payload {
  const fields = FIELDS.filter((field) => rule?.[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, rule?.[field]]));
}

/** What a rule is told in effect: one without a payload is told what everybody is. */
export function effectivePayload(rule: RuleConfig, preset: RuleConfig): Payload {
  const own = payloadOf(rule);
  return Object.keys(own).length > 0 ? own : payloadOf(preset);
}

/** JSON leaves out what is 0, false or empty, so an absent value is one of those. */
function canonical(payload: Payload): string {
  const { namingPayload: n, commentConventionPayload: c } = payload;
  return JSON.stringify([
    n && [n.format ?? '', n.maxLength ?? 0],
    payload.numberPayload && [payload.numberPayload.number ?? 0],
    payload.stringArrayPayload && (payload.stringArrayPayload.list ?? []),
    c && [c.required ?? false, c.maxLength ?? 0],
    payload.stringPayload && [payload.stringPayload.value ?? ''],
    payload.namingCasePayload && [payload.namingCasePayload.upper ?? false],
  ]);
}

export const samePayload = (a: Payload, b: Payload): boolean => canonical(a) === canonical(b);

/** A reason why a payload cannot be saved; the words are review.problem.* */
export type PayloadProblem = 'format' | 'tokens' | 'length' | 'number' | 'items' | 'value';

const MOST_BYTES = 1000;
const MOST_ITEMS = 1000;
const MOST_NUMBER = 2 ** 31 - 1;
const isCount = (value: number | undefined) =>
  value === undefined || (Number.isInteger(value) && value >= 0 && value <= MOST_NUMBER);
const fits = (text: string) => byteLength(text) <= MOST_BYTES;

export function payloadProblem(payload: Payload): PayloadProblem | undefined {
  const { namingPayload, numberPayload, stringArrayPayload, commentConventionPayload, stringPayload } =
    payload;
  if (namingPayload) {
    const { format = '', maxLength } = namingPayload;
    if (!format || !fits(format)) return 'format';
    if (format.split('{{').length !== format.split('}}').length) return 'tokens';
    if (!isCount(maxLength)) return 'length';
  }
  if (numberPayload && !isCount(numberPayload.number)) return 'number';
  if (stringArrayPayload) {
    const list = stringArrayPayload.list ?? [];
    if (list.length > MOST_ITEMS || list.some((item) => !item.trim() || !fits(item))) return 'items';
  }
  if (commentConventionPayload && !isCount(commentConventionPayload.maxLength)) return 'length';
  if (stringPayload && !fits(stringPayload.value ?? '')) return 'value';
  return undefined;
}

/** Items as they stand in a box of several lines, and back. A line that is empty is none. */
export const linesOf = (list: readonly string[] | undefined): string => (list ?? []).join('\n');
export const listOf = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
