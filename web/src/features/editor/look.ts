/** How the editor looks: the tokens of styles.css. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const underline = (color: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy var(${color})`,
  textDecorationSkipInk: 'none',
  textUnderlineOffset: '3px',
});

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--bg)', color: 'var(--text)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'var(--font-mono)',
    lineHeight: '1.25rem',
    caretColor: 'var(--accent)',
    padding: '8px 0',
    minHeight: 'var(--editor-min)',
  },
  '.cm-scroller': { maxHeight: 'var(--editor-max)', overflow: 'auto' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    color: 'var(--muted)',
    borderRight: '1px solid var(--border)',
    // A short text's gutter reaches the bottom of the box all the same.
    alignSelf: 'stretch',
    height: 'auto',
  },
  '.cm-linkedLines .cm-lineNumbers .cm-gutterElement': { cursor: 'pointer' },
  '.cm-linkedLines .cm-lineNumbers .cm-gutterElement:hover': { color: 'var(--accent)' },
  '.cm-comments .cm-gutterElement': { cursor: 'pointer', width: '1.25rem', textAlign: 'center' },
  '.cm-say': { opacity: '0' },
  '.cm-comments .cm-gutterElement:hover .cm-say': { opacity: '1', color: 'var(--accent)' },
  '.cm-said': { color: 'var(--accent)' },
  '.cm-about': { boxShadow: 'inset 3px 0 0 var(--accent)' },
  '.cm-inline': {
    padding: '8px',
    fontFamily: 'var(--font-sans)',
    fontSize: '0.875rem',
    whiteSpace: 'normal',
    cursor: 'auto',
    caretColor: 'auto',
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)',
  },
  '.cm-linked': {
    backgroundColor: 'color-mix(in srgb, var(--warning) 8%, transparent)',
    boxShadow: 'inset 3px 0 0 var(--warning)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-panels, .cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    borderColor: 'var(--border)',
  },
  '.cm-tooltip': { borderRadius: '6px', boxShadow: 'var(--shadow)', overflow: 'hidden' },
  '.cm-tooltip-lint': { maxWidth: '60ch' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--font-sans)', lineHeight: '1.25rem' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warning)' },
  '.cm-lintRange-error': underline('--danger'),
  '.cm-lintRange-warning': underline('--warning'),
  '.cm-lintRange-active': { backgroundColor: 'color-mix(in srgb, var(--warning) 18%, transparent)' },
  '.cm-tooltip-autocomplete ul': { fontFamily: 'var(--font-mono)', fontSize: '0.8125rem' },
  '.cm-lint-marker': { content: 'normal', width: '0.75em', height: '0.75em', margin: '0.3em 0.125em' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--danger)', borderRadius: '50%' },
  '.cm-lint-marker-warning': {
    content: 'normal',
    backgroundColor: 'var(--warning)',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  '.cm-diagnosticAction': {
    marginLeft: '0.75em',
    padding: '1px 8px',
    borderRadius: '6px',
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-fg)',
    font: 'inherit',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '16em' },
  '.cm-tooltip-autocomplete ul li': { padding: '2px 10px', lineHeight: '1.25rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-fg)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--muted)', marginLeft: '1.5em' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)',
    outline: 'none',
  },
});

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--success)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--skipped)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--info)' },
  { tag: tags.operator, color: 'var(--warning)' },
]);

export const look = [theme, syntaxHighlighting(colors)];
