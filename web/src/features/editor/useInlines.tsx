import { EditorView } from '@codemirror/view';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { type Lines, setPlaced } from './inline';

/** A part of the page below lines of the text. Its first field, or it itself, has the focus once it is there. */
export interface Inline {
  key: string;
  lines: Lines;
  node: ReactNode;
}

/** What can have the focus in it, in the order of wishes. */
const WISHED = ['textarea', '[tabindex="-1"]'];
/** A place that is scrolled to is drawn some frames later. */
const FRAMES = 20;

function focusIn(host: HTMLElement, frames = FRAMES): void {
  const target = WISHED.map((wish) => host.querySelector<HTMLElement>(wish)).find(Boolean);
  if (host.isConnected && target) target.focus();
  else if (frames > 0) requestAnimationFrame(() => focusIn(host, frames - 1));
}

/** Renders parts of the page into the text of an editor. */
export function useInlines(view: RefObject<EditorView | null>, inlines: readonly Inline[]): ReactNode {
  const hosts = useRef(new Map<string, HTMLElement>());
  const hostOf = (key: string) => {
    const host = hosts.current.get(key) ?? document.createElement('div');
    host.className = 'cm-inline';
    hosts.current.set(key, host);
    return host;
  };
  const shown = useRef<readonly string[]>([]);
  const places = inlines.map(({ key, lines }) => `${key}:${lines.first}-${lines.last}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: their places, not what stands in them
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const keys = inlines.map(({ key }) => key);
    for (const key of hosts.current.keys()) if (!keys.includes(key)) hosts.current.delete(key);
    const fresh = inlines.find(({ key }) => !shown.current.includes(key));
    shown.current = keys;
    const place = setPlaced.of(inlines.map(({ key, lines }) => ({ lines, host: hostOf(key) })));
    const line = Math.min(fresh?.lines.last ?? 1, editor.state.doc.lines);
    const scroll = EditorView.scrollIntoView(editor.state.doc.line(line).to, { y: 'center' });
    editor.dispatch({ effects: fresh ? [place, scroll] : place });
    if (fresh) focusIn(hostOf(fresh.key));
    // The editor hears of the size of its text only.
    const sizes = new ResizeObserver(() => editor.requestMeasure());
    for (const key of keys) sizes.observe(hostOf(key));
    return () => sizes.disconnect();
  }, [places]);
  return inlines.map(({ key, node }) => createPortal(node, hostOf(key), key));
}
