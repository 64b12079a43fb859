import { useTranslation } from 'react-i18next';
import type { WorkspaceProfileSetting } from '@/api/types';
import { SectionForm } from '@/components/SectionForm';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { useProfile } from './useProfile';

/** Who may come in, and what they show for it. */
export function SignInSettings({ saved }: { saved: WorkspaceProfileSetting }) {
  const { t } = useTranslation();
  const { value, set, dirty, call, errorOf, onSave, onReset } = useProfile(saved);
  const domains = (value.domains ?? []).filter(Boolean);
  const noDomain = value.enforceIdentityDomain === true && domains.length === 0;
  return (
    <SectionForm
      title={t('settings.signIn')}
      dirty={dirty}
      call={call}
      onReset={onReset}
      onSave={() => (noDomain ? undefined : onSave())}
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
        onBlur={() => value.domains && dirty && set({ domains })}
        hint={t('settings.domainsHint')}
        error={errorOf('domains') ?? (noDomain ? t('settings.domainsNeeded') : undefined)}
      />
      <Checkbox
        label={t('settings.enforceDomain')}
        checked={value.enforceIdentityDomain ?? false}
        onChange={(event) => set({ enforceIdentityDomain: event.target.checked })}
      />
      <Checkbox
        label={t('settings.requireMfa')}
        description={t('settings.requireMfaText')}
        checked={value.requireMfa ?? false}
        onChange={(event) => set({ requireMfa: event.target.checked })}
      />
      <Checkbox
        label={t('settings.emailCode')}
        description={t('settings.emailCodeText')}
        checked={value.allowEmailCodeSignin ?? false}
        onChange={(event) => set({ allowEmailCodeSignin: event.target.checked })}
      />
      <p className="text-muted">
        {t('settings.providers')}{' '}
        <TextLink to={paths.identityProviders()} className="underline">
          {t('nav.identityProviders')}
        </TextLink>
      </p>
    </SectionForm>
  );
}
