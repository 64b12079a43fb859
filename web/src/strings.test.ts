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
]);
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

/** Texts of one source that a person would see. */
function bareStrings(source: string): string[] {
  const found: string[] = [];
  visit(parseAst(source, { lang: 'tsx' }), (node) => {
    if (node.type === 'JSXText' && hasWord(String(node.value))) found.push(String(node.value).trim());
    if (node.type !== 'JSXAttribute') return;
    const name = (node.name as { name?: unknown }).name;
    const value = node.value as { type?: string; value?: unknown } | null;
    if (SPOKEN.has(String(name)) && value?.type === 'Literal' && hasWord(String(value.value))) {
      found.push(`${name}="${value.value}"`);
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
    expect(bareStrings('<p title="Hello">World {x} <b>·</b></p>')).toEqual(['title="Hello"', 'World']);
    expect(bareStrings('<p className="flex">{t("a.b")}</p>')).toEqual([]);
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
    const unused = keysOf(en).filter((key) => {
      const plain = key.replace(/_(one|other)$/, '');
      if (code.includes(`'${plain}'`)) return false;
      // A key with a variable part: `status.${kind}` stands for all of its group.
      const groups = plain.split('.').map((_, at, parts) => parts.slice(0, at).join('.'));
      return !groups.some((group) => group && code.includes(`\`${group}.\${`));
    });
    expect(unused).toEqual([]);
  });
});
