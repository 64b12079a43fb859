import { Shield } from 'lucide-react';
import { cn } from '@/lib/cn';
import { useIsDark } from '@/lib/theme';
import { environmentTitle, isProduction, toHex, useEnvironment, visibleOn } from './environments';

/** The environment's colour, always with its name; production in capitals with a shield. */
export function EnvironmentBadge({ name, className }: { name: string | undefined; className?: string }) {
  const environment = useEnvironment(name);
  const dark = useIsDark();
  if (!name) return null;
  const hex = toHex(environment?.color);
  const color = hex ? visibleOn(hex, dark) : undefined;
  const loud = isProduction(environment);
  return (
    <span
      className={cn('inline-flex items-center gap-1.5 text-small whitespace-nowrap', className)}
      style={loud && color ? { color } : undefined}
    >
      {loud ? (
        <Shield className="size-3.5 shrink-0" aria-hidden="true" />
      ) : (
        <span
          aria-hidden="true"
          className="size-2.5 shrink-0 forced-color-adjust-none rounded-full bg-line-strong"
          style={color ? { backgroundColor: color } : undefined}
        />
      )}
      {/* The icon has no baseline of its own: the words give the badge theirs. */}
      <span className={cn('self-baseline', loud && 'font-semibold tracking-wide uppercase')}>
        {environmentTitle(environment, name)}
      </span>
    </span>
  );
}
