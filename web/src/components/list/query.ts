/**
 * What is typed above a list: `environment:prod label:team=x some words`. Known keys become chips, the rest is text.
 * The whole stands in the URL's `q`. Pure.
 */
export interface Chip {
  key: string;
  value: string;
}

export interface ListQuery {
  chips: Chip[];
  text: string;
}

const TOKEN = /(?<=^|\s)([a-z_]+):("[^"]*"|[^\s"]\S*)(?=\s|$)/g;
const PENDING = /(?<=^|\s)([a-z_]+):("[^"]*|\S*)$/;

const plain = (value: string) => value.replace(/"/g, '');
const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The query of a URL. A key that the list does not have is text like any other. */
export function parseQuery(q: string, keys: readonly string[]): ListQuery {
  const chips: Chip[] = [];
  const rest = q.replace(TOKEN, (whole, key: string, value: string) => {
    if (!keys.includes(key)) return whole;
    chips.push({ key, value: plain(value) });
    return '';
  });
  return { chips, text: tidy(rest) };
}

export function formatQuery({ chips, text }: ListQuery): string {
  const quoted = (value: string) => (/\s/.test(value) ? `"${plain(value)}"` : plain(value));
  return [...chips.map(({ key, value }) => `${key}:${quoted(value)}`), tidy(text)].filter(Boolean).join(' ');
}

/**
 * Chips that stand complete in what is being typed, and the text that stays in the box. One at the very end is complete
 * only when `whole`: before that its value is still growing.
 */
export function takeChips(typed: string, keys: readonly string[], whole: boolean): ListQuery {
  const pending = whole ? null : PENDING.exec(typed);
  const tail = pending && keys.includes(pending[1] ?? '') ? pending[0] : '';
  const head = typed.slice(0, typed.length - tail.length);
  const { chips, text } = parseQuery(head, keys);
  return { chips, text: chips.length > 0 ? [text, tail].filter(Boolean).join(' ') : typed };
}

/** The typed text without a chip that is not complete yet: what may be searched for meanwhile. */
export function settledText(typed: string, keys: readonly string[]): string {
  const pending = PENDING.exec(typed);
  return tidy(pending && keys.includes(pending[1] ?? '') ? typed.slice(0, pending.index) : typed);
}

const same = (a: Chip, b: Chip) => a.key === b.key && a.value === b.value;

export const withChip = ({ chips, text }: ListQuery, chip: Chip): ListQuery => ({
  chips: chips.some((c) => same(c, chip)) ? chips : [...chips, chip],
  text,
});

export const withoutChip = ({ chips, text }: ListQuery, chip: Chip): ListQuery => ({
  chips: chips.filter((c) => !same(c, chip)),
  text,
});

/** Chips of one key are alternatives, different keys hold together. `undefined` for a value that means nothing. */
export function conditionOf(
  chips: readonly Chip[],
  condition: (chip: Chip) => string | undefined,
): string | undefined {
  const keys = [...new Set(chips.map((chip) => chip.key))];
  const parts = keys.flatMap((key) => {
    const any = chips
      .filter((chip) => chip.key === key)
      .map(condition)
      .filter(Boolean);
    return any.length > 1 ? [`(${any.join(' || ')})`] : any;
  });
  return parts.length > 0 ? parts.join(' && ') : undefined;
}
