/** Words belong into locales/en.json. This finds those written into components, and keys that nothing uses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import en from './locales/en.json';

const ROOT = join(import.meta.dirname);
/** Attributes that a person reads or hears. */
const SPOKEN = new Set([
  'aria-label',
  'title',
  'placeholder',
  'alt',
  'label',
  'legend',
  'hint',
  'description',
  'purpose',
  'doing',
]);
/** Properties of objects that a person reads: of toasts, options, cards. */
const SHOWN = new Set(['text', 'label', 'title', 'description', 'hint', 'placeholder']);
/** Examples that are the same in every language. */
const ALLOWED = new Set(['db.example.com', '-----BEGIN CERTIFICATE-----', '…']);

const files = readdirSync(ROOT, { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^api\/gen\//.test(name))
  .map((name) => join(ROOT, name));

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, see);
  } else if (node && typeof node === 'object' && 'type' in node) {
    see(node as Node);
    for (const value of Object.values(node)) if (value && typeof value === 'object') visit(value, see);
  }
}

const hasWord = (text: string) => /\p{L}{2,}/u.test(text) && !ALLOWED.has(text.trim());

/** The texts that an expression may come to: `'a'`, `x ? 'a' : 'b'`, `x && 'a'`, the words of a template. */
function textsOf(node: unknown): string[] {
  const { type, ...rest } = (node ?? {}) as Node;
  switch (type) {
    case 'Literal':
    case 'JSXText':
      return typeof rest.value === 'string' ? [rest.value.trim()] : [];
    case 'JSXExpressionContainer':
      return textsOf(rest.expression);
    case 'ConditionalExpression':
      return [...textsOf(rest.consequent), ...textsOf(rest.alternate)];
    case 'LogicalExpression':
      return textsOf(rest.right);
    case 'TemplateLiteral':
      return (rest.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked.trim());
    default:
      return [];
  }
}

const isPhrase = (text: string) => /^\p{Lu}|\s/u.test(text);

/** Texts of one source that a person would see. */
function bareStrings(source: string): string[] {
  const found: string[] = [];
  const add = (node: unknown, around = (text: string) => text) =>
    found.push(...textsOf(node).filter(hasWord).map(around));
  visit(parseAst(source, { lang: 'tsx' }), (node) => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      for (const child of node.children as unknown[]) add(child);
    } else if (node.type === 'JSXAttribute') {
      const name = String((node.name as { name?: unknown }).name);
      if (SPOKEN.has(name)) add(node.value, (text) => `${name}="${text}"`);
    } else if (node.type === 'Property' && !node.computed) {
      const key = node.key as { name?: unknown; value?: unknown };
      const name = String(key.name ?? key.value);
      // A word of one's own in such a place is a class or an id.
      if (SHOWN.has(name) && textsOf(node.value).some(isPhrase))
        add(node.value, (text) => `${name}: ${text}`);
    }
  });
  return found;
}

function keysOf(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

describe('words', () => {
  it('sees text and spoken attributes', () => {
    expect(bareStrings('<p title="Hello">World {x} <b>·</b></p>')).toEqual(['World', 'title="Hello"']);
    expect(bareStrings('<p className="flex">{t("a.b")}</p>')).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the source that is looked at
    expect(bareStrings('<p>{x ? "Yes" : <b>No</b>}{y && `at ${z} o’clock`}</p>')).toEqual([
      'Yes',
      'at',
      'o’clock',
      'No',
    ]);
    expect(bareStrings('<p hint={x ? "Now" : t("a.b")} key="name" />; toast({ text: "Saved" })')).toEqual([
      'hint="Now"',
      'text: Saved',
    ]);
  });

  it('are not written into components', () => {
    const found = files
      .filter((file) => file.endsWith('.tsx'))
      .flatMap((file) =>
        bareStrings(readFileSync(file, 'utf8')).map((text) => `${relative(ROOT, file)}: ${text}`),
      );
    expect(found).toEqual([]);
  });

  it('are all used', () => {
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const quoted = new Set(code.match(/'[\w.]+'/g));
    // A key with a variable part: `status.${kind}` stands for all of its group.
    const groups = new Set(Array.from(code.matchAll(/`([\w.]+)\.\$\{/g), ([, group]) => group));
    const unused = keysOf(en).filter((key) => {
      const plain = key.replace(/_(one|other)$/, '');
      if (quoted.has(`'${plain}'`)) return false;
      return !plain.split('.').some((_, at, parts) => groups.has(parts.slice(0, at).join('.')));
    });
    expect(unused).toEqual([]);
  });
});
