// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './render';

const PAGE = '/projects/shop/plans/2';

/** What an element holds, as it would be written down. */
function read(text: string, page?: string): string {
  const box = document.createElement('div');
  box.append(renderMarkdown(text, page));
  return box.innerHTML.trim();
}

const WEB = 'target="_blank" rel="noreferrer noopener nofollow"';

describe('markdown', () => {
  it.each([
    ['plain\nover two lines', '<p>plain<br>\nover two lines</p>'],
    ['one\n\ntwo', '<p>one</p>\n<p>two</p>'],
    [
      '**bold** and _slanted_ and ~~gone~~',
      '<p><strong>bold</strong> and <em>slanted</em> and <s>gone</s></p>',
    ],
    ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
    ['`a ** b`', '<p><code>a ** b</code></p>'],
    ['# Title #', '<p><b>Title</b></p>'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'],
    ['> said', '<blockquote>\n<p>said</p>\n</blockquote>'],
    ['```sql\nSELECT *\n\nFROM t\n```', '<pre><code>SELECT *\n\nFROM t\n</code></pre>'],
    ['---', '<hr>'],
    ['see #change-1-L20.', `<p>see <a href="${PAGE}#change-1-L20">#change-1-L20</a>.</p>`],
    ['x#change-1-L20 and #change-1-L20x', '<p>x#change-1-L20 and #change-1-L20x</p>'],
    [
      'https://example.com/a?b=c.',
      `<p><a href="https://example.com/a?b=c" ${WEB}>https://example.com/a?b=c</a>.</p>`,
    ],
    ['example.com and me@example.com', '<p>example.com and me@example.com</p>'],
    ['[the **plan**](/projects/shop/plans/2)', `<p><a href="${PAGE}">the <strong>plan</strong></a></p>`],
  ])('%j', (text, html) => {
    expect(read(text, PAGE)).toBe(html);
  });

  it('leaves the name of a line as text where there is no page', () => {
    expect(read('see #change-1-L20')).toBe('<p>see #change-1-L20</p>');
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert)',
    '[x](data:text/html,hi)',
    '[x](//evil.example)',
    '[x](vbscript:x)',
    '[x](change)',
    '[x](&#106;avascript:alert)',
    '//evil.example/a',
    'ftp://evil.example/a',
    '![x](https://evil.example/pixel.png)',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<style>*{display:none}</style>',
    '{{constructor.constructor("alert(1)")()}}',
    '[x]: javascript:alert(1)\n\n[x]',
  ])('makes nothing of %s that acts', (text) => {
    const box = document.createElement('div');
    box.append(renderMarkdown(text, PAGE));
    for (const element of box.querySelectorAll('*')) {
      expect(['P', 'BR', 'A', 'EM']).toContain(element.tagName);
      for (const { name, value } of element.attributes) {
        expect(['href', 'target', 'rel']).toContain(name);
        if (name === 'href') expect(value).toMatch(/^https:\/\/evil\.example\/pixel\.png$/);
      }
    }
  });

  it('does not take long for texts made to be slow', () => {
    // Of this process alone: others may keep the machine busy.
    const begin = process.cpuUsage();
    for (const part of ['*', '**', '`', '[', '_a ', '> ', '~~', '[a](', '![', 'http://', '#change-1-L']) {
      renderMarkdown(part.repeat(4000), PAGE);
    }
    const { user, system } = process.cpuUsage(begin);
    expect((user + system) / 1000).toBeLessThan(4000);
  }, 30_000);
});
