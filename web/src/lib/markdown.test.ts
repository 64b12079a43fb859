import { describe, expect, it } from 'vitest';
import { type Block, type Inline, readMarkdown } from './markdown';

/** As words, so that a case is one line. */
function told(parts: readonly (Block | Inline)[]): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text;
        case 'rule':
          return '<rule>';
        case 'line':
          return `<line ${part.hash}>`;
        case 'list':
          return `<${part.ordered ? 'ol' : 'ul'} ${part.items.map(told).join('|')}>`;
        case 'link':
          return `<link ${part.to} ${told(part.children)}>`;
        case 'code':
          return `<code ${part.text}>`;
        default:
          return `<${part.kind} ${told(part.children)}>`;
      }
    })
    .join('');
}
const read = (text: string) => told(readMarkdown(text));

describe('markdown', () => {
  it.each([
    ['plain\nover two lines', '<paragraph plain\nover two lines>'],
    ['one\n\ntwo', '<paragraph one><paragraph two>'],
    [
      '**bold** and _slanted_ and ~~gone~~',
      '<paragraph <strong bold> and <emphasis slanted> and <deleted gone>>',
    ],
    ['snake_case_name and 2 * 3 * 4', '<paragraph snake_case_name and 2 * 3 * 4>'],
    ['`a ** b`', '<paragraph <code a ** b>>'],
    ['``a ` b``', '<paragraph <code a ` b>>'],
    ['# Title #', '<heading Title>'],
    ['- a\n- b\n  more', '<ul a|b\nmore>'],
    ['1. a\n2) b', '<ol a|b>'],
    ['- a\n1. b', '<ul a><ol b>'],
    ['> said\n> **so**\nno', '<quote <paragraph said\n<strong so>>><paragraph no>'],
    ['```sql\nSELECT *\n\nFROM t\n```\nafter', '<code SELECT *\n\nFROM t><paragraph after>'],
    ['~~~\nopen to the end', '<code open to the end>'],
    ['---', '<rule>'],
    ['see #change-1-L20.', '<paragraph see <line change-1-L20>.>'],
    ['x#change-1-L20', '<paragraph x#change-1-L20>'],
    ['https://example.com/a?b=c.', '<paragraph <link https://example.com/a?b=c https://example.com/a?b=c>.>'],
    ['[the **plan**](/projects/shop/plans/2)', '<paragraph <link /projects/shop/plans/2 the <strong plan>>>'],
  ])('%j', (text, tree) => {
    expect(read(text)).toBe(tree);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert)',
    '[x](data:text/html,hi)',
    '[x](//evil.example)',
    '[x](/\\evil.example)',
    '[x](vbscript:x)',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](change)',
  ])('takes %s for text', (text) => {
    expect(read(text)).toBe(`<paragraph ${text}>`);
  });

  it('does not take long for texts made to be slow', () => {
    const begin = performance.now();
    for (const part of ['*', '**', '`', '[', '_a ', '> ', '~~', '[a](', '![', 'http://']) {
      readMarkdown(part.repeat(4000));
    }
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});
