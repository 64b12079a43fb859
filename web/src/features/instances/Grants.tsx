import { useTranslation } from 'react-i18next';
import { CopyBlock } from '@/ui/CopyBlock';
import { grantsFor } from './grants';

interface Props {
  engine: string;
  user: string;
  use: 'admin' | 'readOnly';
}

/** What to run on the server before we can connect. Folded: most users are there already. */
export function Grants({ engine, user, use }: Props) {
  const { t } = useTranslation();
  const sql = grantsFor(engine, user, use);
  if (!sql) return null;
  return (
    <details className="rounded-card border border-line bg-surface px-3 py-2">
      <summary className="cursor-pointer font-medium">{t('instance.grants')}</summary>
      <p className="mt-1 text-small text-muted">{t('instance.grantsText')}</p>
      <CopyBlock text={sql} label={t('instance.grants')} className="mt-2" />
    </details>
  );
}
