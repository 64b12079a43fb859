/** The line that a link names, and line numbers that are links. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, lineNumbers } from '@codemirror/view';

/** 1-based; 0 for none. */
export const linkLine = StateEffect.define<number>();

const mark = Decoration.line({ class: 'cm-linked' });

export const linkedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, { effects, changes, state }) {
    for (const effect of effects) {
      if (!effect.is(linkLine)) continue;
      if (effect.value < 1 || effect.value > state.doc.lines) return Decoration.none;
      return Decoration.set(mark.range(state.doc.line(effect.value).from));
    }
    return lines.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A click on a line's number; the same is a button below the editor, for who has no mouse. */
export const lineLinks = (onLine: (line: number) => void): Extension => [
  EditorView.editorAttributes.of({ class: 'cm-linkedLines' }),
  lineNumbers({
    domEventHandlers: {
      click: (view, block) => {
        onLine(view.state.doc.lineAt(block.from).number);
        return true;
      },
    },
  }),
];
