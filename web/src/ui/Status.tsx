import {
  Ban,
  CircleCheck,
  CircleMinus,
  CircleX,
  Clock,
  Hourglass,
  MessageSquareX,
  PencilLine,
  Redo2,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { RunningArc } from './RunningArc';

/** Every state that a thing of ours can be in. One look each: shape, word and colour. */
export type StatusKind =
  | 'notStarted'
  | 'pending'
  | 'scheduled'
  | 'running'
  | 'done'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'warning'
  | 'waiting'
  | 'rejected'
  | 'draft'
  | 'closed'
  | 'open'
  | 'approved'
  | 'syncing'
  | 'synced'
  | 'syncFailed'
  | 'notSynced'
  | 'checking'
  | 'rollingOut';

const DashedRing = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 16 16" className={className} aria-hidden="true">
    <circle
      cx="8"
      cy="8"
      r="6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeDasharray="2.4 2.3"
    />
  </svg>
);

type Icon = (props: { className?: string }) => ReactNode;
const LOOK: Record<StatusKind, { icon: Icon; color: string }> = {
  notStarted: { icon: DashedRing, color: 'text-muted' },
  pending: { icon: Clock, color: 'text-muted' },
  scheduled: { icon: Clock, color: 'text-info' },
  running: { icon: RunningArc, color: 'text-running' },
  rollingOut: { icon: RunningArc, color: 'text-running' },
  checking: { icon: RunningArc, color: 'text-running' },
  syncing: { icon: RunningArc, color: 'text-running' },
  done: { icon: CircleCheck, color: 'text-success' },
  approved: { icon: CircleCheck, color: 'text-success' },
  synced: { icon: CircleCheck, color: 'text-success' },
  failed: { icon: CircleX, color: 'text-danger' },
  syncFailed: { icon: CircleX, color: 'text-danger' },
  canceled: { icon: Ban, color: 'text-muted' },
  skipped: { icon: Redo2, color: 'text-skipped' },
  warning: { icon: TriangleAlert, color: 'text-warning' },
  waiting: { icon: Hourglass, color: 'text-warning' },
  rejected: { icon: MessageSquareX, color: 'text-danger' },
  draft: { icon: PencilLine, color: 'text-muted' },
  open: { icon: Hourglass, color: 'text-info' },
  closed: { icon: CircleMinus, color: 'text-muted' },
  notSynced: { icon: DashedRing, color: 'text-muted' },
};

export const STATUS_KINDS = Object.keys(LOOK) as StatusKind[];

interface Props {
  kind: StatusKind;
  /** Replaces the state's own word ("Waiting for DBA"). */
  label?: string;
  /** With a border, for headers. */
  boxed?: boolean;
  /** Makes it role=status. Kept silent (aria-live off): pages announce sums, not every row. */
  live?: boolean;
  className?: string;
}

export function Status({ kind, label, boxed, live, className }: Props) {
  const { t } = useTranslation();
  const { icon: Icon, color } = LOOK[kind];
  const role = live ? { role: 'status', 'aria-live': 'off' as const } : {};
  return (
    <span
      {...role}
      className={cn(
        'inline-flex items-center gap-1.5 align-middle text-small font-medium whitespace-nowrap',
        color,
        boxed && 'h-6 rounded-full border border-current/35 px-2',
        className,
      )}
    >
      <span aria-hidden="true" className="grid size-3.5 shrink-0 place-items-center [&>svg]:size-3.5">
        <Icon />
      </span>
      {label ?? t(`status.${kind}`)}
    </span>
  );
}
