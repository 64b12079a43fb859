import { useTranslation } from 'react-i18next';
import { emailOf } from '@/lib/names';
import { useMe } from '@/lib/session';
import { Tooltip } from '@/ui/Tooltip';

/** A person by e-mail's local part; "you" for oneself. The whole address is in the tooltip. */
export function PersonName({ name }: { name: string | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const email = emailOf(name);
  if (!email) return <span className="text-muted">{t('person.nobody')}</span>;
  return (
    <Tooltip text={email}>
      <span>{email === me?.email ? t('person.you') : email.split('@')[0]}</span>
    </Tooltip>
  );
}
