/**
 * The rows of a long list that are in view, when rows have heights of their own (wrapped text): those that were seen
 * are measured, the others are taken to be of the usual height. Rows stay in the flow of the page, between two gaps.
 * The box needs `overflow-anchor: none`: the browser's own anchoring and ours would chase each other.
 */
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';

const OVERSCAN = 12;

interface Window {
  /** Rows `first` to `last - 1` are to be drawn. */
  first: number;
  last: number;
  /** Heights of what is not, in pixels. */
  above: number;
  below: number;
  /** Where a row begins, as far as is known. */
  topOf: (index: number) => number;
  /** By how much the box was scrolled here, not by a person, since the last time that this was asked. */
  takeMoved: () => number;
  /** `ref` of each drawn row; it carries its key as `data-key`. */
  measure: (row: HTMLElement | null) => (() => void) | undefined;
}

export function useRowWindow(
  box: RefObject<HTMLElement | null>,
  keys: readonly number[],
  usual: number,
): Window {
  const [view, setView] = useState({ top: 0, height: 0, width: 0 });
  const heights = useRef(new Map<number, number>());
  const [version, setVersion] = useState(0);
  const moved = useRef(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const { scrollTop: top, clientHeight: height, clientWidth: width } = element;
      setView((old) =>
        old.top === top && old.height === height && old.width === width ? old : { top, height, width },
      );
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [box]);

  const rows = useMemo(
    () =>
      typeof ResizeObserver === 'undefined'
        ? undefined
        : new ResizeObserver((changes) => {
            const start = box.current?.getBoundingClientRect().top ?? 0;
            let [changed, shift] = [false, 0];
            for (const { target } of changes) {
              const key = Number((target as HTMLElement).dataset.key);
              const { height, bottom } = target.getBoundingClientRect();
              const before = heights.current.get(key) ?? usual;
              if (height === 0 || before === height) continue;
              heights.current.set(key, height);
              changed = true;
              if (bottom <= start) shift += height - before;
            }
            // Before anything is painted: what is looked at stays where it is.
            if (shift !== 0 && box.current) {
              box.current.scrollTop += shift;
              moved.current += shift;
            }
            if (changed) setVersion((v) => v + 1);
          }),
    [box, usual],
  );
  useEffect(() => () => rows?.disconnect(), [rows]);
  const measure = useCallback(
    (row: HTMLElement | null) => {
      if (!row) return;
      rows?.observe(row);
      return () => rows?.unobserve(row);
    },
    [rows],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the heights
  const tops = useMemo(() => {
    const sums = new Float64Array(keys.length + 1);
    for (let i = 0; i < keys.length; i += 1) {
      sums[i + 1] = (sums[i] ?? 0) + (heights.current.get(keys[i] ?? 0) ?? usual);
    }
    return sums;
  }, [keys, usual, version]);

  const takeMoved = () => {
    const by = moved.current;
    moved.current = 0;
    return by;
  };
  const at = (index: number) => tops[Math.min(Math.max(0, index), keys.length)] ?? 0;
  const first = Math.max(0, rowAt(tops, view.top) - OVERSCAN);
  const last = Math.min(keys.length, rowAt(tops, view.top + Math.max(view.height, 400)) + 1 + OVERSCAN);
  const [above, below] = [at(first), at(keys.length) - at(last)];
  return { first, last, above, below, topOf: at, takeMoved, measure };
}

/** The row at a distance from the start. */
function rowAt(tops: Float64Array, distance: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tops[middle + 1] ?? Number.POSITIVE_INFINITY) <= distance) low = middle + 1;
    else high = middle;
  }
  return low;
}
