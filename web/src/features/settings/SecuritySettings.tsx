import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasswordRestriction, WorkspaceProfileSetting } from '@/api/types';
import { DurationField } from '@/components/DurationField';
import { SectionForm } from '@/components/SectionForm';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { useProfile } from './useProfile';

const RULES = [
  'requireNumber',
  'requireLetter',
  'requireUppercaseLetter',
  'requireSpecialCharacter',
] as const;
const SESSIONS = {
  inactiveSessionTimeout: ['minutes', 'hours', 'days'],
  refreshTokenDuration: ['minutes', 'hours', 'days'],
  accessTokenDuration: ['minutes', 'hours'],
} as const;
type Session = keyof typeof SESSIONS;

/** Who may come in, how passwords are, how long a session lasts. */
export function SecuritySettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, onSave, onReset } = useProfile(saved);
  const [wrong, setWrong] = useState<ReadonlySet<Session>>(new Set());
  // Fields that keep a text of their own begin anew when the edit is dropped.
  const [round, setRound] = useState(0);
  const rules = value.passwordRestriction ?? {};
  const minLength = rules.minLength ?? 8;
  const badLength = !Number.isInteger(minLength) || minLength < 8 || minLength > 128;
  const rule = (patch: PasswordRestriction) => set({ passwordRestriction: { ...rules, ...patch } });
  const setSession = (key: Session, duration: string | undefined | null) => {
    const next = new Set(wrong);
    if (duration === null) next.add(key);
    else next.delete(key);
    setWrong(next);
    set({ [key]: duration ?? undefined });
  };
  return (
    <SectionForm
      title={t('settings.security')}
      dirty={dirty}
      call={call}
      onReset={() => {
        onReset();
        setWrong(new Set());
        setRound(round + 1);
      }}
      onSave={() => (badLength || wrong.size > 0 ? undefined : onSave())}
    >
      <Checkbox
        label={t('settings.disallowSignup')}
        description={t('settings.disallowSignupText')}
        checked={value.disallowSignup ?? false}
        onChange={(event) => set({ disallowSignup: event.target.checked })}
      />
      <TextField
        label={t('settings.domains')}
        optional
        mono
        value={(value.domains ?? []).join(', ')}
        onChange={(event) => set({ domains: event.target.value.split(/\s*,\s*/) })}
        onBlur={() => value.domains && set({ domains: value.domains.filter(Boolean) })}
        hint={t('settings.domainsHint')}
      />
      <Checkbox
        label={t('settings.enforceDomain')}
        checked={value.enforceIdentityDomain ?? false}
        onChange={(event) => set({ enforceIdentityDomain: event.target.checked })}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-2 text-small font-medium">{t('settings.passwords')}</legend>
        <TextField
          className="max-w-60"
          label={t('settings.minLength')}
          type="number"
          min={8}
          max={128}
          value={String(minLength)}
          onChange={(event) => rule({ minLength: Number(event.target.value) })}
          error={badLength ? t('settings.minLengthWrong') : undefined}
        />
        {RULES.map((key) => (
          <Checkbox
            key={key}
            label={t(`settings.password.${key}`)}
            checked={rules[key] ?? false}
            onChange={(event) => rule({ [key]: event.target.checked })}
          />
        ))}
      </fieldset>
      <fieldset key={round} className="flex flex-col gap-3">
        <legend className="mb-2 text-small font-medium">{t('settings.sessions')}</legend>
        {(Object.keys(SESSIONS) as Session[]).map((key) => (
          <DurationField
            key={key}
            label={t(`settings.session.${key}`)}
            hint={t(`settings.sessionHint.${key}`)}
            value={value[key]}
            units={SESSIONS[key]}
            onChange={(duration) => setSession(key, duration)}
          />
        ))}
      </fieldset>
      <Checkbox
        label={t('settings.auditStdout')}
        description={t('settings.auditStdoutText')}
        checked={value.enableAuditLogStdout ?? false}
        onChange={(event) => set({ enableAuditLogStdout: event.target.checked })}
      />
    </SectionForm>
  );
}
