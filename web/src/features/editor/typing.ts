/** What typing needs besides the editor's own way of it. */
import type { Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/**
 * Typing over a selection. Left to the browser, it merges lines and coloured words with a style attribute of its own,
 * which the content security policy refuses with an error in the console; so we do it.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { state } = view;
    const { main } = state.selection;
    if (
      event.inputType !== 'insertText' ||
      event.data === null ||
      main.empty ||
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

/** Up to this many characters each key is told to the page; a longer text is told in pauses of typing. */
const AT_ONCE = 64 * 1024;
const PAUSE_MS = 200;

export interface Teller {
  changed: (doc: Text) => void;
  /** Tells now what was held back. */
  flush: () => void;
  /** Forgets what was held back. */
  drop: () => void;
}

/**
 * Tells the page what stands in the editor. A long text as one string takes milliseconds to make and to compare, so
 * it is not made at each key: what is held back is told after a pause, and when the editor is left.
 */
export function teller(tell: (text: string) => void): Teller {
  let held: Text | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = () => {
    clearTimeout(timer);
    held = undefined;
  };
  const flush = () => {
    const doc = held;
    drop();
    if (doc) tell(doc.toString());
  };
  return {
    changed: (doc) => {
      drop();
      held = doc;
      if (doc.length <= AT_ONCE) flush();
      else timer = setTimeout(flush, PAUSE_MS);
    },
    flush,
    drop,
  };
}

/** The least that turns one text into the other, so that cursor and undo stay where they were. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before.charCodeAt(from) === after.charCodeAt(from)) from += 1;
  let end = 0;
  while (
    end < most - from &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
