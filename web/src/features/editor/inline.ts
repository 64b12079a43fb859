/** What the page shows between the lines of a text, below those it is about. The host is the page's; the editor only places it. */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';

/** 1-based, both included. */
export interface Lines {
  first: number;
  last: number;
}

export const countOf = ({ first, last }: Lines) => last - first + 1;

interface Placed {
  lines: Lines;
  host: HTMLElement;
}

export const setPlaced = StateEffect.define<readonly Placed[]>();

class Host extends WidgetType {
  readonly host: HTMLElement;

  constructor(host: HTMLElement) {
    super();
    this.host = host;
  }

  override eq(other: Host): boolean {
    return other.host === this.host;
  }

  /** The same each time that it comes into view: what was typed into it is still there. */
  override toDOM(): HTMLElement {
    return this.host;
  }
}

const about = Decoration.line({ class: 'cm-about' });

/** Typing moves them with their lines. */
export const placed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, { effects, changes, state }) {
    for (const effect of effects) {
      if (!effect.is(setPlaced)) continue;
      const there = effect.value.filter(({ lines }) => lines.first >= 1 && lines.last <= state.doc.lines);
      const ranges = there.flatMap(({ lines, host }) => {
        const numbers = Array.from({ length: countOf(lines) }, (_, i) => lines.first + i);
        const widget = Decoration.widget({ widget: new Host(host), block: true, side: 1 });
        return [
          ...numbers.map((line) => about.range(state.doc.line(line).from)),
          widget.range(state.doc.line(lines.last).to),
        ];
      });
      return Decoration.set(ranges, true);
    }
    return set.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});
