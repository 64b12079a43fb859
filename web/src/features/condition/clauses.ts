/**
 * The common form of a condition: comparisons joined by `&&`. What else a condition can be stays text; reading gives
 * undefined for it, so that the builder never changes what it does not understand. Pure.
 */

export type FieldType = 'text' | 'number' | 'time' | 'list' | 'flag';

export type Operator =
  | '=='
  | '!='
  | 'in'
  | 'notIn'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'matches'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'has';

export interface Clause {
  field: string;
  operator: Operator;
  /** One value; of `in` and `notIn` several, with commas between them. */
  value: string;
}

/** What can be asked of a field, the usual first. */
export const OPERATORS: Record<FieldType, readonly Operator[]> = {
  text: ['==', '!=', 'in', 'notIn', 'contains', 'startsWith', 'endsWith', 'matches'],
  number: ['>', '>=', '<', '<=', '==', '!='],
  time: ['<', '>='],
  list: ['has'],
  flag: ['=='],
};

const METHODS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'matches']);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const TOKEN =
  /\s*(?:([A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|(&&|==|!=|<=|>=|[<>!()[\],]))/y;

interface Token {
  kind: 'name' | 'text' | 'number' | 'sign';
  value: string;
}

function tokens(text: string): Token[] | undefined {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return undefined;
    const [, name, quoted, number, sign] = match;
    if (name !== undefined) found.push({ kind: 'name', value: name.replace(/\s+/g, '') });
    else if (quoted !== undefined) {
      const value = unquote(quoted);
      if (value === undefined) return undefined;
      found.push({ kind: 'text', value });
    } else if (number !== undefined) found.push({ kind: 'number', value: number });
    else found.push({ kind: 'sign', value: sign ?? '' });
  }
  return found;
}

/** Escapes other than these are rare enough to stay text. */
function unquote(quoted: string): string | undefined {
  const inner = quoted.slice(1, -1);
  if (/\\[^\\"'nt]/.test(inner)) return undefined;
  return inner.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

/** The comparisons of a condition; none for `true`, undefined when it has another form. */
export function readClauses(text: string, typeOf: (field: string) => FieldType | undefined) {
  const list = tokens(text);
  if (!list || list.length === 0) return undefined;
  if (list.length === 1 && list[0]?.value === 'true' && list[0].kind === 'name') return [];
  const reader = new Reader(list, typeOf);
  const clauses: Clause[] = [];
  do {
    const clause = reader.clause();
    if (!clause) return undefined;
    clauses.push(clause);
  } while (reader.takes('&&'));
  return reader.atEnd() ? clauses : undefined;
}

class Reader {
  #at = 0;
  readonly #list: readonly Token[];
  readonly #typeOf: (field: string) => FieldType | undefined;

  constructor(list: readonly Token[], typeOf: (field: string) => FieldType | undefined) {
    this.#list = list;
    this.#typeOf = typeOf;
  }

  atEnd = () => this.#at >= this.#list.length;

  takes(sign: string): boolean {
    const token = this.#list[this.#at];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.#at += 1;
    return true;
  }

  #take(kind: Token['kind']): string | undefined {
    const token = this.#list[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at += 1;
    return token.value;
  }

  clause(): Clause | undefined {
    if (this.takes('!')) return this.#negated();
    const element = this.#take('text');
    if (element !== undefined) {
      const field = this.#take('name') === 'in' ? this.#field('list') : undefined;
      return field ? { field, operator: 'has', value: element } : undefined;
    }
    const name = this.#take('name');
    if (name === undefined) return undefined;
    if (this.takes('(')) return this.#method(name);
    const type = this.#typeOf(name);
    if (!type) return undefined;
    const sign = this.#list[this.#at];
    if (sign?.kind === 'name' && sign.value === 'in' && type === 'text') {
      this.#at += 1;
      const value = this.#several();
      return value === undefined ? undefined : { field: name, operator: 'in', value };
    }
    if (type === 'flag' && (sign === undefined || sign.value === '&&')) {
      return { field: name, operator: '==', value: 'true' };
    }
    return this.#comparison(name, type);
  }

  #field(type: FieldType): string | undefined {
    const name = this.#take('name');
    return name !== undefined && this.#typeOf(name) === type ? name : undefined;
  }

  #comparison(field: string, type: FieldType): Clause | undefined {
    const sign = this.#take('sign') ?? '';
    const operator = sign as Operator;
    if (!COMPARISONS.has(sign) || !OPERATORS[type].includes(operator)) return undefined;
    const value =
      type === 'number'
        ? this.#take('number')
        : type === 'time'
          ? this.#time()
          : type === 'flag'
            ? this.#flag()
            : this.#take('text');
    return value === undefined ? undefined : { field, operator, value };
  }

  #flag(): string | undefined {
    const word = this.#take('name');
    return word === 'true' || word === 'false' ? word : undefined;
  }

  #time(): string | undefined {
    if (this.#take('name') !== 'timestamp' || !this.takes('(')) return undefined;
    const value = this.#take('text');
    return this.takes(')') ? value : undefined;
  }

  /** `resource.name.contains("x")`: the last part of the name is the method. */
  #method(name: string): Clause | undefined {
    const cut = name.lastIndexOf('.');
    const [field, operator] = [name.slice(0, cut), name.slice(cut + 1)];
    if (!METHODS.has(operator) || this.#typeOf(field) !== 'text') return undefined;
    const value = this.#take('text');
    if (value === undefined || !this.takes(')')) return undefined;
    return { field, operator: operator as Operator, value };
  }

  /** `!(resource.name in ["a"])`, or a flag that is not set. */
  #negated(): Clause | undefined {
    if (!this.takes('(')) {
      const field = this.#field('flag');
      return field ? { field, operator: '==', value: 'false' } : undefined;
    }
    const field = this.#field('text');
    if (!field || this.#take('name') !== 'in') return undefined;
    const value = this.#several();
    return value !== undefined && this.takes(')') ? { field, operator: 'notIn', value } : undefined;
  }

  #several(): string | undefined {
    if (!this.takes('[')) return undefined;
    const values: string[] = [];
    do {
      const value = this.#take('text');
      // A comma inside of a value could not be told from one between two.
      if (value === undefined || value.includes(',')) return undefined;
      values.push(value);
    } while (this.takes(','));
    return this.takes(']') ? values.join(', ') : undefined;
  }
}

