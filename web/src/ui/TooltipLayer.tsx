/**
 * The one tooltip of the page. Lists have hundreds of elements with a tooltip: they only carry its text, and what it
 * takes to show one is here once. It stays while the pointer is on it, and Esc takes it away (WCAG 1.4.13).
 */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';

const DELAY_MS = 350;
/** The way from the element to its tooltip. */
const GRACE_MS = 120;
/** After one was seen the next comes at once. */
const WARM_MS = 300;
const [GAP, EDGE] = [6, 8];

export function TooltipLayer() {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [of, setOf] = useState<HTMLElement | null>(null);
  useEffect(() => listen(box, setOf), []);
  useLayoutEffect(() => {
    if (!of || !box.current) return;
    place(box.current, of);
    // A name that is read already is not read twice.
    if (of.dataset.tooltip === of.getAttribute('aria-label') || of.hasAttribute('aria-describedby')) return;
    of.setAttribute('aria-describedby', id);
    return () => of.removeAttribute('aria-describedby');
  }, [of, id]);
  if (!of) return null;
  return (
    <div
      ref={box}
      id={id}
      role="tooltip"
      className="fixed top-0 left-0 z-50 w-max max-w-80 animate-fade rounded-button border border-transparent bg-text px-2 py-1 text-caption text-bg"
    >
      {of.dataset.tooltip}
    </div>
  );
}

function listen(box: { current: HTMLElement | null }, setOf: (of: HTMLElement | null) => void) {
  let [shown, timer, seen] = [null as HTMLElement | null, 0, 0];
  const set = (of: HTMLElement | null) => {
    clearTimeout(timer);
    if (shown) seen = Date.now();
    shown = of?.isConnected ? of : null;
    setOf(shown);
  };
  const later = (of: HTMLElement | null, ms: number) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => set(of), ms);
  };
  const elementOf = ({ target }: Event) =>
    target instanceof Element ? target.closest<HTMLElement>('[data-tooltip]') : null;
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    if (event.target instanceof Node && box.current?.contains(event.target)) clearTimeout(timer);
    else {
      const of = elementOf(event);
      if (of === shown) clearTimeout(timer);
      else if (of) later(of, shown || Date.now() - seen < WARM_MS ? 0 : DELAY_MS);
      else later(null, GRACE_MS);
    }
  };
  const focus = (event: FocusEvent) => {
    const of = elementOf(event);
    if (of?.matches(':focus-visible')) set(of);
  };
  const hide = () => set(null);
  const key = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') hide();
  };
  const end = new AbortController();
  const how = { capture: true, passive: true, signal: end.signal };
  document.addEventListener('pointerover', over, how);
  document.addEventListener('focusin', focus, how);
  for (const event of ['focusout', 'pointerdown', 'scroll']) document.addEventListener(event, hide, how);
  document.addEventListener('keydown', key, how);
  return () => {
    clearTimeout(timer);
    end.abort();
  };
}

/** On its side of the element, or on the opposite one where there is no room; never beyond the window. */
function place(box: HTMLElement, of: HTMLElement): void {
  const [a, b] = [of.getBoundingClientRect(), box.getBoundingClientRect()];
  const [width, height] = [document.documentElement.clientWidth, window.innerHeight];
  const side = of.dataset.tooltipSide ?? 'bottom';
  const [before, after] =
    side === 'left' || side === 'right'
      ? [a.left - GAP - b.width, a.right + GAP]
      : [a.top - GAP - b.height, a.bottom + GAP];
  const room = side === 'left' || side === 'right' ? width - b.width : height - b.height;
  const first = side === 'left' || side === 'top';
  const along = first ? (before >= EDGE ? before : after) : after <= room - EDGE ? after : before;
  const [x, y] =
    side === 'left' || side === 'right'
      ? [along, a.top + (a.height - b.height) / 2]
      : [a.left + (a.width - b.width) / 2, along];
  box.style.left = `${Math.max(EDGE, Math.min(x, width - b.width - EDGE))}px`;
  box.style.top = `${Math.max(EDGE, Math.min(y, height - b.height - EDGE))}px`;
}
