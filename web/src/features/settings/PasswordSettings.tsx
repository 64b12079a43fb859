import { useTranslation } from 'react-i18next';
import type { PasswordRestriction, WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { useDurations } from './useDurations';
import { useProfile } from './useProfile';

const RULES = [
  'requireNumber',
  'requireLetter',
  'requireUppercaseLetter',
  'requireSpecialCharacter',
  'requireResetPasswordForFirstLogin',
] as const;

/** How passwords are, and how long they are good. */
export function PasswordSettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const durations = useDurations();
  const rules = value.passwordRestriction ?? {};
  const minLength = rules.minLength ?? 8;
  const badLength = !Number.isInteger(minLength) || minLength < 8 || minLength > 128;
  const rule = (patch: PasswordRestriction) => set({ passwordRestriction: { ...rules, ...patch } });
  return (
    <SectionForm
      title={t('settings.passwords')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        durations.reset();
      }}
      onSave={() => (badLength || durations.wrong ? undefined : onSave())}
    >
      <TextField
        className="max-w-60"
        label={t('settings.minLength')}
        type="number"
        min={8}
        max={128}
        value={String(minLength)}
        onChange={(event) => rule({ minLength: Number(event.target.value) })}
        error={errorOf('min_length') ?? (badLength ? t('settings.minLengthWrong') : undefined)}
      />
      {RULES.map((key) => (
        <Checkbox
          key={key}
          label={t(`settings.password.${key}`)}
          checked={rules[key] ?? false}
          onChange={(event) => rule({ [key]: event.target.checked })}
        />
      ))}
      <DurationField
        key={durations.round}
        label={t('settings.rotation')}
        hint={t('settings.rotationHint')}
        value={rules.passwordRotation}
        units={['days']}
        error={errorOf('password_rotation')}
        onChange={(duration) => rule({ passwordRotation: durations.taken('rotation', duration) })}
      />
    </SectionForm>
  );
}
