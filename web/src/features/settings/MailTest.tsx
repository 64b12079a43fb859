import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { EmailSetting } from '@/api/types';
import { isEmail } from '@/lib/password';
import { useMe } from '@/lib/session';
import { sentence } from '@/lib/text';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';

/** Sends a mail by what stands in the form, saved or not. `setting` gives nothing while a field is wrong. */
export function MailTest({ setting }: { setting: () => EmailSetting | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const [to, setTo] = useState(me?.email ?? '');
  const [tried, setTried] = useState(false);
  const test = useCall('SettingService/TestEmailSetting');
  const run = () => {
    setTried(true);
    const emailSetting = setting();
    if (!isEmail(to.trim()) || !emailSetting) return;
    test.mutate({ parent: 'workspaces/default', emailSetting, to: to.trim() });
  };
  const { data, error } = test;
  return (
    <div className="flex flex-col gap-3 rounded-card border border-line bg-surface p-3">
      <div className="flex flex-wrap items-start gap-2">
        <TextField
          className="min-w-52 flex-1"
          label={t('mail.testTo')}
          type="email"
          value={to}
          onChange={(event) => setTo(event.target.value)}
          error={
            error?.field('to') ?? (tried && !isEmail(to.trim()) ? t('firstAdmin.emailWrong') : undefined)
          }
        />
        <Button className="mt-6" busy={test.isPending} onClick={run}>
          {t('mail.test')}
        </Button>
      </div>
      {data?.success && <Notice role="status">{t('mail.sent', { to })}</Notice>}
      {data && !data.success && (
        <Notice tone="danger" role="alert" title={t('mail.notSent')}>
          {sentence(data.error ?? '')}
        </Notice>
      )}
      {error && !error.field('to') && <ErrorPanel error={error} doing={t('mail.test')} />}
    </div>
  );
}
