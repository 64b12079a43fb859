import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { codeOf } from '@/api/error';
import { useCall } from '@/api/query';
import type { Plan } from '@/api/types';
import { Section } from '@/components/Page';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { Status } from '@/ui/Status';
import { CheckMatrix } from './CheckMatrix';
import { type FindingActions, FindingRow } from './FindingRow';
import type { Finding } from './findings';
import { LockForecast } from './LockForecast';
import type { CheckRunData } from './useCheckRun';

interface Props extends FindingActions {
  id: string;
  plan: Plan;
  checks: CheckRunData;
  /** What the checks found, with what is known besides: how it is mended. */
  findings: readonly Finding[];
}

export function ChecksRegion({ id, plan, checks, findings, onGoToLine, onFix }: Props) {
  const { t } = useTranslation();
  const again = useCall('PlanService/RunPlanChecks', { touches: ['PlanService'] });
  const { run, query } = checks;
  const none = codeOf(query.error) === 'not_found';
  const several = (plan.specs?.length ?? 0) > 1;
  /** 1-based, when the plan has more than one change. */
  const numberOf = (change: string) =>
    several ? (plan.specs?.findIndex((spec) => spec.id === change) ?? -1) + 1 || undefined : undefined;
  return (
    <Section
      id={id}
      title={t('plan.section.checks')}
      actions={
        !plan.hasRollout && (
          <Button busy={again.isPending} onClick={() => again.mutate({ name: plan.name })}>
            <RotateCw aria-hidden="true" />
            {t('checks.again')}
          </Button>
        )
      }
    >
      {query.error && !none && (
        <ErrorPanel error={query.error} doing={t('plan.section.checks')} onRetry={() => query.refetch()} />
      )}
      {again.error && <ErrorPanel error={again.error} doing={t('checks.again')} />}
      {none && <p className="text-muted">{t('checks.none')}</p>}
      {!run && !query.error && <Skeleton rows={3} />}
      {run && <Summary checks={checks} />}
      {run?.error && (
        <Notice tone="danger" role="alert">
          {run.error}
        </Notice>
      )}
      {findings.length > 0 && (
        <ul
          aria-label={t('checks.findings')}
          className="flex flex-col rounded-card border border-line bg-raised"
        >
          {findings.map((finding) => (
            <FindingRow
              key={finding.key}
              finding={finding}
              number={numberOf(finding.change)}
              onGoToLine={onGoToLine}
              onFix={onFix}
            />
          ))}
        </ul>
      )}
      {run && <CheckMatrix results={run.results ?? []} />}
      <LockForecast locks={checks.locks} numberOf={numberOf} onGoToLine={onGoToLine} />
    </Section>
  );
}

function Summary({ checks }: { checks: CheckRunData }) {
  const { t } = useTranslation();
  const { run, findings } = checks;
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count('ERROR'), count('WARNING')];
  const running = run?.status === 'RUNNING';
  const words = [
    errors > 0 && t('checks.errors', { count: errors }),
    warnings > 0 && t('checks.warnings', { count: warnings }),
    errors + warnings === 0 && run?.status === 'DONE' && t('checks.nothing'),
  ].filter(Boolean);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span role="status" className="inline-flex items-center gap-2 font-medium">
        <Status
          kind={
            running
              ? 'checking'
              : errors > 0 || run?.status === 'FAILED'
                ? 'failed'
                : warnings > 0
                  ? 'warning'
                  : 'done'
          }
          label={
            running
              ? t('checks.running')
              : run?.status === 'CANCELED'
                ? t('checks.canceled')
                : t('checks.finished')
          }
        />
      </span>
      {!running && <span className="text-small text-muted">{words.join(', ')}</span>}
      <RelativeTime value={run?.createTime} className="text-small text-muted" />
    </div>
  );
}
