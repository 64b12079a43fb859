/**
 * CodeMirror as a React component. The text lives in the editor; `value` is written into it only when it
 * differs, so typing never loses the cursor. Tab leaves the editor (no keyboard trap).
 */
import {
  MariaSQL,
  MSSQL,
  MySQL,
  PostgreSQL,
  type SQLDialect,
  SQLite,
  StandardSQL,
  sql,
} from '@codemirror/lang-sql';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { cspNonce } from '@/lib/csp';

export interface EditorMark {
  /** 1-based. */
  line: number;
  level: 'error' | 'warning' | 'info';
  message: string;
}

export interface EditorHandle {
  /** Puts the cursor at the start of a 1-based line, in view, with the focus. */
  goToLine: (line: number) => void;
  focus: () => void;
}

export interface SqlEditorProps {
  value: string;
  onChange?: (value: string) => void;
  onSave?: () => void;
  label: string;
  /** The engine's wire name; chooses keywords and quoting for the highlighting. */
  engine?: string | undefined;
  readOnly?: boolean;
  marks?: readonly EditorMark[];
  minHeight?: string;
  maxHeight?: string;
  handle?: Ref<EditorHandle>;
}

const DIALECTS: Record<string, SQLDialect> = {
  POSTGRES: PostgreSQL,
  COCKROACHDB: PostgreSQL,
  REDSHIFT: PostgreSQL,
  MYSQL: MySQL,
  TIDB: MySQL,
  MARIADB: MariaSQL,
  SQLITE: SQLite,
  MSSQL: MSSQL,
};

const language = (engine: string | undefined): Extension =>
  sql({ dialect: DIALECTS[engine ?? ''] ?? StandardSQL, upperCaseKeywords: true });

const attributes = (label: string): Extension => EditorView.contentAttributes.of({ 'aria-label': label });

/**
 * Typing over a selection of several lines. Left to the browser, it merges the lines with a style attribute
 * of its own, which the content security policy refuses with an error in the console; so we do it.
 */
const typeOverLines = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { state } = view;
    const { main } = state.selection;
    const oneLine = state.doc.lineAt(main.from).number === state.doc.lineAt(main.to).number;
    if (
      event.inputType !== 'insertText' ||
      event.data === null ||
      oneLine ||
      view.composing ||
      state.readOnly
    ) {
      return false;
    }
    const text = event.data;
    const insert = () => state.update(state.replaceSelection(text), { userEvent: 'input.type' });
    const taken = state
      .facet(EditorView.inputHandler)
      .some((handler) => handler(view, main.from, main.to, text, insert));
    if (!taken) view.dispatch(insert());
    return true;
  },
});

const look = EditorView.theme({
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
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)',
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
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--accent-fg)',
  },
  '.cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)',
    outline: 'none',
  },
});

const colors = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
    { tag: [tags.string, tags.special(tags.string)], color: 'var(--success)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--skipped)' },
    { tag: [tags.lineComment, tags.blockComment], color: 'var(--muted)', fontStyle: 'italic' },
    { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--info)' },
    { tag: tags.operator, color: 'var(--warning)' },
  ]),
);

function diagnostics(state: EditorState, marks: readonly EditorMark[]): Diagnostic[] {
  return marks
    .filter((mark) => mark.line >= 1 && mark.line <= state.doc.lines)
    .map(({ line, level, message }) => {
      const { from, to } = state.doc.line(line);
      return { from, to, severity: level, message };
    });
}

export default function CodeEditor(props: SqlEditorProps) {
  const {
    value,
    label,
    engine,
    readOnly = false,
    marks = [],
    minHeight = '14rem',
    maxHeight = '36rem',
    handle,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const parts = useRef({
    language: new Compartment(),
    readOnly: new Compartment(),
    label: new Compartment(),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; later changes are dispatched below
  useEffect(() => {
    if (!host.current) return;
    const { language: lang, readOnly: lock, label: name } = parts.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(cspNonce),
          keymap.of([
            {
              key: 'Mod-s',
              preventDefault: true,
              run: () => {
                latest.current.onSave?.();
                return true;
              },
            },
          ]),
          typeOverLines,
          basicSetup,
          lintGutter(),
          look,
          colors,
          EditorView.lineWrapping,
          lang.of(language(engine)),
          lock.of(EditorState.readOnly.of(readOnly)),
          name.of(attributes(label)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const current = editor.state.doc.toString();
    if (current !== value) editor.dispatch({ changes: { from: 0, to: current.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const { language: lang, readOnly: lock, label: name } = parts.current;
    view.current?.dispatch({
      effects: [
        lang.reconfigure(language(engine)),
        lock.reconfigure(EditorState.readOnly.of(readOnly)),
        name.reconfigure(attributes(label)),
      ],
    });
  }, [engine, readOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state, marks)));
  }, [marks]);

  useImperativeHandle(
    handle,
    () => ({
      goToLine: (line) => {
        const editor = view.current;
        if (!editor) return;
        const at = editor.state.doc.line(Math.min(Math.max(1, line), editor.state.doc.lines)).from;
        editor.dispatch({
          selection: { anchor: at },
          effects: EditorView.scrollIntoView(at, { y: 'center' }),
        });
        editor.focus();
      },
      focus: () => view.current?.focus(),
    }),
    [],
  );

  return (
    <div
      ref={host}
      className="overflow-hidden rounded-input border border-line-strong has-[.cm-focused]:outline-2 has-[.cm-focused]:outline-accent"
      style={{ '--editor-min': minHeight, '--editor-max': maxHeight } as React.CSSProperties}
    />
  );
}
