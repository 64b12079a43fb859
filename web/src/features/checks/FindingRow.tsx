import { WandSparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RuleLink } from '@/features/review/RuleLink';
import { databaseId, instanceId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';
import type { Finding } from './findings';

/** Databases named at a finding before "and n more". */
const NAMED = 3;

export interface FindingActions {
  /** To a line of a change, by the change's id. */
  onGoToLine: (change: string, line: number) => void;
  /** Makes the edits that take it away. */
  onFix?: ((finding: Finding) => void) | undefined;
}

interface Props extends FindingActions {
  finding: Finding;
}

/** What was found, where, and the way there. */
export function FindingRow({ finding, onGoToLine, onFix }: Props) {
  const { t } = useTranslation();
  const { level, rule, title, content, line, change, targets, fix } = finding;
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
        <p className="max-w-[90ch] [overflow-wrap:anywhere]">
          {/* A rule's name says it to machines. */}
          <span className="font-medium">{rule ? content : title}</span>
          {line !== undefined && <span className="text-muted"> · {t('checks.line', { line })}</span>}
        </p>
        {!rule && content && <p className="max-w-[90ch] [overflow-wrap:anywhere] text-muted">{content}</p>}
        <p className="text-caption [overflow-wrap:anywhere] text-muted">
          {rule && <RuleLink title={rule} />}
          {rule && named && ' · '}
          {targets.length > NAMED ? t('checks.andMore', { named, count: targets.length - NAMED }) : named}
        </p>
        {fix && onFix && <p className="text-small">{fix.title}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {fix && onFix && (
          <Button size="sm" onClick={() => onFix(finding)}>
            <WandSparkles aria-hidden="true" />
            {t('checks.applyFix')}
          </Button>
        )}
        {line !== undefined && (
          <Button size="sm" onClick={() => onGoToLine(change, line)}>
            {t('checks.goToLine', { line })}
          </Button>
        )}
      </div>
    </li>
  );
}
