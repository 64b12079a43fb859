import { CircleDashed, CircleX, TriangleAlert } from 'lucide-react';
import { cn } from '@/lib/cn';
import type { Level } from './rules';

const LOOK = {
  ERROR: { icon: CircleX, color: 'text-danger' },
  WARNING: { icon: TriangleAlert, color: 'text-warning' },
  OFF: { icon: CircleDashed, color: 'text-muted' },
};

/** A level at a glance, beside the words that say it. */
export function LevelMark({ level, className }: { level: Level; className?: string }) {
  const { icon: Icon, color } = LOOK[level];
  return <Icon aria-hidden="true" className={cn('size-4 shrink-0', color, className)} />;
}
