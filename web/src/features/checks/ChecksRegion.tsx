import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
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
  const running = run?.status === 'RUNNING';
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
      {groups(findings, several ? plan.specs : undefined).map(({ change, found }) => (
        <ChangeFindings
          key={change}
          findings={found}
          number={numberOf(change)}
          onGoToLine={onGoToLine}
          onFix={onFix}
          again={
            !plan.hasRollout &&
            change && (
              <Button
                size="sm"
                disabled={running || again.isPending}
                onClick={() => again.mutate({ name: plan.name, specId: change })}
              >
                <RotateCw aria-hidden="true" />
                {t('checks.againOne')}
              </Button>
            )
          }
        />
      ))}
      {run && <CheckMatrix results={run.results ?? []} />}
      <LockForecast locks={checks.locks} numberOf={numberOf} onGoToLine={onGoToLine} />
    </Section>
  );
}

/** The findings of each change, in the order of the changes; all as they are where there is but one. */
function groups(findings: readonly Finding[], specs: Plan['specs']) {
  if (!specs) return findings.length > 0 ? [{ change: '', found: findings }] : [];
  const of = (change: string) => findings.filter((finding) => finding.change === change);
  const lost = findings.filter(({ change }) => !specs.some(({ id }) => id === change));
  const known = specs.map(({ id = '' }) => ({ change: id, found: of(id) }));
  return lost.length > 0 ? [...known, { change: '', found: lost }] : known;
}

interface ChangeFindingsProps extends FindingActions {
  findings: readonly Finding[];
  /** Of the change, where there are several. */
  number: number | undefined;
  /** What checks this change only. */
  again: ReactNode;
}

function ChangeFindings({ findings, number, again, onGoToLine, onFix }: ChangeFindingsProps) {
  const { t } = useTranslation();
  const title = number === undefined ? '' : t('plan.changeNumber', { number });
  const rows = findings.length > 0 && (
    <ul
      aria-label={[title, t('checks.findings')].filter(Boolean).join(': ')}
      className="flex flex-col rounded-card border border-line bg-raised"
    >
      {findings.map((finding) => (
        <FindingRow key={finding.key} finding={finding} onGoToLine={onGoToLine} onFix={onFix} />
      ))}
    </ul>
  );
  if (!title) return rows;
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-body">{title}</h3>
        {!rows && <span className="text-small text-muted">{t('checks.noFindings')}</span>}
        {again}
      </div>
      {rows}
    </section>
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
