/** Beside each line: where somebody said something, and a place to say something. The same are buttons below the editor. */
import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { GutterMarker, gutter } from '@codemirror/view';
import type { Lines } from './inline';

/** Lines that are talked about, 1-based. */
export const setCommented = StateEffect.define<readonly number[]>();

class Sign extends GutterMarker {
  readonly said: boolean;

  constructor(said: boolean) {
    super();
    this.said = said;
  }

  override eq(other: Sign): boolean {
    return other.said === this.said;
  }

  override toDOM(): Node {
    const sign = document.createElement('span');
    sign.className = this.said ? 'cm-said' : 'cm-say';
    sign.textContent = this.said ? '●' : '+';
    return sign;
  }
}

const SAID = new Sign(true);
const SAY = new Sign(false);

const commented = StateField.define<RangeSet<Sign>>({
  create: () => RangeSet.empty,
  update(signs, { effects, changes, state }) {
    for (const effect of effects) {
      if (!effect.is(setCommented)) continue;
      const lines = [...new Set(effect.value)].filter((line) => line >= 1 && line <= state.doc.lines);
      return RangeSet.of(lines.sort((a, b) => a - b).map((line) => SAID.range(state.doc.line(line).from)));
    }
    return signs.map(changes);
  },
});

/** The lines of the selection. One that ends at the beginning of a line does not have it. */
export function selectedLines({ doc, selection: { main } }: EditorState): Lines {
  const first = doc.lineAt(main.from).number;
  const end = doc.lineAt(main.to);
  return { first, last: Math.max(first, end.from === main.to ? end.number - 1 : end.number) };
}

interface Options {
  /** Begins to talk about lines: those of the selection when the line is one of them. */
  onComment: (lines: Lines) => void;
  /** Shows what is said about a line, or puts it away. */
  onThread: (line: number) => void;
}

export const commentGutter = ({ onComment, onThread }: Options): Extension => [
  commented,
  gutter({
    class: 'cm-comments',
    markers: (view) => view.state.field(commented),
    lineMarker: (_, __, others) => (others.some((sign) => sign instanceof Sign) ? null : SAY),
    initialSpacer: () => SAY,
    domEventHandlers: {
      click: ({ state }, block) => {
        const line = state.doc.lineAt(block.from).number;
        let isSaid = false;
        state.field(commented).between(block.from, block.from, () => {
          isSaid = true;
        });
        const selected = selectedLines(state);
        const isSelected = selected.first <= line && line <= selected.last;
        if (isSaid) onThread(line);
        else onComment(isSelected ? selected : { first: line, last: line });
        return true;
      },
    },
  }),
];
