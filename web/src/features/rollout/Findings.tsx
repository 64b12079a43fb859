import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TaskRun } from '@/api/types';
import { cn } from '@/lib/cn';

type Finding = NonNullable<TaskRun['findings']>[number];

const LOOK = {
  INFO: { icon: Info, color: 'text-info', box: 'border-line' },
  WARNING: { icon: TriangleAlert, color: 'text-warning', box: 'border-warning/50 tint-warning' },
  STOP: { icon: CircleX, color: 'text-danger', box: 'border-danger/50 tint-danger' },
};
type Level = keyof typeof LOOK;
const RANK: readonly Level[] = ['STOP', 'WARNING', 'INFO'];

const levelOf = ({ level }: Finding): Level => (level === 'STOP' || level === 'WARNING' ? level : 'INFO');
export const hasStop = (run: TaskRun) => (run.findings ?? []).some((f) => levelOf(f) === 'STOP');

/** What was found before the first statement, the worst first. One that stops the run interrupts. */
export function Findings({ run, className }: { run: TaskRun; className?: string }) {
  const { t } = useTranslation();
  const found = (run.findings ?? []).toSorted((a, b) => RANK.indexOf(levelOf(a)) - RANK.indexOf(levelOf(b)));
  if (found.length === 0) return null;
  return (
    <ul aria-label={t('rollout.findings')} className={cn('flex flex-col gap-1.5', className)}>
      {found.map((finding) => {
        const level = levelOf(finding);
        const { icon: Icon, color, box } = LOOK[level];
        return (
          <li
            key={`${finding.code}${finding.text}`}
            className={cn('rounded-card border px-3 py-2 text-small', box)}
          >
            <div role={level === 'STOP' ? 'alert' : undefined} className="flex items-start gap-2">
              <Icon className={cn('mt-0.5 size-4 shrink-0', color)} aria-hidden="true" />
              <p className="min-w-0 [overflow-wrap:anywhere]">
                <strong className={cn('font-semibold', color)}>{t(`rollout.level.${level}`)}</strong>{' '}
                {finding.text}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
