import { type RefObject, useEffect, useState } from 'react';

const OVERSCAN = 8;

/** Which of many rows of one height are in view in a box that scrolls. */
export function useEqualRows(box: RefObject<HTMLElement | null>, count: number, height: number) {
  const [view, setView] = useState({ top: 0, height: 600 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box comes and goes with the rows
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [box, count === 0]);
  const first = Math.max(0, Math.floor(view.top / height) - OVERSCAN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / height) + OVERSCAN);
  const reveal = (at: number) => {
    const element = box.current;
    if (!element) return;
    const top = at * height;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight;
  };
  return {
    places: Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i),
    page: Math.max(1, Math.floor(view.height / height) - 1),
    reveal,
  };
}
