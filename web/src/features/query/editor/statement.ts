/** CodeMirror: which statement is at the cursor, marked, and the keys that run it. */
import { closeCompletion } from '@codemirror/autocomplete';
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import { type EditorState, type Extension, Prec, type Range } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

export interface Part {
  from: number;
  to: number;
}

/** How long may be spent on reading the text up to the cursor. */
const PARSE_MS = 150;

/** The statement that the cursor is in; between two, the one before. */
export function statementAt(state: EditorState): Part | undefined {
  const { head } = state.selection.main;
  const tree = ensureSyntaxTree(state, Math.min(state.doc.length, head + 1), PARSE_MS) ?? syntaxTree(state);
  let found: Part | undefined;
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    if (node.name !== 'Statement') continue;
    // A statement goes to the cursor's line when it begins behind it and there is none before.
    if (node.from > head && found) break;
    found = { from: node.from, to: node.to };
    if (node.to >= head) break;
  }
  return found && state.sliceDoc(found.from, found.to).trim().replace(/^;$/, '') ? found : undefined;
}

/** What a press on Run sends: the selection, else the statement at the cursor, else nothing. */
export function partToRun(state: EditorState): Part | undefined {
  const { from, to, empty } = state.selection.main;
  return !empty && state.sliceDoc(from, to).trim() ? { from, to } : statementAt(state);
}

const atCursor = Decoration.line({ class: 'cm-statement' });

function marks(view: EditorView): DecorationSet {
  const part = statementAt(view.state);
  if (!part) return Decoration.none;
  const { doc } = view.state;
  const lines: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    const last = doc.lineAt(Math.min(part.to, to)).number;
    for (let at = doc.lineAt(Math.max(part.from, from)).number; at <= last; at += 1)
      lines.push(atCursor.range(doc.line(at).from));
  }
  return Decoration.set(lines, true);
}

const marking = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marks(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged || update.selectionSet || update.viewportChanged)
        this.decorations = marks(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const look = EditorView.theme({ '.cm-line.cm-statement': { boxShadow: 'inset 2px 0 0 var(--accent)' } });

interface Keys {
  run: () => void;
  runAll: () => void;
}

/** A command that has always done something. */
const does = (command: () => void) => (view: EditorView) => {
  closeCompletion(view);
  command();
  return true;
};

export const statements = ({ run, runAll }: Keys): Extension => [
  marking,
  look,
  Prec.highest(
    keymap.of([
      { key: 'Mod-Enter', preventDefault: true, run: does(run) },
      { key: 'Mod-Shift-Enter', preventDefault: true, run: does(runAll) },
    ]),
  ),
];
