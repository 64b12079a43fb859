import { cn } from '@/lib/cn';
import { keyName } from '@/lib/keys';

/** Keys to press, together or one after the other. */
export function Keys({ keys, className }: { keys: readonly string[]; className?: string }) {
  return (
    <span className={cn('flex gap-1', className)}>
      {keys.map((key) => (
        <kbd
          key={key}
          className="min-w-6 rounded-input border border-line-strong/60 bg-surface px-1.5 text-center font-sans text-caption text-muted"
        >
          {keyName(key)}
        </kbd>
      ))}
    </span>
  );
}
