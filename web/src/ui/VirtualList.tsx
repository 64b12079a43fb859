import { type ReactNode, useEffect, useRef } from 'react';
import { useEqualRows } from '@/hooks/useEqualRows';

interface Props<T> {
  label: string;
  items: readonly T[];
  /** Height of every row in pixels. */
  rowHeight: number;
  keyOf: (item: T) => string;
  children: (item: T) => ReactNode;
  className?: string;
  /** Scrolled into view when it changes. */
  selected?: number;
}

/** A long list of equal rows of which only the visible ones exist. Screen readers still hear the whole count. */
export function VirtualList<T>({
  label,
  items,
  rowHeight,
  keyOf,
  children,
  className,
  selected = -1,
}: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const { places } = useEqualRows(box, items.length, rowHeight);
  useEffect(() => {
    const element = box.current;
    if (!element || selected < 0) return;
    const top = selected * rowHeight;
    if (top < element.scrollTop || top > element.scrollTop + element.clientHeight - rowHeight) {
      element.scrollTop = Math.max(0, top - element.clientHeight / 3);
    }
  }, [selected, rowHeight]);
  const first = places[0] ?? 0;
  return (
    <div ref={box} className={className}>
      <ul aria-label={label} className="relative" style={{ height: items.length * rowHeight }}>
        {items.slice(first, first + places.length).map((item, i) => (
          <li
            key={keyOf(item)}
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            className="absolute inset-x-0"
            style={{ height: rowHeight, top: (first + i) * rowHeight }}
          >
            {children(item)}
          </li>
        ))}
      </ul>
    </div>
  );
}
