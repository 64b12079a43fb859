import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { clockTime } from '@/lib/time';
import type { LineKind, LogLine } from './logLines';

const LOOK: Record<LineKind, string> = {
  section: 'font-semibold',
  sql: 'text-muted',
  result: 'text-success',
  error: 'text-danger',
};

interface Props {
  lines: readonly LogLine[];
  wrap: boolean;
  /** The URL points at a line: the log must not run away from it. */
  onAnchor: () => void;
}

/** Numbered lines; each number is a link to itself (`#L12`). */
export function LogLines({ lines, wrap, onAnchor }: Props) {
  const { t } = useTranslation();
  const [, setSearch] = useSearchState();
  const hash = useRouterState({ select: (s) => s.location.hash });
  const marked = Number(/^L(\d+)$/.exec(hash)?.[1] ?? 0);
  const target = useRef<HTMLLIElement>(null);
  const there = lines.some((line) => line.number === marked);
  useEffect(() => {
    if (there) target.current?.scrollIntoView({ block: 'center' });
  }, [there]);
  return (
    <ol className={cn('font-mono text-caption leading-5', !wrap && 'w-max min-w-full')}>
      {lines.map((line) => {
        const isMarked = line.number === marked;
        return (
          <li
            key={line.number}
            id={`L${line.number}`}
            ref={isMarked ? target : undefined}
            aria-current={isMarked ? 'true' : undefined}
            className={cn(
              'flex hover:bg-surface',
              isMarked && 'tint-warning shadow-[inset_3px_0_0_var(--warning)]',
            )}
          >
            <a
              href={`#L${line.number}`}
              aria-label={t('log.line', { number: line.number })}
              onClick={(event) => {
                event.preventDefault();
                onAnchor();
                setSearch({}, { hash: `L${line.number}` });
              }}
              className="w-11 shrink-0 px-2 text-right text-muted select-none tabular-nums hover:text-accent hover:underline"
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
              {line.text}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
