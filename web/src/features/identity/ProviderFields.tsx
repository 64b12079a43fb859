import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { Checkbox } from '@/ui/Choice';
import { PasswordField, TextField } from '@/ui/Field';
import { MAPPED, type Mapped, type ProviderProblem, type ProviderValues } from './provider';

interface Props {
  values: ProviderValues;
  onChange: (patch: Partial<ProviderValues>) => void;
  problems: ReadonlySet<ProviderProblem>;
  error: ApiError | null;
  /** The server keeps a secret already. */
  kept?: boolean;
  /** Beside the name: the id of a new one. */
  beside?: ReactNode;
}

/** As the server names them. */
const FIELD: Record<Mapped, string> = {
  identifier: 'identifier',
  displayName: 'display_name',
  phone: 'phone',
  groups: 'groups',
};
/** Those that show what the server says of them. */
export const PROVIDER_FIELDS = [
  'title',
  'client_id',
  'client_secret',
  'scopes',
  'domain',
  'issuer',
  ...Object.values(FIELD),
];
const ISSUER = 'identity_provider.config.oidc_config.issuer';

/** What the server says of the issuer, also when it asked there and got no good answer. */
export function issuerError(error: ApiError | null): string | undefined {
  const [, said] = error?.message.split(`${ISSUER}: `) ?? [];
  return error?.field('issuer') ?? said;
}

/** How a provider is reached, who may come from there, and which of its claims become what. */
export function ProviderFields({ values, onChange, problems, error, kept, beside }: Props) {
  const { t } = useTranslation();
  const text = (key: Exclude<keyof ProviderValues, 'secretInBody'>) => ({
    value: values[key],
    onChange: (event: { target: { value: string } }) => onChange({ [key]: event.target.value }),
  });
  const wrong = (key: ProviderProblem) => (problems.has(key) ? t(`idp.wrong.${key}`) : undefined);
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          className={beside ? undefined : 'sm:col-span-2'}
          label={t('idp.title')}
          hint={t('idp.titleHint')}
          {...text('title')}
          error={error?.field('title') ?? wrong('title')}
        />
        {beside}
        <TextField
          className="sm:col-span-2"
          label={t('idp.issuer')}
          type="url"
          mono
          placeholder={t('idp.issuerExample')}
          hint={t('idp.issuerHint')}
          {...text('issuer')}
          error={issuerError(error) ?? wrong('issuer')}
        />
        <TextField
          label={t('idp.clientId')}
          mono
          {...text('clientId')}
          error={error?.field('client_id') ?? wrong('clientId')}
        />
        <PasswordField
          label={t('idp.clientSecret')}
          autoComplete="new-password"
          {...text('clientSecret')}
          hint={kept ? t('form.secretKept') : undefined}
          error={error?.field('client_secret') ?? wrong('clientSecret')}
        />
        <TextField label={t('idp.scopes')} mono {...text('scopes')} error={error?.field('scopes')} />
        <TextField
          label={t('idp.domain')}
          optional
          mono
          hint={t('idp.domainHint')}
          {...text('domain')}
          error={error?.field('domain')}
        />
      </div>
      <Checkbox
        label={t('idp.secretInBody')}
        description={t('idp.secretInBodyText')}
        checked={values.secretInBody}
        onChange={(event) => onChange({ secretInBody: event.target.checked })}
      />
      <fieldset>
        <legend className="text-small font-medium">{t('idp.mapping')}</legend>
        <p className="mb-2 text-caption text-muted">{t('idp.mappingText')}</p>
        <div className="grid gap-3 sm:grid-cols-2">
          {MAPPED.map((key) => (
            <TextField
              key={key}
              label={t(`idp.mapped.${key}`)}
              optional={key !== 'identifier'}
              mono
              hint={t(`idp.mappedHint.${key}`)}
              {...text(key)}
              error={error?.field(FIELD[key]) ?? (key === 'identifier' ? wrong('identifier') : undefined)}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}
