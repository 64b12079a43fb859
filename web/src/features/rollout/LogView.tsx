import { useRouterState } from '@tanstack/react-router';
import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRowWindow } from '@/hooks/useRowWindow';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { clockTime } from '@/lib/time';
import { Button } from '@/ui/Button';
import type { LineKind, LogLine } from './logLines';

const LOOK: Record<LineKind, string> = {
  section: 'font-semibold',
  sql: 'text-muted',
  result: 'text-success',
  error: 'text-danger',
};

/** Pixels from the end that still count as being there. */
const AT_END = 24;
const LINE_HEIGHT = 20;

interface Props {
  lines: readonly LogLine[];
  live: boolean;
  wrap: boolean;
  /** Marked in the lines; lower case. */
  wanted: string;
}

/**
 * Numbered lines; each number is a link to itself (`#L12`). Only those in view exist, and the end is followed only
 * while one is there.
 */
export function LogView({ lines, live, wrap, wanted }: Props) {
  const { t } = useTranslation();
  const hash = useRouterState({ select: (s) => s.location.hash });
  const marked = Number(/^L(\d+)$/.exec(hash)?.[1] ?? 0);
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(marked === 0);
  const [seen, setSeen] = useState(0);
  const [atEnd, setAtEnd] = useState(true);
  const lastTop = useRef(0);
  const keys = useMemo(() => lines.map((line) => line.number), [lines]);
  const rows = useRowWindow(box, keys, LINE_HEIGHT);
  const count = lines.length;
  const height = rows.topOf(count);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `height` grows with what is measured
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (following) element.scrollTo({ top: element.scrollHeight });
    const there = isAtEnd(element);
    setAtEnd(there);
    if (there) setSeen(count);
  }, [count, following, height]);

  // A line that the URL names is shown once: first about where it should be, then, drawn, in the middle.
  const place = marked === 0 ? -1 : keys.indexOf(marked);
  const toShow = useRef(0);
  const shown = useRef(true);
  const { topOf } = rows;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || place < 0) return;
    if (toShow.current !== marked) {
      toShow.current = marked;
      const at = topOf(place);
      const inView = at >= element.scrollTop && at < element.scrollTop + element.clientHeight - LINE_HEIGHT;
      shown.current = inView;
      if (!inView) element.scrollTop = at - element.clientHeight / 2;
    } else if (!shown.current) {
      const row = element.querySelector('[aria-current=true]');
      if (!row) return;
      shown.current = true;
      element.scrollTop += middleOf(row) - middleOf(element);
    }
  });

  const watch = () => {
    const element = box.current;
    if (!element) return;
    const there = isAtEnd(element);
    // Only a person leaves the end, upwards: a log that grew meanwhile is followed on.
    const up = element.scrollTop < lastTop.current + rows.takeMoved();
    lastTop.current = element.scrollTop;
    setAtEnd(there);
    if (there) setSeen(count);
    if (there || up) setFollowing(there);
  };
  return (
    <div className="relative">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={t('log.lines')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={watch}
        className="max-h-112 min-h-40 overflow-auto py-1.5 [overflow-anchor:none]"
      >
        <Gap height={rows.above} />
        <ol className={cn('font-mono text-caption leading-5', !wrap && 'w-max min-w-full')}>
          {lines.slice(rows.first, rows.last).map((line, i) => (
            <Line
              key={line.number}
              line={line}
              place={rows.first + i + 1}
              of={count}
              marked={line.number === marked}
              wrap={wrap}
              wanted={wanted}
              measure={rows.measure}
              onAnchor={() => setFollowing(false)}
            />
          ))}
        </ol>
        <Gap height={rows.below} />
      </div>
      {!atEnd && (live || count > seen) && (
        <Button
          size="sm"
          tone="primary"
          className="absolute right-4 bottom-3 shadow-overlay"
          onClick={() => setFollowing(true)}
        >
          <ArrowDown aria-hidden="true" />
          {count > seen ? t('log.jumpCount', { count: count - seen }) : t('log.jump')}
        </Button>
      )}
    </div>
  );
}

/** In place of rows that are not drawn. */
const Gap = ({ height }: { height: number }) => <div aria-hidden="true" style={{ height }} />;

const isAtEnd = ({ scrollHeight, scrollTop, clientHeight }: Element) =>
  scrollHeight - scrollTop - clientHeight < AT_END;

function middleOf(element: Element): number {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

interface LineProps {
  line: LogLine;
  place: number;
  of: number;
  marked: boolean;
  wrap: boolean;
  wanted: string;
  measure: (row: HTMLElement | null) => (() => void) | undefined;
  /** The URL points at a line: the log must not run away from it. */
  onAnchor: () => void;
}

function Line({ line, place, of, marked, wrap, wanted, measure, onAnchor }: LineProps) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchState();
  return (
    <li
      ref={measure}
      id={`L${line.number}`}
      data-key={line.number}
      aria-posinset={place}
      aria-setsize={of}
      aria-current={marked ? 'true' : undefined}
      className={cn('flex hover:bg-surface', marked && 'tint-warning shadow-[inset_3px_0_0_var(--warning)]')}
    >
      <a
        href={`#L${line.number}`}
        aria-label={t('log.line', { number: line.number })}
        onClick={(event) => {
          event.preventDefault();
          onAnchor();
          setSearch({}, { hash: `L${line.number}` });
        }}
        className="w-13 shrink-0 px-2 text-right text-muted select-none tabular-nums hover:text-accent hover:underline"
      >
        {line.number}
      </a>
      <span className="w-18 shrink-0 text-muted select-none tabular-nums">
        {line.time ? clockTime(line.time) : ''}
      </span>
      <span
        className={cn(
          'flex-1 pr-3',
          wrap ? 'min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]' : 'whitespace-pre',
          LOOK[line.kind],
        )}
      >
        {line.kind === 'error' && <span className="sr-only">{t('checks.level.ERROR')} </span>}
        <Highlighted text={line.text} wanted={wanted} />
      </span>
    </li>
  );
}

function Highlighted({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  if (at < 0) return text;
  const end = at + wanted.length;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-xs bg-warning text-bg">{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
