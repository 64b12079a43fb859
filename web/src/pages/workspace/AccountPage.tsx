import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { User } from '@/api/types';
import { Page, Section } from '@/components/Page';
import { checkPassword } from '@/lib/password';
import { useMe } from '@/lib/session';
import { setTheme, THEME_CHOICES, useThemeChoice } from '@/lib/theme';
import { Button } from '@/ui/Button';
import { RadioCards } from '@/ui/Choice';
import { PasswordField, TextField } from '@/ui/Field';
import { ErrorPanel } from '@/ui/States';
import { toast } from '@/ui/toast';

export default function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  const theme = useThemeChoice();
  return (
    <Page title={t('account.profile')} width="form">
      {me && <Profile key={me.name} me={me} />}
      <Section title={t('account.theme')}>
        <RadioCards
          hideLegend
          legend={t('account.theme')}
          value={theme}
          onChange={setTheme}
          className="sm:grid-cols-3"
          options={THEME_CHOICES.map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
      </Section>
    </Page>
  );
}

function Profile({ me }: { me: User }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(me.title ?? '');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const update = useCall('UserService/UpdateUser', { touches: ['UserService'] });
  const weak = password !== '' && checkPassword(password).some((rule) => !rule.met);
  const submit = () => {
    setTried(true);
    if (!title.trim() || weak) return;
    const mask = ['title', ...(password ? ['password'] : [])];
    update.mutate(
      {
        user: { name: me.name, title: title.trim(), password: password || undefined },
        updateMask: mask.join(','),
      },
      {
        onSuccess: () => {
          setPassword('');
          toast({ text: t('state.saved') });
        },
      },
    );
  };
  return (
    <form
      noValidate
      className="flex max-w-96 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField
        label={t('firstAdmin.name')}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={tried && !title.trim() ? t('firstAdmin.nameNeeded') : undefined}
      />
      <TextField label={t('auth.email')} value={me.email ?? ''} readOnly />
      <PasswordField
        label={t('account.newPassword')}
        optional
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={t('user.passwordHint')}
        error={weak ? t('user.passwordWeak') : undefined}
      />
      {update.error && <ErrorPanel error={update.error} doing={t('action.save')} />}
      <div>
        <Button type="submit" tone="primary" busy={update.isPending}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}
