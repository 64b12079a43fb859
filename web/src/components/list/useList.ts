/**
 * The state of a list: what is searched, sorted and which page is in the URL; density, hidden columns and saved filters
 * are preferences of this browser, until the server has a place for those of a person.
 */
import { useMemo } from 'react';
import { useSearchState } from '@/hooks/useSearch';
import { useStored } from '@/hooks/useStored';
import { all } from '@/lib/filter';
import { type Chip, conditionOf, formatQuery, type ListQuery, parseQuery } from './query';

const MOST_SAVED = 20;

/** One thing that a list can be narrowed by: `key:value`. */
export interface FilterField {
  key: string;
  label: string;
  /** Offered in the menu; other values may be typed all the same. */
  values?: readonly { value: string; label: string }[];
  /** How `value` is said to the server; undefined when it means nothing. */
  condition: (value: string) => string | undefined;
}

export interface ListSpec {
  /** Names the list's preferences. */
  id: string;
  fields?: readonly FilterField[];
  /** How typed words are said to the server. Without it the page sends `text` by itself. */
  words?: (text: string) => string | undefined;
  /** The server has nothing that typed words could be looked for in: they are told so. */
  chipsOnly?: boolean;
  /** `-update_time`: the order before anybody chose one. */
  sort?: string;
}

export type Density = 'normal' | 'compact';

export interface List {
  fields: readonly FilterField[];
  query: ListQuery;
  setQuery: (query: ListQuery) => void;
  text: string;
  chipsOnly: boolean;
  /** Chips and words as one condition. */
  condition: string | undefined;
  /** Something was asked for: an empty answer is "nothing matches", not "nothing there". */
  asked: boolean;
  orderBy: string | undefined;
  sort: { field: string; descending: boolean } | undefined;
  /** Up, down, and back to the list's own order. */
  toggleSort: (field: string) => void;
  pageToken: string | undefined;
  density: Density;
  setDensity: (density: Density) => void;
  hidden: readonly string[];
  setHidden: (hidden: readonly string[]) => void;
  saved: readonly string[];
  setSaved: (saved: readonly string[]) => void;
}

export function useList({ id, fields = NONE, words, chipsOnly = false, sort: usual }: ListSpec): List {
  const [search, set] = useSearchState();
  const [density, setDensity] = useStored<Density>('list.density', 'normal');
  const [hidden, setHidden] = useStored<readonly string[]>(`list.${id}.hidden`, []);
  const [saved, setSaved] = useStored<readonly string[]>(`list.${id}.saved`, []);
  const q = search.q ?? '';
  const keys = fields.map((field) => field.key).join(' ');
  const query = useMemo(() => parseQuery(q, keys.split(' ')), [q, keys]);
  const said = ({ key, value }: Chip) => fields.find((field) => field.key === key)?.condition(value);
  const condition = all(conditionOf(query.chips, said), words?.(query.text));
  const order = search.sort ?? usual;
  const sort = order ? { field: order.replace(/^-/, ''), descending: order.startsWith('-') } : undefined;
  return {
    fields,
    query,
    setQuery: (next) => set({ q: formatQuery(next), page_token: undefined }),
    text: query.text,
    chipsOnly,
    condition,
    asked: q !== '',
    orderBy: sort && `${sort.field}${sort.descending ? ' desc' : ''}`,
    sort,
    toggleSort: (field) => {
      const next = sort?.field !== field ? field : sort.descending ? undefined : `-${field}`;
      set({ sort: next, page_token: undefined });
    },
    pageToken: search.page_token,
    density,
    setDensity,
    hidden,
    setHidden,
    saved,
    setSaved: (next) => setSaved(next.slice(-MOST_SAVED)),
  };
}

const NONE: readonly FilterField[] = [];
