/**
 * A preview of naming formats: the server's regular expressions, read as the browser's. Where the two differ nothing is
 * claimed; the server has the last word. Pure.
 */
import { byteLength } from '@/lib/text';

/** What the server takes when the format names no length. */
const USUAL_LENGTH = 63;

/** Names that stand for the tokens in a preview: those of an index on `book (title)`, of a key to `author (id)`. */
const EXAMPLES = {
  table: 'book',
  column_list: 'title',
  referencing_table: 'book',
  referencing_column: 'author_id',
  referenced_table: 'author',
  referenced_column: 'id',
};
export type Token = keyof typeof EXAMPLES;

const OF_INDEX: Token[] = ['table', 'column_list'];
const OF_KEY: Token[] = ['referencing_table', 'referencing_column', 'referenced_table', 'referenced_column'];

/** The tokens that stand for names in the format of a rule. */
export function tokensOf(type: string): Token[] {
  if (type === 'NAMING_INDEX_FK') return OF_KEY;
  return type.startsWith('NAMING_INDEX_') ? OF_INDEX : [];
}

/** The format with the examples in place of its tokens. */
export const expanded = (format: string): string =>
  format.replace(/\{\{(\w+)\}\}/g, (whole, token: string) =>
    token in EXAMPLES ? EXAMPLES[token as Token] : whole,
  );

/** Names to show beside a format, of the kind that the rule is about. */
export function samplesOf(type: string): string[] {
  switch (type) {
    case 'NAMING_INDEX_PK':
      return ['pk_book_title', 'book_pkey', 'PK_Book', 'pk'];
    case 'NAMING_INDEX_UK':
      return ['uk_book_title', 'book_title_key', 'UK_Book', 'unique'];
    case 'NAMING_INDEX_IDX':
      return ['idx_book_title', 'book_title_idx', 'IdxBook', 'index1'];
    case 'NAMING_INDEX_FK':
      return ['fk_book_author_id_author_id', 'book_author_id_fkey', 'FkBook', 'fk'];
    default:
      return ['book', 'tech_book', 'book_2', 'TechBook', 'tech-book', '_book'];
  }
}

export type Verdict = 'fits' | 'differs' | 'tooLong' | 'unreadable';

/** The browser's expression, or undefined where it cannot read the server's. */
function readable(format: string): RegExp | undefined {
  const flags = /^\(\?([imsx]+)\)/.exec(format)?.[1] ?? '';
  // Blanks in a format of this kind mean nothing, which the browser does not know.
  if (flags.includes('x')) return undefined;
  const source = format
    .slice(flags ? flags.length + 3 : 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  for (const mode of ['u', '']) {
    try {
      return new RegExp(source, flags + mode);
    } catch {
      // The stricter mode refuses escapes that the server takes: the other is tried.
    }
  }
  return undefined;
}

export function verdict(name: string, format: string, maxLength = 0): Verdict {
  if (byteLength(name) > (maxLength || USUAL_LENGTH)) return 'tooLong';
  const expression = readable(expanded(format));
  if (!expression) return 'unreadable';
  return expression.test(name) ? 'fits' : 'differs';
}
