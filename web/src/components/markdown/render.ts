/**
 * The Markdown that people write in comments, as elements. HTML is text here like everything else, and links lead to the
 * web or into the console only; what comes out is cleaned all the same, by a library that does nothing else.
 */
import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

/** `#change-1-L20`: a line of a change of the plan that is talked about. */
const LINE = /^#change-\d{1,4}-L\d{1,8}(?!\w)/;
const TAGS = [
  ...['p', 'br', 'hr', 'blockquote', 'pre', 'code', 'strong', 'b', 'em', 's', 'a', 'ul', 'ol', 'li'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
];
/** They hold no address. */
const PLAIN = ['target', 'rel', 'start'];

/** To the web, by mail, or to a page of the console; everything else (javascript:, data:, //host) is no link. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:|\/(?![/\\]))/i;

const md = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');
md.validateLink = (url) => SAFE_LINK.test(url.trim());
// Only what says where it leads: a word with a dot in it is not an address.
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
for (const schema of ['ftp:', '//']) md.linkify.add(schema, null);

// A page has headings of its own: those of a comment are bold lines.
md.renderer.rules.heading_open = () => '<p><b>';
md.renderer.rules.heading_close = () => '</b></p>\n';
md.renderer.rules.link_open = (tokens, at, options, _, self) => {
  const token = tokens[at];
  if (token && !String(token.attrGet('href')).startsWith('/')) {
    token.attrSet('target', '_blank');
    token.attrSet('rel', 'noreferrer noopener nofollow');
  }
  return self.renderToken(tokens, at, options);
};

// Before links, so that brackets around it stay brackets.
md.inline.ruler.before('link', 'line', (state, silent) => {
  const before = state.src.charAt(state.pos - 1);
  const [hash] = LINE.exec(state.src.slice(state.pos, state.pos + 24)) ?? [];
  const { page } = state.env as { page?: string };
  if (!hash || !page || state.linkLevel > 0 || /[\w/]/.test(before)) return false;
  if (!silent) {
    const open = state.push('link_open', 'a', 1);
    open.attrSet('href', page + hash);
    state.push('text', '', 0).content = hash;
    state.push('link_close', 'a', -1);
  }
  state.pos += hash.length;
  return true;
});

/** @param page whose lines `#change-1-L20` names; without one it stays text. */
export function renderMarkdown(text: string, page?: string): DocumentFragment {
  return DOMPurify.sanitize(md.render(text, { page }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', ...PLAIN],
    ADD_URI_SAFE_ATTR: PLAIN,
    ALLOWED_URI_REGEXP: SAFE_LINK,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
