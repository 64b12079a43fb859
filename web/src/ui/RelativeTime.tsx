import { useEffect, useState } from 'react';
import { exactTime, relativeTime } from '@/lib/time';
import { Tooltip } from './Tooltip';

const TICK_MS = 30_000;

/** "3 min. ago" that keeps itself true; the exact time with its zone is in the tooltip. */
export function RelativeTime({ value, className }: { value: string | undefined; className?: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (!value) return null;
  return (
    <Tooltip text={exactTime(value)}>
      <time dateTime={value} className={`whitespace-nowrap ${className ?? ''}`}>
        {relativeTime(value, Math.max(now, Date.now()))}
      </time>
    </Tooltip>
  );
}
