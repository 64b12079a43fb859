import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { User } from '@/api/types';
import { Page, Section } from '@/components/Page';
import { SectionForm } from '@/components/SectionForm';
import { MailSection } from '@/features/account/MailSection';
import { SecondFactor } from '@/features/account/SecondFactor';
import { NewPasswordField, useNewPassword } from '@/features/session/NewPasswordField';
import { useStored } from '@/hooks/useStored';
import { LANGUAGES } from '@/lib/i18n';
import { useMe } from '@/lib/session';
import { setTheme, THEME_CHOICES, useThemeChoice } from '@/lib/theme';
import { RadioCards } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';

export default function AccountPage() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const theme = useThemeChoice();
  const [density, setDensity] = useStored<'normal' | 'compact'>('list.density', 'normal');
  return (
    <Page title={t('account.profile')} width="form">
      <div className="flex flex-col gap-8">
        {me && <Profile key={me.name} me={me} />}
        {me && <Password key={me.email} me={me} />}
        <SecondFactor />
        <MailSection />
        <Section title={t('account.look')}>
          <RadioCards
            legend={t('account.theme')}
            value={theme}
            onChange={setTheme}
            className="sm:grid-cols-3"
            options={THEME_CHOICES.map((value) => ({ value, label: t(`theme.${value}`) }))}
          />
          <RadioCards
            legend={t('list.density')}
            value={density}
            onChange={setDensity}
            className="sm:grid-cols-3"
            options={(['normal', 'compact'] as const).map((value) => ({ value, label: t(`list.${value}`) }))}
          />
          <Select
            className="max-w-60"
            label={t('account.language')}
            value={i18n.language}
            onChange={(language) => void i18n.changeLanguage(language)}
            options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          />
          <p className="text-caption text-muted">{t('account.lookHint')}</p>
        </Section>
      </div>
    </Page>
  );
}

function Profile({ me }: { me: User }) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState(me.title ?? '');
  const [title, setTitle] = useState(saved);
  const update = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  const missing = !title.trim();
  return (
    <SectionForm
      title={t('account.who')}
      dirty={title !== saved}
      call={update}
      onReset={() => setTitle(saved)}
      onSaved={() => setSaved(title)}
      onSave={() =>
        missing
          ? undefined
          : update.mutateAsync({ user: { name: me.name, title: title.trim() }, updateMask: 'title' })
      }
    >
      <div className="flex max-w-96 flex-col gap-3">
        <TextField
          label={t('firstAdmin.name')}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={missing ? t('firstAdmin.nameNeeded') : undefined}
        />
        <TextField label={t('auth.email')} value={me.email ?? ''} readOnly />
      </div>
    </SectionForm>
  );
}

function Password({ me }: { me: User }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const update = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  const { weak } = useNewPassword(password);
  return (
    <SectionForm
      title={t('auth.password')}
      dirty={password !== ''}
      call={update}
      onReset={() => setPassword('')}
      onSave={() =>
        weak ? undefined : update.mutateAsync({ user: { name: me.name, password }, updateMask: 'password' })
      }
    >
      <div className="max-w-96">
        <NewPasswordField
          label={t('account.newPassword')}
          value={password}
          onChange={setPassword}
          error={update.error?.field('password')}
          tried={false}
        />
      </div>
    </SectionForm>
  );
}
