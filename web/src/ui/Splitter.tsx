import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { cn } from '@/lib/cn';

const STEP = 24;

interface Props {
  /** What is sized: "Height of the editor". */
  label: string;
  /** Pixels above the line. */
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
  className?: string;
}

/** The line between two panes, one above the other: dragged, or moved by the arrow keys. */
export function Splitter({ label, value, min, max, onChange, className }: Props) {
  const dragged = useRef<{ y: number; value: number } | undefined>(undefined);
  const to = (next: number) => onChange(Math.round(Math.min(max, Math.max(min, next))));
  const press = (event: KeyboardEvent) => {
    const next = { ArrowUp: value - STEP, ArrowDown: value + STEP, Home: min, End: max }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    to(next);
  };
  const drag = (event: PointerEvent) => {
    if (dragged.current) to(dragged.current.value + event.clientY - dragged.current.y);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = { y: event.clientY, value };
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        dragged.current = undefined;
      }}
      className={cn(
        'group relative z-1 flex h-2 shrink-0 cursor-row-resize touch-none items-center justify-center border-y border-line bg-surface hover:bg-hover focus-visible:-outline-offset-2',
        className,
      )}
    >
      <span aria-hidden="true" className="h-0.5 w-8 rounded-full bg-line-strong" />
    </div>
  );
}
