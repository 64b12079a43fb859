/** Beside each line: where somebody said something, and a place to say something. The same is a button below the editor. */
import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { GutterMarker, gutter } from '@codemirror/view';

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

export const commentGutter = (onComment: (line: number) => void): Extension => [
  commented,
  gutter({
    class: 'cm-comments',
    markers: (view) => view.state.field(commented),
    lineMarker: (_, __, others) => (others.some((sign) => sign instanceof Sign) ? null : SAY),
    initialSpacer: () => SAY,
    domEventHandlers: {
      click: (view, block) => {
        onComment(view.state.doc.lineAt(block.from).number);
        return true;
      },
    },
  }),
];
