import { useTranslation } from 'react-i18next';
import { Checkbox } from '@/ui/Choice';
import { PasswordField, TextAreaField, TextField } from '@/ui/Field';
import type { EngineInfo } from './engines';
import type { ConnectionValues, FieldError, FormErrors } from './form';

interface Props {
  values: ConnectionValues;
  onChange: (patch: Partial<ConnectionValues>) => void;
  engine: EngineInfo | undefined;
  errors: FormErrors<ConnectionValues>;
  /** Secrets exist on the server already: leaving a field empty keeps them. */
  editing?: boolean;
}

type TextKey = {
  [K in keyof ConnectionValues]: ConnectionValues[K] extends string ? K : never;
}[keyof ConnectionValues];

/** Host to SSH tunnel; a file path alone for engines that are files. */
export function ConnectionFields({ values, onChange, engine, errors, editing }: Props) {
  const { t } = useTranslation();
  const message = (error: FieldError | undefined) => error && t(`instance.error.${error}`);
  const text = (key: TextKey) => ({
    value: values[key],
    onChange: (event: { target: { value: string } }) => onChange({ [key]: event.target.value }),
    error: message(errors[key]),
  });
  const secretHint = editing ? t('instance.keepSecret') : undefined;
  if (engine && !engine.needsHost) {
    return <TextField label={t('instance.path')} mono hint={t('instance.pathHint')} {...text('host')} />;
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-[1fr_6.5rem] gap-3">
        <TextField label={t('instance.host')} mono placeholder="db.example.com" {...text('host')} />
        <TextField
          label={t('instance.port')}
          mono
          inputMode="numeric"
          placeholder={String(engine?.defaultPort || '')}
          {...text('port')}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label={t('instance.username')} mono {...text('username')} />
        <PasswordField
          label={t('auth.password')}
          autoComplete="new-password"
          hint={secretHint}
          {...text('password')}
        />
      </div>
      <TextField
        label={t('instance.database')}
        optional
        mono
        hint={t('instance.databaseHint')}
        {...text('database')}
      />
      <Checkbox
        label={t('instance.tls')}
        checked={values.useSsl}
        onChange={(event) => onChange({ useSsl: event.target.checked })}
      />
      {values.useSsl && (
        <div className="flex flex-col gap-3 border-l-2 border-line pl-4">
          <Checkbox
            label={t('instance.verifyTls')}
            description={values.verifyTls ? undefined : t('instance.verifyTlsOff')}
            checked={values.verifyTls}
            onChange={(event) => onChange({ verifyTls: event.target.checked })}
          />
          <TextAreaField
            label={t('instance.ca')}
            optional
            mono
            rows={4}
            placeholder="-----BEGIN CERTIFICATE-----"
            hint={secretHint ?? t('instance.caHint')}
            {...text('sslCa')}
          />
          <div className="grid gap-3 sm:grid-cols-2">
            <TextAreaField
              label={t('instance.clientCert')}
              optional
              mono
              rows={3}
              hint={secretHint}
              {...text('sslCert')}
            />
            <TextAreaField
              label={t('instance.clientKey')}
              optional
              mono
              rows={3}
              hint={secretHint}
              {...text('sslKey')}
            />
          </div>
        </div>
      )}
      <Checkbox
        label={t('instance.ssh')}
        checked={values.useSsh}
        onChange={(event) => onChange({ useSsh: event.target.checked })}
      />
      {values.useSsh && (
        <div className="flex flex-col gap-3 border-l-2 border-line pl-4">
          <div className="grid grid-cols-[1fr_6.5rem] gap-3">
            <TextField label={t('instance.sshHost')} mono {...text('sshHost')} />
            <TextField label={t('instance.sshPort')} mono inputMode="numeric" {...text('sshPort')} />
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField label={t('instance.sshUser')} mono {...text('sshUser')} />
            <PasswordField
              label={t('instance.sshPassword')}
              optional
              hint={secretHint}
              {...text('sshPassword')}
            />
          </div>
          <TextAreaField
            label={t('instance.sshKey')}
            optional
            mono
            rows={4}
            hint={secretHint}
            {...text('sshPrivateKey')}
          />
        </div>
      )}
    </div>
  );
}
