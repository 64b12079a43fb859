/**
 * Options that are written into the SQL itself, as comments that the server reads: whether the script is one
 * transaction, and at which isolation. They stand before the first statement. Pure.
 */

export const ISOLATIONS = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

export interface Directives {
  transaction?: 'on' | 'off' | undefined;
  isolation?: Isolation | undefined;
}

const NAMES = { transaction: 'txn-mode', isolation: 'txn-isolation' } as const;
type Option = keyof typeof NAMES;

const line = (option: Option) => new RegExp(`^\\s*--\\s*${NAMES[option]}\\s*=\\s*(.*?)\\s*$`, 'i');

/** Lines before the first statement: comments and blank ones. */
function head(statement: string): string[] {
  const lines = statement.split('\n', 200);
  const first = lines.findIndex((text) => text.trim() && !text.trimStart().startsWith('--'));
  return first < 0 ? lines : lines.slice(0, first);
}

/** What the script says; a value that the server would refuse is not read. */
export function readDirectives(statement: string): Directives {
  const found: Directives = {};
  const [transaction, isolation] = [line('transaction'), line('isolation')];
  for (const text of head(statement)) {
    const mode = transaction.exec(text)?.[1]?.toLowerCase();
    if (mode === 'on' || mode === 'off') found.transaction = mode;
    const level = isolation.exec(text)?.[1]?.toLowerCase().replace(/[-_]/g, ' ');
    const known = ISOLATIONS.find((name) => name === level);
    if (known) found.isolation = known;
  }
  return found;
}

/** The script with the option set, in its place if it is there, else behind the comments that introduce it. */
export function withDirective(statement: string, option: Option, value: string | undefined): string {
  const is = line(option);
  const before = head(statement);
  const rest = statement.split('\n').slice(before.length);
  const place = before.findIndex((text) => is.test(text));
  const kept = before.filter((text) => !is.test(text));
  if (!value) return [...kept, ...rest].join('\n');
  const at = place >= 0 ? place : kept.findLastIndex((text) => text.trim()) + 1;
  kept.splice(at, 0, `-- ${NAMES[option]} = ${value}`);
  return [...kept, ...rest].join('\n');
}