const quote = (text: string) => JSON.stringify(text);

/** The values of `in`, as they are typed. */
export const valuesOf = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** A condition of comparisons; `true` for none. */
export const writeClauses = (
  clauses: readonly Clause[],
  typeOf: (field: string) => FieldType | undefined,
): string =>
  clauses.length === 0
    ? 'true'
    : clauses.map((clause) => writeClause(clause, typeOf(clause.field) ?? 'text')).join(' && ');

function writeClause({ field, operator, value }: Clause, type: FieldType): string {
  if (operator === 'has') return `${quote(value)} in ${field}`;
  if (METHODS.has(operator)) return `${field}.${operator}(${quote(value)})`;
  if (operator === 'in' || operator === 'notIn') {
    const set = `${field} in [${valuesOf(value).map(quote).join(', ')}]`;
    return operator === 'in' ? set : `!(${set})`;
  }
  switch (type) {
    case 'number':
      return `${field} ${operator} ${value.trim()}`;
    case 'flag':
      return value === 'false' ? `!${field}` : field;
    case 'time':
      return `${field} ${operator} timestamp(${quote(value)})`;
    default:
      return `${field} ${operator} ${quote(value)}`;
  }
}

/** Whether a comparison says something: a number is one, a list is not empty, a time is one. */
export function isWhole({ operator, value }: Clause, type: FieldType): boolean {
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(value.trim());
  if (type === 'time') return !Number.isNaN(Date.parse(value));
  if (operator === 'in' || operator === 'notIn') return valuesOf(value).length > 0;
  return value.trim() !== '';
}
