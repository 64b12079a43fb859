/** A role with what limits it: a scope and an end, which the wire keeps in one condition. Pure. */
import type { Binding, IamPolicy } from '@/api/types';
import { type FieldType, readClauses, writeClauses } from '@/features/condition/clauses';

/** One role of one member. */
export interface Grant {
  member: string;
  role: string;
  /** Where it holds, as a condition; '' everywhere. */
  scope: string;
  /** When it ends, RFC 3339; '' never. */
  expires: string;
}

/** What a scope may name, in the order in which a form offers it. */
export const SCOPE_TYPES = {
  'resource.environment_id': 'text',
  'resource.database': 'text',
  'resource.schema_name': 'text',
  'resource.table_name': 'text',
  'statement.sql_type': 'text',
} as const satisfies Record<string, FieldType>;

const TIME = 'request.time';
const typeOf = (name: string): FieldType | undefined =>
  name === TIME ? 'time' : (SCOPE_TYPES as Record<string, FieldType>)[name];

/** A condition taken apart. What has another form stays a scope as a whole. */
export function readCondition(expression: string): { scope: string; expires: string } {
  const clauses = expression.trim() ? readClauses(expression, typeOf) : [];
  const ends = clauses?.filter(({ field, operator }) => field === TIME && operator === '<') ?? [];
  if (!clauses || ends.length > 1) return { scope: expression, expires: '' };
  const rest = clauses.filter((clause) => !ends.includes(clause));
  return {
    scope: rest.length > 0 ? writeClauses(rest, typeOf) : '',
    expires: ends[0]?.value ?? '',
  };
}

/** What a form holds as a scope: one that is always true limits nothing. */
export const scopeOf = (typed: string): string => (typed.trim() === 'true' ? '' : typed.trim());

export function writeCondition(scope: string, expires: string): string {
  const place = scopeOf(scope);
  const end = expires ? `${TIME} < timestamp(${JSON.stringify(expires)})` : '';
  // An `||` in the scope binds less than the `&&` between the two.
  const whole = place && end && place.includes('||') ? `(${place})` : place;
  return [whole, end].filter(Boolean).join(' && ');
}

/** Every role of every member, people in order, each with what limits it. */
export function grantsOf(policy: IamPolicy): Grant[] {
  return (policy.bindings ?? [])
    .flatMap(({ role = '', members = [], condition }) => {
      const limits = readCondition(condition?.expression ?? '');
      return members.map((member) => ({ member, role, ...limits }));
    })
    .sort((a, b) => a.member.localeCompare(b.member) || a.role.localeCompare(b.role));
}

export const isSameGrant = (a: Grant, b: Grant) =>
  a.member === b.member && a.role === b.role && a.scope === b.scope && a.expires === b.expires;

const expressionOf = ({ condition }: Binding) => condition?.expression?.trim() ?? '';

const isOf = (binding: Binding, grant: Grant) => {
  const limits = readCondition(expressionOf(binding));
  return binding.role === grant.role && limits.scope === grant.scope && limits.expires === grant.expires;
};

/** With the grant: among those of the same role and limits, else by itself. */
export function withGrant(policy: IamPolicy, grant: Grant): IamPolicy {
  const bindings = policy.bindings ?? [];
  const at = bindings.findIndex((binding) => isOf(binding, grant));
  if (at < 0) {
    const expression = writeCondition(grant.scope, grant.expires);
    const binding: Binding = {
      role: grant.role,
      members: [grant.member],
      ...(expression ? { condition: { expression } } : {}),
    };
    return { ...policy, bindings: [...bindings, binding] };
  }
  return {
    ...policy,
    bindings: bindings.map((b, i) =>
      i === at ? { ...b, members: [...new Set([...(b.members ?? []), grant.member])] } : b,
    ),
  };
}

/** Without it; bindings left without members go. */
export function withoutGrant(policy: IamPolicy, grant: Grant): IamPolicy {
  return {
    ...policy,
    bindings: (policy.bindings ?? [])
      .map((b) =>
        isOf(b, grant) ? { ...b, members: (b.members ?? []).filter((m) => m !== grant.member) } : b,
      )
      .filter((b) => (b.members ?? []).length > 0),
  };
}

/** How long a grant still holds, in whole seconds as the wire writes durations; undefined for ever. */
export function durationUntil(expires: string, now: number): string | undefined {
  if (!expires) return undefined;
  return `${Math.max(1, Math.round((Date.parse(expires) - now) / 1000))}s`;
}
