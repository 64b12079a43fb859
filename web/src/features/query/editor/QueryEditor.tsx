/** The SQL editor of a sheet: what the cursor is in is marked, and can be run. */
import type { EditorState, Extension } from '@codemirror/state';
import { type EditorView, ViewPlugin } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react';
import CodeEditor, { type EditorHandle, type SqlEditorProps } from '@/features/editor/CodeEditor';
import { partToRun, statements } from './statement';

/** What is run, and where it begins. */
export interface TextToRun {
  text: string;
  line: number;
  column: number;
}

export interface QueryEditorHandle extends EditorHandle {
  /** The selection, or the statement at the cursor. */
  toRun: () => TextToRun | undefined;
  all: () => TextToRun | undefined;
  /** Puts text at the cursor, with the focus. */
  insert: (text: string) => void;
}

interface Props extends Omit<SqlEditorProps, 'handle' | 'extensions'> {
  onRun: () => void;
  onRunAll: () => void;
  /** Takes the focus as soon as it is there. */
  autoFocus: boolean;
  handle: Ref<QueryEditorHandle>;
}

export default function QueryEditor({ onRun, onRunAll, autoFocus, handle, ...rest }: Props) {
  const view = useRef<EditorView | undefined>(undefined);
  const editor = useRef<EditorHandle>(null);
  const latest = useRef({ onRun, onRunAll });
  latest.current = { onRun, onRunAll };
  const extensions = useMemo<Extension>(
    () => [
      statements({ run: () => latest.current.onRun(), runAll: () => latest.current.onRunAll() }),
      ViewPlugin.define((made) => {
        view.current = made;
        return {};
      }),
    ],
    [],
  );
  useImperativeHandle(
    handle,
    () => ({
      goToLine: (line) => editor.current?.goToLine(line),
      goToMark: (line) => editor.current?.goToMark(line),
      focus: () => editor.current?.focus(),
      toRun: () => {
        const part = view.current && partToRun(view.current.state);
        return part && view.current && textOf(view.current.state, part.from, part.to);
      },
      all: () => {
        const state = view.current?.state;
        return state?.doc.toString().trim() ? textOf(state, 0, state.doc.length) : undefined;
      },
      insert: (text) => {
        view.current?.dispatch(view.current.state.replaceSelection(text), { scrollIntoView: true });
        view.current?.focus();
      },
    }),
    [],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: only as it comes
  useEffect(() => {
    if (autoFocus) view.current?.focus();
  }, []);
  return <CodeEditor {...rest} handle={editor} extensions={extensions} />;
}

function textOf(state: EditorState, from: number, to: number): TextToRun {
  const line = state.doc.lineAt(from);
  return { text: state.sliceDoc(from, to), line: line.number, column: from - line.from + 1 };
}
