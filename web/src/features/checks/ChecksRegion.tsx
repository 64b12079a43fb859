import { RotateCw } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { codeOf } from '@/api/error';
import { useCall } from '@/api/query';
import type { Plan } from '@/api/types';
import { Section } from '@/components/Page';
import { formatCount } from '@/lib/format';
import { databaseId, instanceId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { RelativeTime } from '@/ui/RelativeTime';
import { ErrorPanel, Notice, Skeleton } from '@/ui/States';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { byTarget, type Finding, type TargetSummary } from './findings';
import type { CheckRunData } from './useCheckRun';

/** Databases named at a finding before "and n more". */
const NAMED = 3;
const ROWS = 50;

interface Props {
  id: string;
  plan: Plan;
  checks: CheckRunData;
  onGoToLine: (target: string, line: number) => void;
}

export function ChecksRegion({ id, plan, checks, onGoToLine }: Props) {
  const { t } = useTranslation();
  const again = useCall('PlanService/RunPlanChecks', { touches: ['PlanService'] });
  const { run, findings, query } = checks;
  const none = codeOf(query.error) === 'not_found';
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
            <FindingRow key={finding.key} finding={finding} onGoToLine={onGoToLine} />
          ))}
        </ul>
      )}
      {run && <Targets checks={checks} />}
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

interface FindingProps {
  finding: Finding;
  onGoToLine: (target: string, line: number) => void;
}

function FindingRow({ finding, onGoToLine }: FindingProps) {
  const { t } = useTranslation();
  const { level, title, content, line, targets } = finding;
  const named = targets
    .slice(0, NAMED)
    .map((target) => `${instanceId(target)}/${databaseId(target)}`)
    .join(', ');
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-0">
      <Status
        kind={level === 'ERROR' ? 'failed' : 'warning'}
        label={t(`checks.level.${level}`)}
        className="w-20"
      />
      <div className="min-w-0 flex-1 basis-64">
        <p>
          <span className="font-medium">{title}</span>
          {line && <span className="text-muted"> · {t('checks.line', { line })}</span>}
        </p>
        <p className="[overflow-wrap:anywhere] text-muted">{content}</p>
        <p className="text-caption text-muted">
          {targets.length > NAMED ? t('checks.andMore', { named, count: targets.length - NAMED }) : named}
        </p>
      </div>
      {line && (
        <Button size="sm" onClick={() => onGoToLine(targets[0] ?? '', line)}>
          {t('checks.goToLine', { line })}
        </Button>
      )}
    </li>
  );
}

/** Zero is a fact, "nobody could say" is another. */
function AffectedRows({ row }: { row: TargetSummary }) {
  const { t } = useTranslation();
  if (row.affectedRows === undefined) return null;
  const known = formatCount(row.affectedRows.toString());
  if (row.unestimated === 0) return known;
  return (
    <span className="text-muted">
      {row.affectedRows === 0n
        ? t('checks.notEstimated')
        : t('checks.partlyEstimated', { known, count: row.unestimated })}
    </span>
  );
}

function Targets({ checks }: { checks: CheckRunData }) {
  const { t } = useTranslation();
  const rows = useMemo(() => byTarget(checks.run?.results ?? []), [checks.run]);
  if (rows.length === 0) return null;
  return (
    <>
      <Table label={t('checks.byDatabase')}>
        <thead>
          <tr>
            <Th>{t('database.column.name')}</Th>
            <Th>{t('checks.review')}</Th>
            <Th>{t('checks.statements')}</Th>
            <Th>{t('checks.objects')}</Th>
            <Th numeric>{t('checks.affected')}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS).map((row) => (
            <Tr key={row.target}>
              <Td className="whitespace-nowrap">
                <span className="font-medium">{databaseId(row.target)}</span>{' '}
                <span className="text-muted">{instanceId(row.target)}</span>
              </Td>
              <Td>
                <Status
                  kind={row.errors ? 'failed' : row.warnings ? 'warning' : 'done'}
                  label={
                    [
                      row.errors > 0 && t('checks.errors', { count: row.errors }),
                      row.warnings > 0 && t('checks.warnings', { count: row.warnings }),
                    ]
                      .filter(Boolean)
                      .join(' · ') || t('checks.passed')
                  }
                />
              </Td>
              <Td className="max-w-64 truncate text-muted">
                {row.types.map((type) => type.replaceAll('_', ' ')).join(', ')}
              </Td>
              <Td className="max-w-64 truncate font-mono text-caption text-muted">
                {row.objects.join(', ')}
              </Td>
              <Td numeric>
                <AffectedRows row={row} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {rows.length > ROWS && (
        <p className="text-caption text-muted">{t('plan.moreTargets', { count: rows.length - ROWS })}</p>
      )}
    </>
  );
}
