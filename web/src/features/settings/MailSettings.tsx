import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useRpc } from '@/api/query';
import type { EmailSetting, SmtpAuthentication, SmtpEncryption } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { Loaded } from '@/components/Loaded';
import { SectionForm } from '@/components/SectionForm';
import { Button } from '@/ui/Button';
import { PasswordField, TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { MailTest } from './MailTest';
import {
  AUTHENTICATIONS,
  ENCRYPTIONS,
  type MailProblem,
  type MailValues,
  mailProblems,
  mailSetting,
  mailValues,
  NO_LOGIN,
  withEncryption,
} from './mail';

const EMAIL = 'settings/EMAIL';

/** The server that takes the mail: invites, codes, what people are told. */
export function MailSettings() {
  const { t } = useTranslation();
  const query = useRpc('SettingService/GetSetting', { name: EMAIL }, { topics: [EMAIL] });
  return (
    <Loaded query={query} doing={t('mail.title')} skeletonRows={3}>
      {({ value }) => <MailForm saved={value?.email ?? {}} />}
    </Loaded>
  );
}

function MailForm({ saved }: { saved: EmailSetting }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<Partial<MailValues>>({});
  const [tried, setTried] = useState(false);
  const [asked, setAsked] = useState(false);
  const update = useCall('SettingService/UpdateSetting', {
    touches: ['SettingService', 'AuthService/GetAuthenticationRestriction'],
  });
  const values = { ...mailValues(saved), ...edit };
  const problems = mailProblems(values, saved);
  const set = (patch: Partial<MailValues>) => setEdit((old) => ({ ...old, ...patch }));
  const type = (key: keyof MailValues) => (event: { target: { value: string } }) =>
    set({ [key]: event.target.value });
  const errorOf = (field: MailProblem) =>
    update.error?.field(field) ?? (tried && problems.has(field) ? t(`mail.wrong.${field}`) : undefined);
  const check = () => {
    setTried(true);
    return problems.size === 0;
  };
  const reset = () => {
    setEdit({});
    setTried(false);
  };
  const put = (email: EmailSetting) => update.mutateAsync({ setting: { name: EMAIL, value: { email } } });
  const switchOff = () =>
    put({}).then(
      () => {
        setAsked(false);
        reset();
      },
      () => {}, // Shown from update.error.
    );
  const login = values.authentication !== NO_LOGIN;
  const isOn = Boolean(saved.smtp?.host);
  return (
    <SectionForm
      title={t('mail.title')}
      dirty={Object.keys(edit).length > 0}
      call={update}
      onReset={reset}
      onSave={() => (check() ? put(mailSetting(values)) : undefined)}
    >
      <p className="text-muted">{isOn ? t('mail.text') : t('mail.off')}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t('mail.host')}
          mono
          placeholder={t('mail.hostExample')}
          value={values.host}
          onChange={type('host')}
          error={errorOf('host')}
        />
        <TextField
          label={t('mail.port')}
          inputMode="numeric"
          value={values.port}
          onChange={type('port')}
          error={errorOf('port')}
        />
        <Select
          label={t('mail.encryption')}
          value={values.encryption}
          onChange={(chosen) => set(withEncryption(values, chosen as SmtpEncryption))}
          options={ENCRYPTIONS.map((value) => ({ value, label: t(`mail.encryptions.${value}`) }))}
        />
        <Select
          label={t('mail.authentication')}
          value={values.authentication}
          onChange={(chosen) => set({ authentication: chosen as SmtpAuthentication })}
          options={AUTHENTICATIONS.map((value) => ({ value, label: t(`mail.authentications.${value}`) }))}
        />
        {login && (
          <>
            <TextField
              label={t('mail.username')}
              value={values.username}
              onChange={type('username')}
              error={errorOf('username')}
            />
            <PasswordField
              label={t('auth.password')}
              autoComplete="new-password"
              value={values.password}
              onChange={type('password')}
              hint={saved.passwordSet ? t('form.secretKept') : undefined}
              error={errorOf('password')}
            />
          </>
        )}
        <TextField
          label={t('mail.from')}
          type="email"
          placeholder={t('mail.fromExample')}
          value={values.from}
          onChange={type('from')}
          error={errorOf('from')}
        />
        <TextField
          label={t('mail.fromName')}
          optional
          value={values.fromName}
          onChange={type('fromName')}
          error={update.error?.field('from_name')}
        />
      </div>
      <MailTest setting={() => (check() ? mailSetting(values) : undefined)} />
      {isOn && (
        <Button tone="ghost" className="self-start" onClick={() => setAsked(true)}>
          {t('mail.switchOff')}
        </Button>
      )}
      {asked && (
        <ActionConfirm
          title={t('mail.offTitle')}
          doing={t('mail.switchOff')}
          call={update}
          onConfirm={switchOff}
          onClose={() => setAsked(false)}
        >
          <p>{t('mail.offText')}</p>
        </ActionConfirm>
      )}
    </SectionForm>
  );
}
