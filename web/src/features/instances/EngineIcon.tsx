import { cn } from '@/lib/cn';
import { useEngine } from './engines';

/** A hexagon with the engine's letters; trademarks of others stay out of the product. */
const LETTERS: Record<string, string> = { POSTGRES: 'Pg', MYSQL: 'My', MARIADB: 'Ma', SQLITE: 'Li' };

export function EngineIcon({
  engine,
  className = 'size-6',
}: {
  engine: string | undefined;
  className?: string;
}) {
  const letters = LETTERS[engine ?? ''] ?? (engine ?? '?').slice(0, 2);
  return (
    <svg viewBox="0 0 24 24" className={cn('shrink-0', className)} aria-hidden="true">
      <path
        d="M12 1.5 21.1 6.75v10.5L12 22.5 2.9 17.25V6.75z"
        className="fill-hover stroke-line-strong"
        strokeWidth="1"
      />
      <text x="12" y="15.4" textAnchor="middle" className="fill-text text-[9px] font-semibold">
        {letters}
      </text>
    </svg>
  );
}

export function EngineName({
  engine,
  version,
}: {
  engine: string | undefined;
  version?: string | undefined;
}) {
  const info = useEngine(engine);
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <EngineIcon engine={engine} className="size-5" />
      <span className="self-baseline">
        {info?.title ?? engine} <span className="text-muted">{version}</span>
      </span>
    </span>
  );
}
