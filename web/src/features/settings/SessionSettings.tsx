import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { useDurations } from './useDurations';
import { useProfile } from './useProfile';

/** With the names that the server's refusals have for them. */
const SESSIONS = {
  inactiveSessionTimeout: { units: ['minutes', 'hours', 'days'], field: 'inactive_session_timeout' },
  refreshTokenDuration: { units: ['minutes', 'hours', 'days'], field: 'refresh_token_duration' },
  accessTokenDuration: { units: ['minutes', 'hours'], field: 'access_token_duration' },
} as const;
type Session = keyof typeof SESSIONS;

/** How long a session lasts. */
export function SessionSettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const durations = useDurations();
  return (
    <SectionForm
      title={t('settings.sessions')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        durations.reset();
      }}
      onSave={() => (durations.wrong ? undefined : onSave())}
    >
      {(Object.keys(SESSIONS) as Session[]).map((key) => (
        <DurationField
          key={`${key}${durations.round}`}
          label={t(`settings.session.${key}`)}
          hint={t(`settings.sessionHint.${key}`)}
          value={value[key]}
          units={SESSIONS[key].units}
          error={errorOf(SESSIONS[key].field)}
          onChange={(duration) => set({ [key]: durations.taken(key, duration) })}
        />
      ))}
    </SectionForm>
  );
}
