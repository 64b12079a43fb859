import { useTranslation } from 'react-i18next';
import type { Bootstrap } from '@/lib/session';
import { Button } from '@/ui/Button';

type DemoUser = NonNullable<Bootstrap['demoUsers']>[number];

interface Props {
  users: readonly DemoUser[];
  onChoose: (user: { email: string; password: string }) => void;
}

/** Whom a demo server lets anybody be. */
export function DemoUsers({ users, onChoose }: Props) {
  const { t } = useTranslation();
  if (users.length === 0) return null;
  return (
    <section aria-label={t('auth.demoUsers')} className="mt-8 rounded-card border border-line bg-surface p-3">
      <h2 className="text-body">{t('auth.demoUsers')}</h2>
      <ul className="mt-2 flex flex-col gap-2">
        {users.map(({ email, password, title }) => (
          <li key={email} className="flex items-center justify-between gap-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{title}</span>
              <span className="block font-mono text-caption text-muted">{email}</span>
              <span className="block font-mono text-caption text-muted">{password}</span>
            </span>
            <Button
              size="sm"
              aria-label={t('auth.continueAs', { name: title })}
              onClick={() => onChoose({ email, password })}
            >
              {t('auth.continue')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
