/**
 * The Markdown that people write in comments, as a tree. HTML is text here like everything else, and links lead to the web
 * or into the console only, so nothing that is written can become part of the page. Pure.
 */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis' | 'deleted'; children: Inline[] }
  | { kind: 'link'; to: string; children: Inline[] }
  /** `#change-1-L20`: a line of a change of the plan that is talked about. */
  | { kind: 'line'; hash: string };

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; children: Inline[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'rule' };

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)\s*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^ {0,3}(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
/** Quotes within quotes; deeper ones stay text. */
const DEEPEST = 4;

export const readMarkdown = (text: string): Block[] => blocks(text.replace(/\r\n?/g, '\n').split('\n'), 0);

function blocks(lines: readonly string[], depth: number): Block[] {
  const found: Block[] = [];
  let at = 0;
  const line = () => lines[at] ?? '';
  while (at < lines.length) {
    const fence = FENCE.exec(line());
    if (fence) {
      const [, mark = '', language = ''] = fence;
      const code: string[] = [];
      for (at += 1; at < lines.length && !closes(line(), mark); at += 1) code.push(line());
      at += 1;
      found.push({ kind: 'code', language, text: code.join('\n') });
    } else if (!line().trim()) at += 1;
    else if (RULE.test(line())) {
      found.push({ kind: 'rule' });
      at += 1;
    } else if (HEADING.test(line())) {
      found.push({ kind: 'heading', children: inlines(HEADING.exec(line())?.[1] ?? '') });
      at += 1;
    } else if (QUOTE.test(line()) && depth < DEEPEST) {
      const quoted: string[] = [];
      for (; at < lines.length && QUOTE.test(line()); at += 1) quoted.push(line().replace(QUOTE, ''));
      found.push({ kind: 'quote', children: blocks(quoted, depth + 1) });
    } else if (ITEM.test(line())) {
      const ordered = ITEM.exec(line())?.[1] === undefined;
      const items: string[] = [];
      for (; at < lines.length; at += 1) {
        const item = ITEM.exec(line());
        if (item && (item[1] === undefined) === ordered) items.push(item[3] ?? '');
        else if (item || !/^\s+\S/.test(line())) break;
        else items[items.length - 1] += `\n${line().trim()}`;
      }
      found.push({ kind: 'list', ordered, items: items.map(inlines) });
    } else {
      const words: string[] = [line()];
      for (at += 1; at < lines.length && !interrupts(line(), depth); at += 1) words.push(line());
      found.push({ kind: 'paragraph', children: inlines(words.join('\n')) });
    }
  }
  return found;
}

const closes = (line: string, mark: string) => {
  const text = line.trim();
  return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
};

const interrupts = (line: string, depth: number) =>
  !line.trim() ||
  FENCE.test(line) ||
  RULE.test(line) ||
  HEADING.test(line) ||
  (QUOTE.test(line) && depth < DEEPEST) ||
  ITEM.test(line);

const INLINE =
  /(?<code>`+)(?<coded>[^`]|[^`][\s\S]*?[^`])\k<code>(?!`)|\[(?<label>[^\][\n]{1,500})\]\((?<to>[^()\s]{1,2000})\)|(?<url>https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])|(?<![\w/])#(?<hash>change-\d{1,4}-L\d{1,8})\b|(?<strong>\*\*|__)(?=\S)(?<bold>[^\n]{1,2000}?\S)\k<strong>|(?<struck>~~)(?=\S)(?<gone>[^\n]{1,2000}?\S)~~|(?<![\w*])(?<em>\*|_)(?=[^\s*_])(?<slanted>[^\n]{0,2000}?[^\s*_])\k<em>(?![\w*])/;

function inlines(text: string): Inline[] {
  const found: Inline[] = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    if (match.index > 0) found.push({ kind: 'text', text: rest.slice(0, match.index) });
    found.push(inline(match[0], match.groups ?? {}));
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest) found.push({ kind: 'text', text: rest });
  return found;
}

function inline(whole: string, groups: Record<string, string | undefined>): Inline {
  const { coded, label, to, url, hash, bold, gone, slanted } = groups;
  if (coded !== undefined) return { kind: 'code', text: coded.replace(/^ (.+) $/, '$1') };
  if (label !== undefined) {
    const safe = safeLink(to ?? '');
    return safe ? { kind: 'link', to: safe, children: inlines(label) } : { kind: 'text', text: whole };
  }
  if (url !== undefined) return { kind: 'link', to: url, children: [{ kind: 'text', text: url }] };
  if (hash !== undefined) return { kind: 'line', hash };
  if (bold !== undefined) return { kind: 'strong', children: inlines(bold) };
  if (gone !== undefined) return { kind: 'deleted', children: inlines(gone) };
  return { kind: 'emphasis', children: inlines(slanted ?? '') };
}

/** To the web, by mail, or to a page of the console; everything else (javascript:, data:, //host) is no link. */
function safeLink(to: string): string | undefined {
  if (/^\/(?![/\\])/.test(to)) return to;
  try {
    const { protocol, href } = new URL(to);
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
