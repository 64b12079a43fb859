import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { TextField } from '@/ui/Field';
import { useProfile } from './useProfile';

const MIB = 1024 * 1024;
const MOST_MIB = 1024;

/** Limits of a query in the SQL editor. */
export function QuerySettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, onSave, onReset } = useProfile(saved);
  const [wrong, setWrong] = useState(false);
  const [round, setRound] = useState(0);
  const mib = Number(value.sqlResultSize ?? 0) / MIB;
  const badSize = !Number.isFinite(mib) || mib < 0 || mib > MOST_MIB;
  return (
    <SectionForm
      title={t('settings.sqlEditor')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        setWrong(false);
        setRound(round + 1);
      }}
      onSave={() => (badSize || wrong ? undefined : onSave())}
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
        error={badSize ? t('settings.resultSizeWrong') : undefined}
      />
      <DurationField
        key={round}
        label={t('settings.queryTimeout')}
        hint={t('settings.queryTimeoutHint')}
        value={value.queryTimeout}
        units={['seconds', 'minutes', 'hours']}
        onChange={(duration) => {
          setWrong(duration === null);
          set({ queryTimeout: duration ?? undefined });
        }}
      />
    </SectionForm>
  );
}
