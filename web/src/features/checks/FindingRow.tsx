import { useTranslation } from 'react-i18next';
import { RuleLink } from '@/features/review/RuleLink';
import { databaseId, instanceId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';
import type { Finding } from './findings';

/** Databases named at a finding before "and n more". */
const NAMED = 3;

interface Props {
  finding: Finding;
  /** The change it is in, when the plan has several. */
  number: number | undefined;
  onGoToLine: (change: string, line: number) => void;
}

/** What was found, where, and the way there. */
export function FindingRow({ finding, number, onGoToLine }: Props) {
  const { t } = useTranslation();
  const { level, title, content, line, change, targets } = finding;
  const named = targets
    .slice(0, NAMED)
    .map((target) => `${instanceId(target)}/${databaseId(target)}`)
    .join(', ');
  const where = [
    number !== undefined && t('checks.inChange', { number }),
    line !== undefined && t('checks.line', { line }),
  ].filter(Boolean);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line px-3 py-2 last:border-0">
      <Status
        kind={level === 'ERROR' ? 'failed' : 'warning'}
        label={t(`checks.level.${level}`)}
        className="w-20"
      />
      <div className="min-w-0 flex-1 basis-64">
        <p>
          <RuleLink title={title} />
          {where.length > 0 && <span className="text-muted"> · {where.join(', ')}</span>}
        </p>
        <p className="max-w-[90ch] [overflow-wrap:anywhere] text-muted">{content}</p>
        <p className="text-caption text-muted">
          {targets.length > NAMED ? t('checks.andMore', { named, count: targets.length - NAMED }) : named}
        </p>
      </div>
      {line !== undefined && (
        <Button size="sm" onClick={() => onGoToLine(change, line)}>
          {t('checks.goToLine', { line })}
        </Button>
      )}
    </li>
  );
}
