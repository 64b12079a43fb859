import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { TextField } from '@/ui/Field';
import { useDurations } from './useDurations';
import { useProfile } from './useProfile';

const MIB = 1024 * 1024;
const MOST_MIB = 1024;

/** Limits of a query in the SQL editor. */
export function QuerySettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const durations = useDurations();
  const mib = Number(value.sqlResultSize ?? 0) / MIB;
  const badSize = !Number.isFinite(mib) || mib < 0 || mib > MOST_MIB;
  return (
    <SectionForm
      title={t('settings.sqlEditor')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        durations.reset();
      }}
      onSave={() => (badSize || durations.wrong ? undefined : onSave())}
    >
      <TextField
        className="max-w-60"
        label={t('settings.resultSize')}
        type="number"
        min={0}
        max={MOST_MIB}
        value={String(mib)}
        onChange={(event) => set({ sqlResultSize: String(Math.round(Number(event.target.value) * MIB)) })}
        hint={t('settings.resultSizeHint')}
        error={errorOf('sql_result_size') ?? (badSize ? t('settings.resultSizeWrong') : undefined)}
      />
      <DurationField
        key={durations.round}
        label={t('settings.queryTimeout')}
        hint={t('settings.queryTimeoutHint')}
        value={value.queryTimeout}
        units={['seconds', 'minutes', 'hours']}
        error={errorOf('query_timeout')}
        onChange={(duration) => set({ queryTimeout: durations.taken('query', duration) })}
      />
    </SectionForm>
  );
}
