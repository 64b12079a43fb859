/**
 * CodeMirror as a React component. The text lives in the editor; `value` is written into it only when it
 * differs, so typing never loses the cursor. Tab leaves the editor (no keyboard trap).
 */
import { autocompletion } from '@codemirror/autocomplete';
import { isolateHistory } from '@codemirror/commands';
import { lintGutter, nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { cspNonce } from '@/lib/csp';
import { commentGutter, selectedLines, setCommented } from './commentGutter';
import type { Names } from './completion';
import { language } from './dialects';
import { EditorFoot } from './EditorFoot';
import { type Lines, placed } from './inline';
import { lineLinks, linkedLine, linkLine } from './linkedLine';
import { look } from './look';
import { diagnostics, type EditorMark, placeOf } from './marks';
import { difference, type Teller, teller, typeOver } from './typing';
import { type Inline, useInlines } from './useInlines';

export type { EditorMark } from './marks';

export interface EditorHandle {
  /** Puts the cursor at the start of a 1-based line, in view, with the focus. */
  goToLine: (line: number) => void;
  /** To the finding of a line, wherever typing moved it. */
  goToMark: (line: number) => void;
  focus: () => void;
}

export interface SqlEditorProps {
  value: string;
  /** At each key; for long texts when typing pauses, and before the editor is left or saved. */
  onChange?: (value: string) => void;
  onSave?: () => void;
  label: string;
  /** The engine's wire name; chooses keywords and quoting. */
  engine?: string | undefined;
  /** What completion offers besides keywords. */
  names?: Names | undefined;
  readOnly?: boolean;
  marks?: readonly EditorMark[];
  /** A line that a link names (1-based), and what makes such links; the editor's foot shows where the cursor is. */
  line?: number | undefined;
  onLine?: (line: number) => void;
  /** Lines that are talked about, what begins to talk about some, and what shows what was said about one. */
  commented?: readonly number[];
  onComment?: ((lines: Lines) => void) | undefined;
  onThread?: ((line: number) => void) | undefined;
  /** What the page shows between the lines. */
  inlines?: readonly Inline[];
  /** Somebody began to use it. */
  onFocus?: () => void;
  minHeight?: string;
  maxHeight?: string;
  handle?: Ref<EditorHandle>;
  /** More of CodeMirror, before the basic set-up; taken when the editor is made. */
  extensions?: Extension;
}

const NO_MARKS: readonly EditorMark[] = [];
const NO_LINES: readonly number[] = [];
const NO_INLINES: readonly Inline[] = [];

const attributes = (label: string): Extension =>
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' });

/** Where the cursor is, 1-based, and the lines of the selection. */
export interface Cursor {
  line: number;
  column: number;
  selected: Lines;
}

const cursorOf = (state: EditorState): Cursor => {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  return { line: line.number, column: head - line.from + 1, selected: selectedLines(state) };
};

export default function CodeEditor(props: SqlEditorProps) {
  const {
    value,
    label,
    engine,
    names,
    readOnly = false,
    marks = NO_MARKS,
    line = 0,
    onLine,
    commented = NO_LINES,
    onComment,
    onThread,
    inlines = NO_INLINES,
    minHeight = '18rem',
    maxHeight = '36rem',
    handle,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const told = useRef<Teller>(null);
  /** What the page knows to be in the editor. */
  const known = useRef(value);
  const [cursor, setCursor] = useState<Cursor>({ line: 1, column: 1, selected: { first: 1, last: 1 } });
  const parts = useRef({
    language: new Compartment(),
    readOnly: new Compartment(),
    label: new Compartment(),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; later changes are dispatched below
  useEffect(() => {
    if (!host.current) return;
    const { language: lang, readOnly: lock, label: name } = parts.current;
    const tells = teller((text) => {
      known.current = text;
      latest.current.onChange?.(text);
    });
    told.current = tells;
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
                tells.flush();
                // Once the page knows the text.
                setTimeout(() => latest.current.onSave?.());
                return true;
              },
            },
          ]),
          latest.current.extensions ?? [],
          typeOver,
          basicSetup,
          lintGutter(),
          // Its pictures are letters that not every computer has.
          autocompletion({ icons: false }),
          look,
          EditorView.lineWrapping,
          linkedLine,
          onLine ? lineLinks((at) => latest.current.onLine?.(at)) : [],
          onComment
            ? commentGutter({
                onComment: (lines) => latest.current.onComment?.(lines),
                onThread: (at) => latest.current.onThread?.(at),
              })
            : [],
          placed,
          lang.of(language(engine, names)),
          lock.of(EditorState.readOnly.of(readOnly)),
          name.of(attributes(label)),
          EditorView.domEventHandlers({
            blur: () => tells.flush(),
            focus: () => latest.current.onFocus?.(),
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tells.changed(update.state.doc);
            if (update.docChanged || update.selectionSet) setCursor(cursorOf(update.state));
          }),
        ],
      }),
    });
    view.current = editor;
    // Before whoever keeps drafts hears of it: a page that is left has no time for another render.
    const leave = () => flushSync(() => tells.flush());
    window.addEventListener('pagehide', leave, true);
    return () => {
      window.removeEventListener('pagehide', leave, true);
      tells.flush();
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || value === known.current) return;
    told.current?.drop();
    known.current = value;
    const current = editor.state.doc.toString();
    if (current !== value) {
      // A step of its own for undo, however soon after the last key.
      editor.dispatch({ changes: difference(current, value), annotations: isolateHistory.of('full') });
    }
    // What was just written is what the page knows.
    told.current?.drop();
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(language(engine, names)) });
  }, [engine, names]);

  useEffect(() => {
    const { readOnly: lock, label: name } = parts.current;
    view.current?.dispatch({
      effects: [lock.reconfigure(EditorState.readOnly.of(readOnly)), name.reconfigure(attributes(label))],
    });
  }, [readOnly, label]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state, marks)));
  }, [marks]);

  const commentedKey = commented.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines, not the list that they come in
  useEffect(() => {
    view.current?.dispatch({ effects: setCommented.of(commented) });
  }, [commentedKey]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const effects = [linkLine.of(line)];
    const at = line >= 1 && line <= editor.state.doc.lines ? editor.state.doc.line(line).from : undefined;
    editor.dispatch(
      at === undefined
        ? { effects }
        : {
            effects: [...effects, EditorView.scrollIntoView(at, { y: 'center' })],
            selection: { anchor: at },
          },
    );
  }, [line]);

  const between = useInlines(view, inlines);

  const goTo = (place: number) => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch({
      selection: { anchor: place },
      effects: EditorView.scrollIntoView(place, { y: 'center' }),
    });
    editor.focus();
  };
  const startOf = (state: EditorState, at: number) =>
    state.doc.line(Math.min(Math.max(1, at), state.doc.lines)).from;

  // biome-ignore lint/correctness/useExhaustiveDependencies: all of it goes through references
  useImperativeHandle(
    handle,
    () => ({
      goToLine: (at) => view.current && goTo(startOf(view.current.state, at)),
      goToMark: (at) => {
        const state = view.current?.state;
        if (state) goTo(state.doc.lineAt(placeOf(state, at) ?? startOf(state, at)).from);
      },
      focus: () => view.current?.focus(),
    }),
    [],
  );

  return (
    <div className="overflow-hidden rounded-input border border-line-strong has-[.cm-focused]:outline-2 has-[.cm-focused]:outline-accent">
      <div
        ref={host}
        style={{ '--editor-min': minHeight, '--editor-max': maxHeight } as React.CSSProperties}
      />
      {(onLine || !readOnly) && (
        <EditorFoot
          cursor={cursor}
          engine={engine}
          marks={marks}
          onNext={() => {
            if (!view.current) return;
            nextDiagnostic(view.current);
            view.current.focus();
          }}
          onLine={onLine && (() => onLine(cursor.line))}
          onComment={onComment && (() => onComment(cursor.selected))}
          onThread={onThread && commented.includes(cursor.line) ? () => onThread(cursor.line) : undefined}
          isThreadShown={inlines.some(({ lines }) => lines.first <= cursor.line && cursor.line <= lines.last)}
        />
      )}
      {between}
    </div>
  );
}
