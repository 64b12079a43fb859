/** What a configuration is like, in a few words. */
import { useTranslation } from 'react-i18next';
import type { ReviewConfig, RuleConfig } from '@/api/types';
import { Status } from '@/ui/Status';
import { LevelMark } from './LevelMark';
import { countLevels } from './rules';

export function ConfigState({ config, boxed }: { config: ReviewConfig; boxed?: boolean }) {
  const { t } = useTranslation();
  return (
    <Status
      boxed={boxed}
      kind={config.enabled ? 'done' : 'closed'}
      label={t(config.enabled ? 'review.enabled' : 'review.disabled')}
    />
  );
}

/** How many rules are on, by level. */
export function LevelCounts({ rules }: { rules: readonly RuleConfig[] }) {
  const { t } = useTranslation();
  const counts = countLevels(rules);
  return (
    <span className="inline-flex gap-3 align-middle whitespace-nowrap">
      {(['ERROR', 'WARNING'] as const).map((level) => (
        <span key={level} className="inline-flex items-center gap-1 tabular-nums">
          <LevelMark level={level} className="size-3.5" />
          {t(level === 'ERROR' ? 'checks.errors' : 'checks.warnings', { count: counts[level] })}
        </span>
      ))}
    </span>
  );
}
