import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckResult } from '@/api/types';
import { useDatabase } from '@/features/databases/useDatabase';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { formatCount } from '@/lib/format';
import { databaseId, instanceId } from '@/lib/names';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Status } from '@/ui/Status';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { byTarget, CHECKS, type Check, type TargetSummary } from './findings';

/** More databases are counted, not shown: those that fail stand first. */
const ROWS = 50;
const OBJECTS = 4;

/** Database by check, the failing databases first; and what the script would do there. */
export function CheckMatrix({ results }: { results: readonly CheckResult[] }) {
  const { t } = useTranslation();
  const rows = useMemo(() => byTarget(results), [results]);
  if (rows.length === 0) return null;
  return (
    <>
      <Table label={t('checks.byDatabase')}>
        <thead>
          <tr>
            <Th>{t('checks.database')}</Th>
            {CHECKS.map((check) => (
              <Th key={check}>{t(`checks.column.${check}`)}</Th>
            ))}
            <Th numeric>{t('checks.affected')}</Th>
            <Th>{t('checks.statements')}</Th>
            <Th>{t('checks.runs')}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS).map((row) => (
            <Tr key={row.target}>
              <Td>
                <Target name={row.target} />
              </Td>
              {CHECKS.map((check) => (
                <Td key={check} className="whitespace-nowrap">
                  <Outcome row={row} check={check} />
                </Td>
              ))}
              <Td numeric className="min-w-28 whitespace-nowrap">
                <AffectedRows row={row} />
              </Td>
              <Td className="max-w-72 min-w-32 text-muted">
                {row.types.map((type) => type.replaceAll('_', ' ')).join(', ')}
                <span className="block font-mono text-caption">
                  <Objects names={row.objects} />
                </span>
              </Td>
              <Td className="max-w-64 min-w-24 text-muted">{row.runs.join('; ')}</Td>
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

function Target({ name }: { name: string }) {
  const database = useDatabase(name);
  return (
    <>
      <span className="flex items-center gap-2 whitespace-nowrap">
        <EnvironmentBadge name={database?.effectiveEnvironment} />
        <TextLink to={paths.database(name)}>{databaseId(name)}</TextLink>
      </span>
      <span className="block text-caption text-muted">
        {database?.instanceResource?.title || instanceId(name)}
      </span>
    </>
  );
}

/** One a line; a script that touches many is told by its first ones. */
function Objects({ names }: { names: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <>
      {names.slice(0, OBJECTS).map((name) => (
        <span key={name} className="block [overflow-wrap:anywhere]">
          {name}
        </span>
      ))}
      {names.length > OBJECTS && t('plan.moreTargets', { count: names.length - OBJECTS })}
    </>
  );
}

/** What a check said, by level. */
function Outcome({ row, check }: { row: TargetSummary; check: Check }) {
  const { t } = useTranslation();
  const { errors, warnings } = row.by[check];
  if (errors + warnings > 0) {
    const words = [
      errors > 0 && t('checks.errors', { count: errors }),
      warnings > 0 && t('checks.warnings', { count: warnings }),
    ];
    return <Status kind={errors > 0 ? 'failed' : 'warning'} label={words.filter(Boolean).join(' · ')} />;
  }
  // The review reads only what is SQL.
  if (check === 'review' && row.by.syntax.errors > 0) {
    return <span className="text-muted">{t('checks.notRun')}</span>;
  }
  if (check === 'review' && !row.reviewed) {
    return <span className="text-muted">{t('checks.noFindings')}</span>;
  }
  return <Status kind="done" label={t('checks.passed')} />;
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
